import { newRoll } from '../../base/roll.ts';
import type { ReplayEvent } from '../../events/event.ts';
import type { Mark } from '../mark.ts';
import type { Phase } from '../projections/delivery.ts';
import { byCoin, type CoinTotal } from '../projections/ledger.ts';
import type { Holding } from '../projections/readings.ts';
import { Beyond } from './beyond.ts';
import type { Book } from './book.ts';
import { DeviceLedger } from './device-ledger.ts';
import { kinds } from './layout.ts';
import { type LaneGap, LogLane, type NewLane } from './log-lane.ts';
import { StrayMoves } from './stray-moves.ts';
import type { Unconfirmed } from './unconfirmed.ts';

/** More holes in the log of one device are left to others. */
const mostGaps = 1000;

/** A device between two clears, as far as a glance keeps that. */
type LanePhase = Pick<Phase, 'from' | 'until' | 'imports' | 'publishes'>;

/** A snapshot that a device takes over. */
interface Takeover {
  readonly snapshot: string;
  /** By number, the tokens that are still to come by it, and those that are to go (`false`). */
  readonly tokens: Map<number, boolean>;
}

/** One device's log as far as it was read, and what the device did by it. */
export class GlanceLane extends LogLane {
  readonly book: Book;
  readonly ledger = new DeviceLedger();
  readonly strays = new StrayMoves();
  /** From one clear to the next. */
  readonly phases: LanePhase[] = [newPhase(null)];
  /** What it held at each clear. */
  readonly heldAtClears: (readonly CoinTotal[])[] = [];
  /** Whether it was wiped, and has not taken over a snapshot since. */
  isWiped = false;
  /** The snapshot of which it does not have everything yet. */
  takeover: Takeover | null = null;
  /** The place of the newest line by which it wrote, applied, published or imported. */
  active = 0;
  readings = 0;
  readonly unconfirmed: Unconfirmed = { readings: [], lists: [] };
  /** Its effects in their order. */
  readonly roll = newRoll();

  constructor(lane: NewLane, book: Book) {
    super(lane);
    this.book = book;
  }

  protected override miss(gap: LaneGap): void {
    if (this.gaps.length === mostGaps) throw new Beyond('more holes than are kept');
    this.gaps.push(gap);
  }

  /** Whether what it holds is not what effects say, because it was wiped. */
  get isAway(): boolean {
    return this.isWiped || this.takeover !== null;
  }

  /** Whether it was ever wiped, or took over a snapshot. */
  get isRecovered(): boolean {
    return this.phases.length > 1 || this.phase.imports.length > 0;
  }

  publish(event: ReplayEvent<'publish'>): void {
    this.active = this.events;
    this.phase.publishes.push(this.#markNewest(event));
  }

  clear(event: ReplayEvent<'clear'>): void {
    if (!this.strays.isEmpty) throw new Beyond('stray changes before a clear');
    const mark = this.#markNewest(event);
    this.phase.until = mark;
    this.phases.push(newPhase(mark));
    this.heldAtClears.push(this.#totals());
    this.ledger.clear();
    this.isWiped = true;
  }

  /** It takes over a snapshot by which these tokens come and go. */
  takeOver(event: ReplayEvent<'import'>, tokens: Takeover['tokens']): void {
    this.active = this.events;
    this.phase.imports.push(this.#markNewest(event));
    this.isWiped = false;
    this.takeover = tokens.size > 0 ? { snapshot: event.snapshot, tokens } : null;
  }

  /** A token came by the snapshot, or went. */
  restore(token: number): void {
    this.takeover?.tokens.delete(token);
    if (this.takeover?.tokens.size === 0) this.takeover = null;
  }

  private get phase(): LanePhase {
    return this.phases[this.phases.length - 1] as LanePhase;
  }

  /** The newest line's event as evidence where nothing is in dispute. */
  #markNewest<Event extends ReplayEvent>(event: Event): Mark<Event> {
    return { event, lane: this.index, position: this.events, clock: [] };
  }

  #totals(): CoinTotal[] {
    const totals: CoinTotal[] = [];
    for (let number = 0; number < this.book.coins.bound; number += 1) {
      const held = this.ledger.of(number);
      if (held) totals.push({ coin: this.book.coins.text(number), ...held });
    }
    return totals.sort(byCoin);
  }

  /** Whether any line says what moved. */
  get keepsLedger(): boolean {
    return (this.counts[kinds.balance] as number) > 0;
  }

  /** What the device holds of a coin, which is given by its number; `undefined` where no line ever moved any. */
  holding(coin: number): Holding | undefined {
    const held = this.ledger.of(coin);
    if (held === undefined || this.strays.isEmpty) return held;
    return { ...held, tokens: held.tokens + this.book.tokens.heldBeside(coin, this) };
  }
}

function newPhase(from: LanePhase['from']): LanePhase {
  return { from, until: null, imports: [], publishes: [] };
}
