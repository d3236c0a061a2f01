import { newRoll } from '../../base/roll.ts';
import type { LoggedEvent, ReplayEvent, SourceFile, UnknownEvent } from '../../events/event.ts';
import type { UnknownType } from '../projections/captures.ts';
import type { Holding } from '../projections/readings.ts';
import { Beyond } from './beyond.ts';
import type { Book } from './book.ts';
import { DeviceLedger } from './device-ledger.ts';
import { kinds } from './layout.ts';
import { StrayMoves } from './stray-moves.ts';
import type { Unconfirmed } from './unconfirmed.ts';

/** One start of a device's process. */
export interface Start {
  readonly incarnation: number;
  events: number;
  lastSeq: number;
  end: ReplayEvent<'device.end'> | null;
}

/** One device's log as far as it was read: nothing is missing from it, and nothing stands in it twice. */
export class GlanceLane {
  readonly device: string;
  readonly book: Book;
  /** The device's number among those of its identity. */
  readonly index: number;
  readonly ledger = new DeviceLedger();
  readonly strays = new StrayMoves();
  readonly starts: Start[] = [];
  /** Lines by type, in the order of the family of event types. */
  readonly counts: Int32Array;
  /** Types that the contract does not know. */
  readonly unknown: Map<string, UnknownType> = new Map();
  readonly publishes: ReplayEvent<'publish'>[] = [];
  /** How many lines it has, which is the newest one's place in its order. */
  events = 0;
  /** The place of the newest line by which it wrote, applied or published. */
  active = 0;
  /** The number of its newest effect. */
  written = 0;
  readings = 0;
  readonly unconfirmed: Unconfirmed = { readings: [], lists: [] };
  /** Its effects in their order. */
  readonly roll = newRoll();
  /** Where its newest line stands, and the event if it was handed over whole. */
  file: SourceFile | undefined;
  line = 0;
  kind = 0;
  time = Number.NaN;
  whole: LoggedEvent | undefined;
  private start: Start = { incarnation: 0, events: 0, lastSeq: 0, end: null };

  constructor(device: string, book: Book, index: number, kinds: number) {
    this.device = device;
    this.book = book;
    this.index = index;
    this.counts = new Int32Array(kinds);
  }

  /** Takes the next line's place in the sequence. */
  advance(incarnation: number, seq: number, file: SourceFile): void {
    const start = this.start;
    this.events += 1;
    if (incarnation === start.incarnation && seq === start.lastSeq + 1) {
      start.lastSeq = seq;
      start.events += 1;
      return;
    }
    if (incarnation !== start.incarnation + 1 || seq !== 1) throw new Beyond('lines that are missing or out of order');
    const crashed = start.incarnation > 0 && start.end === null;
    if (crashed && this.file?.path !== file.path) throw new Beyond('a log that may be cut off');
    this.start = { incarnation, events: 1, lastSeq: 1, end: null };
    this.starts.push(this.start);
  }

  /** Where the newest line stands: its place in the order of the device, and in which of its lives. */
  get position(): { readonly place: number; readonly incarnation: number } {
    return { place: this.events, incarnation: this.start.incarnation };
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

  /** Takes a line of a type that the contract does not know. */
  noteUnknown(event: UnknownEvent): void {
    const known = this.unknown.get(event.unknownType);
    if (known) known.count += 1;
    else this.unknown.set(event.unknownType, { count: 1, first: { ...event, identity: this.book.identity } });
  }

  /** The process stopped in order. */
  stop(event: ReplayEvent<'device.end'>): void {
    this.start.end = event;
  }
}
