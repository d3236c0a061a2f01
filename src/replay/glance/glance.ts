import { getOrCreate } from '../../base/order.ts';
import { refill } from '../../base/refill.ts';
import { standsAt } from '../../base/roll.ts';
import type { ColumnBatch, Writer } from '../../events/columns/column-batch.ts';
import { loneSurrogate } from '../../events/columns/column-writer.ts';
import { encodeText } from '../../events/columns/texts.ts';
import { type ColumnPlan, cell } from '../../events/columns/wants.ts';
import type { LoggedEvent, ReplayEvent } from '../../events/event.ts';
import { type ClockEvidence, countMessage } from '../projections/clocks.ts';
import { Beyond } from './beyond.ts';
import { Book } from './book.ts';
import { GlanceLane } from './glance-lane.ts';
import { action, cells, flagged, glanceWants, kinds } from './layout.ts';
import { claimsWhatItLists, takeBalance, takeListing, takeReading, takeWrite } from './rows.ts';
import type { Suspects } from './suspects.ts';
import { Transfers } from './transfers.ts';
import { type ColumnTape, RowWalk } from './walk.ts';

/** What an observer may say without any bearing on ledgers. */
const harmless: ReadonlySet<LoggedEvent['type']> = new Set([
  'section',
  'sample',
  'log',
  'counters',
  'balance.read',
] as const);

/** Who looks at a run beside a glance. What is not plainly so is beyond it, too. */
export interface Companion {
  /** Whether it looks at rows of a kind. */
  takes(kind: number): boolean;
  /** Each of those, after the glance took it. */
  row(batch: ColumnBatch, row: number, lane: GlanceLane): void;
  /** Each event of a device that is handed over whole. */
  event(event: LoggedEvent, lane: GlanceLane): void;
  /** All rows of a batch were taken: it is not there any more from now on. */
  leave(batch: ColumnBatch): void;
}

/** What a glance must know of a run. */
export interface GlanceOptions {
  readonly run: string;
  /** How rows are laid out: what a glance wants, and behind it what somebody else does. */
  readonly plan: ColumnPlan;
  readonly companion?: Companion | undefined;
  identityOf(device: string, identity: string): string;
  devicesOf(identity: string): number;
  /** What another glance came to, at the end of what was there of the run then; the tapes hold what is new. */
  readonly from?: GlanceState | undefined;
  /** By identity, whose effects are to be looked up because devices may not have shown them. */
  readonly suspects?: ReadonlyMap<string, Suspects> | undefined;
  /** Every batch, before its rows are taken. */
  onBatch(batch: ColumnBatch): void;
}

/** All that a glance goes on from: plain data, or what becomes that when it is cloned; see `refill`. */
export interface GlanceState {
  readonly lanes: readonly GlanceLane[];
  readonly transfers: Transfers;
  readonly flights: ClockEvidence['flights'];
  /** Observers' lines, by type. */
  readonly observed: Map<LoggedEvent['type'], number>;
  /** How many assertions of the scenario held, and how many failed. */
  readonly asserted: number;
  readonly failed: number;
}

/** What a glance found. What went by the book is forgotten; where effects did not come everywhere, or not by the book, the books hold them. */
export interface Glanced extends GlanceState {
  readonly plan: ColumnPlan;
  readonly books: readonly Book[];
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

class Glance extends RowWalk<GlanceLane> {
  readonly #options: GlanceOptions;
  readonly #lanes = new Map<string, GlanceLane>();
  readonly #books = new Map<string, Book>();
  readonly #transfers = new Transfers();
  readonly #flights: ClockEvidence['flights'];
  readonly #observed: Map<LoggedEvent['type'], number>;
  #asserted: number;
  #failed: number;

  constructor(tapes: readonly ColumnTape[], options: GlanceOptions) {
    super(tapes, options.plan);
    this.#options = options;
    const {
      lanes = [],
      transfers,
      flights,
      observed,
      asserted = 0,
      failed = 0,
    }: Partial<GlanceState> = options.from ?? {};
    for (const lane of lanes) refill(this.#addLane(lane.device, lane.book.identity), lane);
    if (transfers) refill(this.#transfers, transfers);
    this.#flights = flights ?? new Map();
    this.#observed = observed ?? new Map();
    this.#asserted = asserted;
    this.#failed = failed;
  }

  result(): Glanced {
    const lanes = [...this.#lanes.values()];
    const books = [...this.#books.values()];
    const shown = lanes.some(({ readings }) => readings > 0);
    for (const book of books) {
      const written = book.booked.effects + book.effects.names.size;
      const hasLedger = lanes.some((lane) => lane.book === book && lane.keepsLedger);
      if (shown && written > 0 && !hasLedger) throw new Beyond('readings without a ledger');
    }
    return {
      plan: this.plan,
      lanes,
      books,
      transfers: this.#transfers,
      flights: this.#flights,
      observed: this.#observed,
      asserted: this.#asserted,
      failed: this.#failed,
    };
  }

  protected override begin(batch: ColumnBatch): void {
    this.#options.onBatch(batch);
  }

  protected override leave(batch: ColumnBatch): void {
    this.#options.companion?.leave(batch);
  }

  protected override take(
    batch: ColumnBatch,
    row: number,
    base: number,
    lane: GlanceLane,
    whole: LoggedEvent | undefined,
  ): void {
    const { cells: all, file, lineOffset, times } = batch;
    const { companion } = this.#options;
    const kind = all[base + cell.kind] as number;
    lane.advance(all[base + cell.incarnation] as number, all[base + cell.seq] as number, file);
    lane.file = file;
    lane.line = lineOffset + (all[base + cell.line] as number);
    lane.time = times[row] as number;
    lane.kind = kind;
    if (whole) {
      this.#takeWhole(whole, lane);
      return;
    }
    lane.counts[kind] = (lane.counts[kind] as number) + 1;
    if (kind === kinds.balance) takeBalance(batch, base, lane);
    else if (kind === kinds.replication) this.#takeReplication(batch, base, row, lane);
    else if (kind === kinds.write) takeWrite(batch, base, row, lane);
    else if (kind === kinds.read) takeReading(batch, base, lane);
    if (companion?.takes(kind)) companion.row(batch, row, lane);
  }

  #takeReplication({ cells: all, words, times }: ColumnBatch, base: number, row: number, lane: GlanceLane): void {
    const { effect: at, originSeq: seqAt, action: actionAt, headsOnly } = cells.replication;
    const { book, index } = lane;
    const origin = this.named(words, all[base + cells.replication.origin] as number) as GlanceLane;
    const originSeq = all[base + seqAt] as number;
    const done = all[base + actionAt] as number;
    if (all[base + headsOnly] === flagged) throw new Beyond('a notice that implies others');
    if (done === action.applied) lane.active = lane.events;
    const effect = book.find(words, all[base + at] as number);
    if (effect < 0) {
      const id = words[all[base + at] as number] as number;
      if (origin.book !== book || originSeq > origin.written || !standsAt(origin.roll, originSeq, id)) {
        throw new Beyond('an effect without its writing');
      }
      // One that is through everywhere comes again, which changes nothing, whatever is done with it.
      return;
    }
    if (origin.book !== book || !book.effects.isBy(effect, origin.index, originSeq))
      throw new Beyond('an effect of another origin');
    const received = times[row] as number;
    if (origin !== lane && !Number.isNaN(received)) {
      const left = book.effects.hear(effect, index);
      if (left !== undefined && !Number.isNaN(left))
        countMessage(this.#flights, origin.device, lane.device, received - left);
    }
    // Whoever refuses one and never applies it leaves it open.
    if (done === action.applied) book.apply(effect, index, lane.events);
  }

  #takeWhole(event: LoggedEvent, lane: GlanceLane): void {
    lane.whole = event;
    const kind = this.plan.kinds.get(event.type);
    if (kind !== undefined) lane.counts[kind] = (lane.counts[kind] as number) + 1;
    if (event.type === 'device.end') lane.stop(event);
    else if (event.type === 'publish' && claimsWhatItLists(event, (device) => this.#lanes.get(device))) {
      lane.active = lane.events;
      lane.publishes.push(event);
    } else if (event.type === 'tokens.read') takeListing(event, lane);
    else if (event.type === 'assertion') this.#assert(event);
    else if (event.type === 'unknown') lane.noteUnknown(event);
    else if (kind === undefined || event.type in glanceWants) throw new Beyond(`a line of type ${event.type}`);
    this.#options.companion?.event(event, lane);
  }

  protected override observe(event: LoggedEvent): void {
    if (event.type === 'assertion') this.#assert(event);
    else if (!harmless.has(event.type)) throw new Beyond(`an observer's line of type ${event.type}`);
    this.#observed.set(event.type, (this.#observed.get(event.type) ?? 0) + 1);
  }

  #assert({ ok }: ReplayEvent<'assertion'>): void {
    if (ok) this.#asserted += 1;
    else this.#failed += 1;
  }

  protected override laneOf({ device, identity: named, run }: Writer): GlanceLane {
    if (run !== undefined && run !== this.#options.run) throw new Beyond('lines of another run');
    const identity = this.#options.identityOf(device, named);
    if (loneSurrogate.test(device + identity)) throw new Beyond('a name that is no Unicode');
    if (identity === '') throw new Beyond('a device of unknown identity');
    const known = this.#lanes.get(device);
    if (known) {
      if (known.book.identity !== identity) throw new Beyond('a device of two identities');
      return known;
    }
    return this.#addLane(device, identity);
  }

  #addLane(device: string, identity: string): GlanceLane {
    const book = getOrCreate(this.#books, identity, () => this.#newBook(identity));
    const index = [...this.#lanes.values()].filter((lane) => lane.book === book).length;
    const lane = new GlanceLane(device, book, index, this.plan.types.length);
    if (!this.name(device, lane) || index >= book.devices) throw new Beyond('a device that nobody named before');
    this.#lanes.set(device, lane);
    return lane;
  }

  #newBook(identity: string): Book {
    const { devicesOf, suspects } = this.#options;
    const devices = devicesOf(identity);
    return new Book(identity, encodeText(identity), devices, this.#transfers, suspects?.get(identity));
  }
}
