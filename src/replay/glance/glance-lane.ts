import { newRoll } from '../../base/roll.ts';
import type { ReplayEvent } from '../../events/event.ts';
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

/** One device's log as far as it was read, and what the device did by it. */
export class GlanceLane extends LogLane {
  readonly book: Book;
  readonly ledger = new DeviceLedger();
  readonly strays = new StrayMoves();
  readonly publishes: ReplayEvent<'publish'>[] = [];
  /** The place of the newest line by which it wrote, applied or published. */
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
