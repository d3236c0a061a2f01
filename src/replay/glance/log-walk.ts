import type { ColumnBatch, Writer } from '../../events/columns/column-batch.ts';
import { loneSurrogate } from '../../events/columns/column-writer.ts';
import { type ColumnPlan, cell } from '../../events/columns/wants.ts';
import type { LoggedEvent } from '../../events/event.ts';
import { Beyond } from './beyond.ts';
import type { LogLane, NewLane } from './log-lane.ts';
import { type ColumnTape, RowWalk } from './walk.ts';

/** What an observer may say without any bearing on ledgers. */
const harmless: ReadonlySet<LoggedEvent['type']> = new Set([
  'section',
  'sample',
  'log',
  'counters',
  'balance.read',
  'assertion',
] as const);

/** What must be known of a run whose logs are gone through. */
export interface LogWalkOptions {
  readonly run: string;
  /** How rows are laid out. */
  readonly plan: ColumnPlan;
  identityOf(device: string, identity: string): string;
  devicesOf(identity: string): number;
  /** Every batch, before its rows are taken. */
  onBatch(batch: ColumnBatch): void;
}

/** Goes through the rows of logs of which nothing is missing. */
export abstract class LogWalk<Lane extends LogLane> extends RowWalk<Lane> {
  protected readonly lanes = new Map<string, Lane>();
  /** Observers' lines, by type. */
  protected readonly observed: Map<LoggedEvent['type'], number>;
  readonly #options: LogWalkOptions;

  constructor(tapes: readonly ColumnTape[], options: LogWalkOptions, observed: Map<LoggedEvent['type'], number>) {
    super(tapes, options.plan);
    this.#options = options;
    this.observed = observed;
  }

  /** Takes the next row of a lane. */
  protected abstract takeRow(batch: ColumnBatch, row: number, base: number, lane: Lane, kind: number): void;

  /** Takes the next line of a lane, which is handed over whole; `isWanted`: whether that is what was wanted, or it is a row that fits no columns. */
  protected abstract takeWhole(event: LoggedEvent, lane: Lane, isWanted: boolean): void;

  /** The lane of a device that was not seen before. */
  protected abstract newLane(lane: NewLane): Lane;

  protected override begin(batch: ColumnBatch): void {
    this.#options.onBatch(batch);
  }

  protected override take(
    batch: ColumnBatch,
    row: number,
    base: number,
    lane: Lane,
    whole: LoggedEvent | undefined,
  ): void {
    const { cells, file, lineOffset, times } = batch;
    const kind = cells[base + cell.kind] as number;
    lane.advance(cells[base + cell.incarnation] as number, cells[base + cell.seq] as number, file);
    lane.stand(file, lineOffset + (cells[base + cell.line] as number), times[row] as number, kind);
    if (whole) {
      this.#takeWhole(whole, lane);
      return;
    }
    lane.counts[kind] = (lane.counts[kind] as number) + 1;
    this.takeRow(batch, row, base, lane, kind);
  }

  #takeWhole(event: LoggedEvent, lane: Lane): void {
    const kind = this.plan.kinds.get(event.type);
    if (kind !== undefined) lane.counts[kind] = (lane.counts[kind] as number) + 1;
    else if (event.type !== 'unknown') throw new Beyond(`a line of type ${event.type}`);
    lane.takeWhole(event);
    const wanted = this.plan.wants[event.type as keyof ColumnPlan['wants']];
    this.takeWhole(event, lane, wanted === undefined || wanted === 'whole');
  }

  protected override observe(event: LoggedEvent): void {
    if (!harmless.has(event.type)) throw new Beyond(`an observer's line of type ${event.type}`);
    this.observed.set(event.type, (this.observed.get(event.type) ?? 0) + 1);
  }

  protected override laneOf({ device, identity: named, run }: Writer): Lane {
    if (run !== undefined && run !== this.#options.run) throw new Beyond('lines of another run');
    const identity = this.#options.identityOf(device, named);
    if (loneSurrogate.test(device + identity)) throw new Beyond('a name that is no Unicode');
    if (identity === '') throw new Beyond('a device of unknown identity');
    const known = this.lanes.get(device);
    if (known) {
      if (known.identity !== identity) throw new Beyond('a device of two identities');
      return known;
    }
    return this.addLane(device, identity);
  }

  protected addLane(device: string, identity: string): Lane {
    const index = [...this.lanes.values()].filter((lane) => lane.identity === identity).length;
    const { length: kinds } = this.plan.types;
    const lane = this.newLane({ device, identity, number: this.lanes.size, index, kinds });
    if (!this.name(device, lane) || index >= this.#options.devicesOf(identity)) {
      throw new Beyond('a device that nobody named before');
    }
    this.lanes.set(device, lane);
    return lane;
  }
}
