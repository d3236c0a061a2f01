import type { ColumnPlan } from '../../events/columns/wants.ts';
import type { LoggedEvent, ReplayEvent, SourceFile, UnknownEvent } from '../../events/event.ts';
import type { HistoryEvent } from '../causal-order.ts';
import type { Mark } from '../mark.ts';
import type { Capture, UnknownType } from '../projections/captures.ts';
import { Beyond } from './beyond.ts';

/** Devices of an identity are told apart by the bits of a mask; whoever has more of them is left to others. */
export const mostDevices = 30;

/** One start of a device's process. */
interface Start {
  readonly incarnation: number;
  events: number;
  lastSeq: number;
  end: ReplayEvent<'device.end'> | null;
}

/** Lines that are missing within one start of a device's process: their numbers, the place of the line behind them in the order of the device, and how often that was wiped before. */
export interface LaneGap {
  readonly incarnation: number;
  readonly from: number;
  readonly to: number;
  readonly place: number;
  readonly phase: number;
}

/** A device of which nothing was read. `kinds`: how many types of lines there are. */
export interface NewLane extends Pick<LogLane, 'device' | 'identity' | 'number' | 'index'> {
  readonly kinds: number;
}

/** One device's log as far as it was read: nothing stands in it twice, and nothing is missing from it, unless somebody knows what to do then. */
export class LogLane {
  readonly device: string;
  readonly identity: string;
  /** The device's number among all of the run, and among those of its identity. */
  readonly number: number;
  readonly index: number;
  /** Lines by type, in the order of the family of event types. */
  readonly counts: Int32Array;
  /** How many lines it has, which is the newest one's place in its order. */
  events = 0;
  /** The number of its newest effect. */
  written = 0;
  /** Where lines of it are missing. */
  readonly gaps: LaneGap[] = [];
  /** The starts of its process. */
  private readonly starts: Start[] = [];
  private start: Start = { incarnation: 0, events: 0, lastSeq: 0, end: null };
  /** Types that the contract does not know. */
  private readonly unknown: Map<string, UnknownType> = new Map();
  private cleared = 0;
  /** Where its newest line stands, and the event if it was handed over whole. */
  private file: SourceFile | undefined;
  private line = 0;
  kind = 0;
  time = Number.NaN;
  private whole: LoggedEvent | undefined;

  constructor({ device, identity, number, index, kinds }: NewLane) {
    this.device = device;
    this.identity = identity;
    this.number = number;
    this.index = index;
    this.counts = new Int32Array(kinds);
  }

  /** Takes the next line's place in the sequence. */
  advance(incarnation: number, seq: number, file: SourceFile): void {
    const start = this.start;
    this.events += 1;
    if (incarnation === start.incarnation && seq > start.lastSeq) {
      if (seq > start.lastSeq + 1) {
        this.miss({ incarnation, from: start.lastSeq + 1, to: seq - 1, place: this.events, phase: this.cleared });
      }
      start.lastSeq = seq;
      start.events += 1;
      return;
    }
    if (incarnation !== start.incarnation + 1 || seq !== 1) disordered();
    const crashed = start.incarnation > 0 && start.end === null;
    if (crashed && this.file?.path !== file.path) throw new Beyond('a log that may be cut off');
    this.start = { incarnation, events: 1, lastSeq: 1, end: null };
    this.starts.push(this.start);
  }

  /** Lines are missing before that one. */
  protected miss(_gap: LaneGap): void {
    disordered();
  }

  /** Where that line stands, and of which kind it is. */
  stand(file: SourceFile, line: number, time: number, kind: number): void {
    this.file = file;
    this.line = line;
    this.time = time;
    this.kind = kind;
  }

  /** Takes that line as it was handed over whole. */
  takeWhole(event: LoggedEvent): void {
    this.whole = event;
    if (event.type === 'device.end') this.start.end = event;
    else if (event.type === 'clear') this.cleared += 1;
    else if (event.type === 'unknown') this.#noteUnknown(event);
  }

  /** Where the newest line stands: its place in the order of the device, in which of its lives, and how often it was wiped before. */
  get position(): { readonly place: number; readonly incarnation: number; readonly phase: number } {
    return { place: this.events, incarnation: this.start.incarnation, phase: this.cleared };
  }

  /** The newest line's number in the sequence of the device. */
  get newest(): { readonly incarnation: number; readonly seq: number } {
    return { incarnation: this.start.incarnation, seq: this.start.lastSeq };
  }

  /** How many lines are of types that the contract does not know. */
  get linesOfUnknownTypes(): number {
    return [...this.unknown.values()].reduce((sum, { count }) => sum + count, 0);
  }

  /** What the projection `captures` would hold. */
  capture(plan: ColumnPlan): Capture {
    const types = plan.types.map(({ name }, kind): [string, number] => [name, this.counts[kind] as number]);
    types.push(['unknown', this.linesOfUnknownTypes]);
    return {
      ...{ device: this.device, identity: this.identity, events: this.events, phase: this.cleared },
      last: this.#last(plan),
      incarnations: this.starts.map(({ incarnation, events, lastSeq, end }) => ({
        ...{ incarnation, events, firstSeq: 1, lastSeq, gaps: this.#gapsIn(incarnation) },
        end: end && this.mark(end),
      })),
      ...{ holes: [], types: new Map(types.filter(([, count]) => count > 0)), unknown: this.unknown },
    };
  }

  /** An event as evidence where nothing happened that would have to be put in order. */
  mark<Event extends HistoryEvent>(event: Event): Mark<Event> {
    return { event, lane: this.index, position: event.seq, clock: [] };
  }

  /** The newest line: as it was handed over, else as much of it as was read. */
  #last({ types }: ColumnPlan): LoggedEvent {
    const { device, identity, kind, whole, file, line, time, start } = this;
    if (kind < 0 && whole) return whole;
    return {
      ...{ type: types[kind]?.name, device, identity, file, line },
      ...{ incarnation: start.incarnation, seq: start.lastSeq, time: Number.isNaN(time) ? null : time },
    } as unknown as LoggedEvent;
  }

  #gapsIn(incarnation: number): { from: number; to: number }[] {
    const ofStart = this.gaps.filter((gap) => gap.incarnation === incarnation);
    return ofStart.map(({ from, to }) => ({ from, to }));
  }

  #noteUnknown(event: UnknownEvent): void {
    const known = this.unknown.get(event.unknownType);
    if (known) known.count += 1;
    else this.unknown.set(event.unknownType, { count: 1, first: { ...event, identity: this.identity } });
  }
}

function disordered(): never {
  throw new Beyond('lines that are missing or out of order');
}
