import { getOrCreate } from '../../base/order.ts';
import { standsAt } from '../../base/roll.ts';
import type { ColumnBatch, Writer } from '../../events/columns/column-batch.ts';
import { loneSurrogate } from '../../events/columns/column-writer.ts';
import { Names } from '../../events/columns/names.ts';
import type { RowEvents } from '../../events/columns/row-events.ts';
import { encodeText } from '../../events/columns/texts.ts';
import { type ColumnPlan, cell } from '../../events/columns/wants.ts';
import type { LoggedEvent, ReplayEvent } from '../../events/event.ts';
import { type ClockEvidence, countMessage } from '../projections/clocks.ts';
import { Beyond } from './beyond.ts';
import { Book } from './book.ts';
import { GlanceLane } from './glance-lane.ts';
import { action, cells, flagged, glanceWants, kinds } from './layout.ts';
import { claimsWhatItLists, takeBalance, takeListing, takeReading, takeWrite } from './rows.ts';
import { Transfers } from './transfers.ts';

/** What an observer may say without any bearing on ledgers: readings too, as long as no assertion about them failed. */
const harmless: ReadonlySet<LoggedEvent['type']> = new Set([
  'section',
  'sample',
  'log',
  'counters',
  'balance.read',
] as const);

/** Files that follow one another, as columns. */
export type ColumnTape = AsyncIterable<ColumnBatch>;

/** What a glance must know of a run. */
export interface GlanceOptions {
  readonly run: string;
  /** How rows are laid out: what a glance wants, and behind it what somebody else does. */
  readonly plan: ColumnPlan;
  /** Makes the events that somebody else wants, of the rows that are not handed over whole. */
  readonly rowEvents?: RowEvents | undefined;
  /** Each of those, and each event that is handed over whole, in the order of its device. */
  onEvent?: ((event: LoggedEvent) => void) | undefined;
  identityOf(device: string, identity: string): string;
  devicesOf(identity: string): number;
  /** Every batch, before its rows are taken. */
  onBatch(batch: ColumnBatch): void;
}

interface Tape {
  readonly batches: AsyncIterator<ColumnBatch>;
  batch: ColumnBatch | undefined;
  row: number;
  /** By the writers of the batch, as their lines come. */
  lanes: (GlanceLane | undefined)[];
  writers: readonly Writer[] | undefined;
  ended: boolean;
}

/** What a glance found where everything went by the book. */
export interface Glanced {
  readonly plan: ColumnPlan;
  readonly lanes: readonly GlanceLane[];
  readonly books: readonly Book[];
  readonly flights: ClockEvidence['flights'];
  /** Observers' lines, by type. */
  readonly observed: ReadonlyMap<LoggedEvent['type'], number>;
  /** How many assertions of the scenario held. */
  readonly asserted: number;
}

/**
 * Reads a run in columns, by the shortest way: it knows only how a run goes in which everything goes by the book, and ends with `Beyond`
 * where anything else happens. Memory is bounded by what is under way and by the tokens that live, but for some forty bytes for each effect,
 * by which nothing that is over comes again unnoticed.
 */
export async function glanceAt(tapes: readonly ColumnTape[], options: GlanceOptions): Promise<Glanced> {
  const glance = new Glance(tapes, options);
  try {
    await glance.readAll();
    return glance.result();
  } finally {
    await glance.close();
  }
}

class Glance {
  readonly #options: GlanceOptions;
  readonly #tapes: readonly Tape[];
  readonly #lanes = new Map<string, GlanceLane>();
  readonly #books = new Map<string, Book>();
  /** Lanes by the names of their devices, as other devices' lines give them. */
  readonly #names = new Names();
  readonly #byName: GlanceLane[] = [];
  readonly #flights: ClockEvidence['flights'] = new Map();
  readonly #transfers = new Transfers();
  readonly #observed = new Map<LoggedEvent['type'], number>();
  #asserted = 0;

  constructor(tapes: readonly ColumnTape[], options: GlanceOptions) {
    this.#options = options;
    this.#tapes = tapes.map((tape) => ({
      batches: tape[Symbol.asyncIterator](),
      batch: undefined,
      row: 0,
      lanes: [],
      writers: undefined,
      ended: false,
    }));
  }

  async readAll(): Promise<void> {
    for (let open = this.#tapes; open.length > 0; open = open.filter(({ ended }) => !ended)) {
      let progress = false;
      for (const tape of open) {
        if (tape.batch === undefined) {
          await this.#readOn(tape);
          progress = true;
        }
        progress = this.#take(tape) || progress;
      }
      if (!progress) throw new Beyond('a line without the line that it follows from');
    }
  }

  result(): Glanced {
    const { plan } = this.#options;
    const lanes = [...this.#lanes.values()];
    const books = [...this.#books.values()];
    const shown = lanes.some(({ readings }) => readings > 0);
    for (const { effects, booked } of books) {
      if (effects.size > 0) throw new Beyond('effects that did not come everywhere', lanes.every(isQuiet));
      if (shown && booked.effects > 0 && booked.changes === 0) throw new Beyond('readings without a ledger');
    }
    return { plan, lanes, books, flights: this.#flights, observed: this.#observed, asserted: this.#asserted };
  }

  async close(): Promise<void> {
    for (const { batches } of this.#tapes) await batches.return?.();
  }

  async #readOn(tape: Tape): Promise<void> {
    const { done, value: batch } = await tape.batches.next();
    tape.ended = done === true;
    if (done) return;
    if (batch.problems.length > 0) throw new Beyond('lines that cannot be read');
    this.#options.onBatch(batch);
    tape.batch = batch;
    tape.row = 0;
    if (tape.writers !== batch.writers) tape.lanes = [];
    tape.writers = batch.writers;
  }

  /** Takes rows as far as it can. Returns whether it took any. */
  #take(tape: Tape): boolean {
    const { batch, lanes } = tape;
    if (batch === undefined) return false;
    const { cells: all, rows, times } = batch;
    const { plan, rowEvents, onEvent } = this.#options;
    const { width } = plan;
    const begin = tape.row;
    let row = begin;
    for (; row < rows; row += 1) {
      const base = row * width;
      const kind = all[base + cell.kind] as number;
      const whole = kind < 0 ? batch.events[-1 - kind] : undefined;
      if (whole?.stream !== undefined) {
        this.#takeObserved(whole);
        continue;
      }
      const writer = all[base + cell.writer] as number;
      let lane = lanes[writer];
      if (lane === undefined) {
        lane = this.#laneOf(batch.writers[writer] as Writer);
        lanes[writer] = lane;
      }
      if (kind === kinds.replication && !this.#mayHear(batch, base, lane)) break;
      lane.advance(all[base + cell.incarnation] as number, all[base + cell.seq] as number, batch.file);
      lane.file = batch.file;
      lane.line = batch.lineOffset + (all[base + cell.line] as number);
      lane.time = times[row] as number;
      lane.kind = kind;
      if (whole) this.#takeWhole(whole, lane);
      else {
        lane.counts[kind] = (lane.counts[kind] as number) + 1;
        if (kind === kinds.balance) takeBalance(batch, base, lane);
        else if (kind === kinds.replication) this.#takeReplication(batch, base, row, lane);
        else if (kind === kinds.write) takeWrite(batch, base, row, lane);
        else if (kind === kinds.read) takeReading(batch, base, lane);
        if (rowEvents?.makes(kind)) onEvent?.(rowEvents.event(batch, row, lane.book.identity));
      }
    }
    tape.row = row;
    if (row === rows) tape.batch = undefined;
    return row > begin || row === rows;
  }

  /** Whether the effect that a line names was written by now. */
  #mayHear({ cells: all, words }: ColumnBatch, base: number, lane: GlanceLane): boolean {
    const origin = this.#originOf(words, all[base + cells.replication.origin] as number);
    return origin === lane || (origin?.written ?? 0) >= (all[base + cells.replication.originSeq] as number);
  }

  #takeReplication({ cells: all, words, times }: ColumnBatch, base: number, row: number, lane: GlanceLane): void {
    const { effect: at, originSeq: seqAt, action: actionAt, headsOnly } = cells.replication;
    const { book, index } = lane;
    const origin = this.#originOf(words, all[base + cells.replication.origin] as number) as GlanceLane;
    const originSeq = all[base + seqAt] as number;
    const done = all[base + actionAt] as number;
    if (all[base + headsOnly] === flagged) throw new Beyond('a notice that implies others');
    if (done !== action.received && done !== action.applied && done !== action.deduplicated)
      throw new Beyond('a refusal');
    const effect = book.find(words, all[base + at] as number);
    if (effect < 0) {
      // One that is through everywhere comes again: that changes nothing.
      const id = words[all[base + at] as number] as number;
      if (origin.book === book && originSeq <= origin.written && standsAt(origin.roll, originSeq, id)) return;
      throw new Beyond('an effect without its writing');
    }
    if (origin.book !== book || !book.isBy(effect, origin.index, originSeq))
      throw new Beyond('an effect of another origin');
    const received = times[row] as number;
    if (origin !== lane && !Number.isNaN(received)) {
      const left = book.hear(effect, index);
      if (left !== undefined && !Number.isNaN(left))
        countMessage(this.#flights, origin.device, lane.device, received - left);
    }
    if (done === action.applied) book.apply(effect, index);
  }

  #takeWhole(event: LoggedEvent, lane: GlanceLane): void {
    lane.whole = event;
    const kind = this.#options.plan.kinds.get(event.type);
    if (kind !== undefined) lane.counts[kind] = (lane.counts[kind] as number) + 1;
    if (event.type === 'device.end') lane.stop(event);
    else if (event.type === 'publish' && claimsWhatItLists(event, (device) => this.#lanes.get(device)))
      lane.publishes.push(event);
    else if (event.type === 'tokens.read') takeListing(event, lane);
    else if (event.type === 'assertion') this.#assert(event);
    else if (kind === undefined || event.type in glanceWants) throw new Beyond(`a line of type ${event.type}`);
    this.#options.onEvent?.(event);
  }

  /** What an observer says of devices is no line of theirs. */
  #takeObserved(event: LoggedEvent): void {
    if (event.type === 'assertion') this.#assert(event);
    else if (!harmless.has(event.type)) throw new Beyond(`an observer's line of type ${event.type}`);
    this.#observed.set(event.type, (this.#observed.get(event.type) ?? 0) + 1);
  }

  #assert({ ok }: ReplayEvent<'assertion'>): void {
    if (!ok) throw new Beyond('an assertion that failed', true);
    this.#asserted += 1;
  }

  #originOf(words: Int32Array, at: number): GlanceLane | undefined {
    const number = this.#names.find(words, at);
    return number < 0 ? undefined : this.#byName[number];
  }

  #laneOf({ device, identity: named, run }: Writer): GlanceLane {
    if (run !== undefined && run !== this.#options.run) throw new Beyond('lines of another run');
    const identity = this.#options.identityOf(device, named);
    if (loneSurrogate.test(device + identity)) throw new Beyond('a name that is no Unicode');
    if (identity === '') throw new Beyond('a device of unknown identity');
    const known = this.#lanes.get(device);
    if (known) {
      if (known.book.identity !== identity) throw new Beyond('a device of two identities');
      return known;
    }
    const name = encodeText(device);
    const book = getOrCreate(this.#books, identity, () => this.#newBook(identity));
    const index = [...this.#lanes.values()].filter((lane) => lane.book === book).length;
    const number = this.#names.add(name, 0);
    if (number < 0 || index >= book.devices) throw new Beyond('a device that nobody named before');
    const lane = new GlanceLane(device, book, index, this.#options.plan.types.length);
    this.#byName[number] = lane;
    this.#lanes.set(device, lane);
    return lane;
  }

  #newBook(identity: string): Book {
    return new Book(identity, encodeText(identity), this.#options.devicesOf(identity), this.#transfers);
  }
}

/** Whether a device ended with nothing left to send or to apply. */
function isQuiet({ whole, kind }: GlanceLane): boolean {
  return kind < 0 && whole?.type === 'device.end' && whole.quiescent;
}
