import { getOrCreate } from '../../base/order.ts';
import { refill } from '../../base/refill.ts';
import { standsAt } from '../../base/roll.ts';
import type { ColumnBatch } from '../../events/columns/column-batch.ts';
import { encodeText } from '../../events/columns/texts.ts';
import type { ColumnPlan } from '../../events/columns/wants.ts';
import type { LoggedEvent, ReplayEvent } from '../../events/event.ts';
import { type ClockEvidence, countMessage, keptDepartures } from '../projections/clocks.ts';
import { Beyond } from './beyond.ts';
import { Book } from './book.ts';
import { GlanceLane } from './glance-lane.ts';
import { action, cells, flagged, kinds } from './layout.ts';
import type { NewLane } from './log-lane.ts';
import { LogWalk, type LogWalkOptions } from './log-walk.ts';
import {
  claimsWhatItLists,
  mayComeBack,
  takeBalance,
  takeClear,
  takeImport,
  takeListing,
  takeReading,
  takeWrite,
} from './rows.ts';
import type { Suspects } from './suspects.ts';
import { Trail } from './trail.ts';
import { Transfers } from './transfers.ts';
import type { ColumnTape } from './walk.ts';

/** What a glance must know of a run. */
export interface GlanceOptions extends LogWalkOptions {
  /** What another glance came to, at the end of what was there of the run then; the tapes hold what is new. */
  readonly from?: GlanceState | undefined;
  /** By identity, whose effects are to be looked up because devices may not have shown them. */
  readonly suspects?: ReadonlyMap<string, Suspects> | undefined;
  /** How many rows a stretch of its trail has, where that is known better. */
  readonly rowsOfStretch?: number | undefined;
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
  /** The way to it, as far as it went from the beginning of the run. */
  readonly trail: Trail;
}

/**
 * Reads a run in columns, by the shortest way: it knows only how a run goes in which everything goes by the book, and ends with `Beyond`
 * where anything else happens. Memory is bounded by what is under way and by the tokens that live, but for some thirty bytes for each effect,
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

/** A snapshot, and which devices took it over. */
interface Published {
  readonly event: ReplayEvent<'publish'>;
  readonly lane: GlanceLane;
  /** How many messages had left by then. */
  readonly departures: number;
  readonly heardBy: GlanceLane[];
}

/** Lines that say what a device has, of which it cannot have all while it takes over a snapshot. */
const telling: ReadonlySet<LoggedEvent['type']> = new Set(['publish', 'import', 'clear', 'tokens.read'] as const);

class Glance extends LogWalk<GlanceLane> {
  readonly #options: GlanceOptions;
  readonly #books = new Map<string, Book>();
  readonly #transfers = new Transfers();
  readonly #flights: ClockEvidence['flights'];
  readonly #trail: Trail;
  /** By id; `null` where there are several. */
  readonly #snapshots = new Map<string, Published | null>();
  #asserted: number;
  #failed: number;

  constructor(tapes: readonly ColumnTape[], options: GlanceOptions) {
    const {
      lanes = [],
      transfers,
      flights = new Map(),
      observed = new Map(),
      asserted = 0,
      failed = 0,
    }: Partial<GlanceState> = options.from ?? {};
    super(tapes, options, observed);
    this.#options = options;
    const named = (words: Int32Array, at: number) => this.named(words, at) as GlanceLane;
    this.#trail = new Trail(named, () => this.places(), options.rowsOfStretch);
    for (const lane of lanes) refill(this.addLane(lane.device, lane.identity), lane);
    if (transfers) refill(this.#transfers, transfers);
    this.#flights = flights;
    this.#asserted = asserted;
    this.#failed = failed;
  }

  result(): Glanced {
    const lanes = [...this.lanes.values()];
    const books = [...this.#books.values()];
    if (lanes.some(({ isAway }) => isAway)) throw new Beyond('a device that did not come back');
    for (const book of books) book.ended.forgetAll();
    const shown = lanes.some(({ readings }) => readings > 0);
    for (const book of books) {
      const written = book.ended.booked.effects + book.effects.names.size;
      const hasLedger = lanes.some((lane) => lane.book === book && lane.keepsLedger);
      if (shown && written > 0 && !hasLedger) throw new Beyond('readings without a ledger');
    }
    return {
      plan: this.plan,
      lanes,
      books,
      transfers: this.#transfers,
      flights: this.#flights,
      observed: this.observed,
      asserted: this.#asserted,
      failed: this.#failed,
      trail: this.#trail,
    };
  }

  protected override takeRow(batch: ColumnBatch, row: number, base: number, lane: GlanceLane, kind: number): void {
    if (lane.isAway && !mayComeBack(batch, base, lane, kind)) throw new Beyond('a device that has yet to come back');
    if (kind === kinds.balance) takeBalance(batch, base, lane);
    else if (kind === kinds.replication) this.#takeReplication(batch, base, row, lane);
    else if (kind === kinds.write) this.#takeWrite(batch, base, lane);
    else if (kind === kinds.read) takeReading(batch, base, lane);
  }

  #takeWrite(batch: ColumnBatch, base: number, lane: GlanceLane): void {
    takeWrite(batch, base, lane);
    if (this.#followsTrail) this.#trail.foresee(batch, base, lane);
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
      if (lane.isRecovered) throw new Beyond('an effect of long ago');
      // One that is through everywhere comes again, which changes nothing, whatever is done with it.
      return;
    }
    if (origin.book !== book || !book.effects.isBy(effect, origin.index, originSeq))
      throw new Beyond('an effect of another origin');
    const tookMs = book.effects.hear(effect, index, times[row] as number);
    if (origin !== lane && !Number.isNaN(tookMs)) countMessage(this.#flights, origin.device, lane.device, tookMs);
    // Whoever refuses one and never applies it leaves it open.
    if (done === action.applied) book.apply(effect, index, lane.events);
  }

  protected override takeWhole(event: LoggedEvent, lane: GlanceLane, isWanted: boolean): void {
    const isEarly = lane.takeover !== null && telling.has(event.type);
    const isFalse = event.type === 'publish' && (lane.isWiped || !this.#holds(event, event));
    if (!isWanted || isEarly || isFalse) throw new Beyond(`a line of type ${event.type}`);
    if (event.type === 'publish') this.#publish(event, lane);
    else if (event.type === 'clear') takeClear(event, lane);
    else if (event.type === 'import') this.#import(event, lane);
    else if (event.type === 'tokens.read') takeListing(event, lane);
    else if (event.type === 'assertion') this.#assert(event);
  }

  protected override observe(event: LoggedEvent): void {
    super.observe(event);
    if (event.type === 'assertion') this.#assert(event);
  }

  /** Whether what a line lists of a snapshot is what that claims. */
  #holds({ contents }: ReplayEvent<'publish' | 'import'>, { frontier }: ReplayEvent<'publish'>): boolean {
    return claimsWhatItLists(contents, frontier, (device) => this.lanes.get(device));
  }

  #publish(event: ReplayEvent<'publish'>, lane: GlanceLane): void {
    const { snapshot } = event;
    lane.publish(event);
    lane.book.ended.publish();
    const isNew = !this.#snapshots.has(snapshot);
    this.#snapshots.set(snapshot, isNew ? { event, lane, departures: this.#departures, heardBy: [] } : null);
  }

  #import(event: ReplayEvent<'import'>, lane: GlanceLane): void {
    const published = this.#followsTrail ? this.#snapshots.get(event.snapshot) : undefined;
    if (!published || published.lane.book !== lane.book) throw new Beyond('a snapshot of which too little is known');
    if (this.#departures - published.departures > keptDepartures / 2) throw new Beyond('a snapshot of long ago');
    if (!this.#holds(event, published.event)) throw new Beyond('a snapshot that brings other effects than it claims');
    takeImport(event, published.event.frontier, lane, (device) => this.lanes.get(device));
    const { lane: from, heardBy } = published;
    const left = published.event.time;
    if (event.time === null || left === null || from === lane || heardBy.includes(lane)) return;
    heardBy.push(lane);
    countMessage(this.#flights, from.device, lane.device, event.time - left);
  }

  /** How many effects and snapshots there were. */
  get #departures(): number {
    return [...this.lanes.values()].reduce((sum, { written }) => sum + written, this.#snapshots.size);
  }

  /** A snapshot is taken over behind the line that publishes it. */
  protected override mayTake(whole: LoggedEvent): boolean {
    return whole.type !== 'import' || !this.#followsTrail || this.#snapshots.has(whole.snapshot);
  }

  #assert({ ok }: ReplayEvent<'assertion'>): void {
    if (ok) this.#asserted += 1;
    else this.#failed += 1;
  }

  protected override newLane(lane: NewLane): GlanceLane {
    const { identity } = lane;
    const book = getOrCreate(this.#books, identity, () => this.#newBook(identity));
    const added = new GlanceLane(lane, book);
    this.#trail.enter(added);
    return added;
  }

  protected override passed(
    batch: ColumnBatch,
    from: number,
    to: number,
    lanes: readonly (GlanceLane | undefined)[],
  ): void {
    if (this.#followsTrail) this.#trail.follow(batch, from, to, lanes);
  }

  /** Whoever goes on does not know the beginning of the way. */
  get #followsTrail(): boolean {
    return this.#options.from === undefined;
  }

  protected override turn(): void {
    this.#trail.turn();
  }

  #newBook(identity: string): Book {
    const { devicesOf, suspects } = this.#options;
    const devices = devicesOf(identity);
    return new Book(identity, encodeText(identity), devices, this.#transfers, suspects?.get(identity));
  }
}
