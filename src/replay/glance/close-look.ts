import { getOrCreate } from '../../base/order.ts';
import type { ColumnBatch, Writer } from '../../events/columns/column-batch.ts';
import { type ColumnPlan, cell, planColumns, type Wants } from '../../events/columns/wants.ts';
import type { LoggedEvent, ReplayEvent, SourceFile } from '../../events/event.ts';
import type { Place } from '../../events/reader.ts';
import type { Mark } from '../mark.ts';
import { Beyond } from './beyond.ts';
import { type Claim, Dependencies, type Progress } from './dependencies.ts';
import type { Glanced } from './glance.ts';
import type { GlanceLane } from './glance-lane.ts';
import { action, cells, flagged, glanceWants, kinds } from './layout.ts';
import { RowClock, type RowClockLane } from './row-clock.ts';
import { Scope } from './scope.ts';
import { placesOf } from './unconfirmed.ts';
import { type ColumnTape, RowWalk } from './walk.ts';

/** What a close look reads: what names an effect, and what it names. The fields of `replication` stand where they do for a glance. */
const closeWants = {
  write: ['effect', 'originSeq', 'inputs', 'outputs', 'cid', 'deps'],
  replication: glanceWants.replication,
  balance: ['tokenId', 'effect'],
  verify: ['effect', 'cid', 'ok'],
  arbiter: ['tokenId'],
  'device.end': 'whole',
  publish: 'whole',
  assertion: 'whole',
} satisfies Wants;

/** How rows are laid out for a close look. */
export const closePlan: ColumnPlan = planColumns(closeWants);

const { field } = cell;
const write = {
  effect: field,
  originSeq: field + 1,
  inputs: field + 2,
  outputs: field + 3,
  cid: field + 4,
  deps: field + 5,
};
const balance = { token: field, effect: field + 1 };
const verify = { effect: field, cid: field + 1, ok: field + 2 };
const arbiter = { token: field };
const verifyKind = closePlan.kinds.get('verify') as number;
const arbiterKind = closePlan.kinds.get('arbiter') as number;

/** A line that bears on what a glance left open, and where it stands in happens-before. */
export interface PickedLine {
  readonly file: SourceFile;
  /** A place in the file before it, and near. */
  readonly near: Place;
  readonly line: number;
  readonly lane: GlanceLane;
  readonly incarnation: number;
  readonly seq: number;
  /** The lane's number among all of the run. */
  readonly number: number;
  /** Its place in the order of its lane, from 1. */
  readonly place: number;
  readonly clock: readonly number[];
  /** Up to which effect of which origins it is the first line that claims what had not come. */
  readonly leaps: readonly { readonly origin: string; readonly originSeq: number }[];
  /** Whether it is evidence of what is open. */
  readonly isEvidence: boolean;
}

/** What a close look picked. */
export interface Picked {
  readonly lines: readonly PickedLine[];
  /** What observers asserted and showed, where an assertion failed. */
  readonly observed: readonly Mark<LoggedEvent>[];
}

interface CloseLane extends RowClockLane, Progress {
  written: number;
  readonly glanced: GlanceLane;
  readonly scope: Scope;
  /** The devices of its identity, itself among them. */
  readonly siblings: CloseLane[];
  /** The places of what it showed and its ledger did not confirm. */
  readonly unconfirmed: ReadonlySet<number>;
}

/**
 * Reads a run a second time and picks the lines that bear on what a glance left open: those of effects that did not come everywhere or
 * not by the book, of all that made or spent the same tokens, those by which a device passed what it lacks, and those by which it showed
 * what its ledger did not confirm; where an assertion failed, also all that was asserted and shown. What else there is came everywhere by the book, and bears on nothing.
 */
export async function lookCloser(
  tapes: readonly ColumnTape[],
  glanced: Glanced,
  onBatch: (batch: ColumnBatch) => void,
): Promise<Picked> {
  const look = new CloseLook(tapes, glanced, onBatch);
  try {
    await look.readAll();
    look.end();
    return look;
  } finally {
    await look.close();
  }
}

class CloseLook extends RowWalk<CloseLane> implements Picked {
  readonly lines: PickedLine[] = [];
  readonly observed: Mark<LoggedEvent>[] = [];
  /** Whether it matters what devices and observers showed. */
  readonly #hasFailed: boolean;
  /** By observer, its number among all lanes and how many of its lines have passed. */
  readonly #observers = new Map<string, { readonly number: number; place: number }>();
  readonly #onBatch: (batch: ColumnBatch) => void;
  readonly #lanes: ReadonlyMap<string, CloseLane>;
  readonly #clock: RowClock;
  readonly #scopes: readonly Scope[];
  readonly #dependencies = new Dependencies();
  /** Whether a snapshot claims more than its device had. */
  #claimsMore = false;
  /** The names of devices by their numbers. */
  readonly #devices: readonly string[];

  constructor(tapes: readonly ColumnTape[], { lanes, books, failed }: Glanced, onBatch: (batch: ColumnBatch) => void) {
    super(tapes, closePlan);
    this.#onBatch = onBatch;
    this.#hasFailed = failed > 0;
    this.#clock = new RowClock(lanes.length);
    const looks = new Map(books.map((book) => [book, { scope: new Scope(book), siblings: [] as CloseLane[] }]));
    this.#scopes = [...looks.values()].map(({ scope }) => scope);
    this.#devices = lanes.map(({ device }) => device);
    this.#lanes = new Map(
      lanes.map((glanced, number) => {
        const { scope, siblings } = looks.get(glanced.book) as { scope: Scope; siblings: CloseLane[] };
        const lane: CloseLane = {
          ...this.#clock.lane(number, glanced.book.devices),
          ...{ written: 0, glanced, scope, siblings, reached: [], claimed: [] },
          unconfirmed: placesOf(glanced.unconfirmed),
        };
        siblings.push(lane);
        this.name(glanced.device, lane);
        return [glanced.device, lane];
      }),
    );
  }

  /** Nothing follows. */
  end(): void {
    if (this.#claimsMore && this.#dependencies.haveCauses) {
      throw new Beyond('a snapshot without the causes of what is in it');
    }
  }

  protected override begin(batch: ColumnBatch): void {
    this.#onBatch(batch);
  }

  protected override laneOf({ device }: Writer): CloseLane {
    return this.#lanes.get(device) as CloseLane;
  }

  protected override observe(event: LoggedEvent): void {
    if (!this.#hasFailed || event.stream === undefined) return;
    const observer = getOrCreate(this.#observers, event.stream, () => ({ number: this.#observers.size, place: 0 }));
    observer.place += 1;
    if (event.type !== 'assertion' && event.type !== 'balance.read') return;
    // Nobody hears from an observer, and it hears from nobody.
    const lane = this.#lanes.size + observer.number;
    const clock = new Array<number>(lane + 1).fill(0);
    clock[lane] = observer.place;
    this.observed.push({ event, lane, position: observer.place, clock });
  }

  protected override take(
    batch: ColumnBatch,
    _row: number,
    base: number,
    lane: CloseLane,
    whole: LoggedEvent | undefined,
  ): void {
    const { cells: all } = batch;
    const kind = all[base + cell.kind] as number;
    lane.place += 1;
    if (lane.unconfirmed.has(lane.place)) this.#pick(batch, base, lane);
    else if (whole) {
      if (whole.type === 'publish') this.#claimFrontier(whole, lane);
      const isShown = this.#hasFailed && whole.type === 'assertion';
      if (isShown || whole.type === 'publish' || whole.type === 'device.end') this.#pick(batch, base, lane);
    } else if (kind === kinds.replication) this.#takeReplication(batch, base, lane);
    else if (kind === kinds.balance) this.#takeBalance(batch, base, lane);
    else if (kind === kinds.write) this.#takeWrite(batch, base, lane);
    else if (kind === verifyKind) this.#takeVerify(batch, base, lane);
    else if (kind === arbiterKind) this.#takeAnswer(batch, base, lane);
    else if (kind === kinds.read && this.#hasFailed) this.#pick(batch, base, lane);
  }

  /** A snapshot claims its frontier, as whoever has the line of it knows; but not what that depends on, where the device has not come so far. */
  #claimFrontier({ frontier }: ReplayEvent<'publish'>, lane: CloseLane): void {
    const claims = Object.entries(frontier).flatMap(([device, originSeq]): Claim | [] => {
      const origin = this.#lanes.get(device)?.number;
      return origin === undefined ? [] : { origin, originSeq };
    });
    if (claims.some(({ origin, originSeq }) => originSeq > (lane.reached[origin] ?? 0))) this.#claimsMore = true;
  }

  #takeWrite(batch: ColumnBatch, base: number, lane: CloseLane): void {
    const { cells: all, words } = batch;
    const [effect, cid] = [all[base + write.effect] as number, all[base + write.cid] as number];
    lane.written = all[base + write.originSeq] as number;
    this.#clock.write(lane, words, effect);
    const claim = { origin: lane.number, originSeq: lane.written };
    const named = { effect, causes: all[base + write.deps] as number };
    const leaps = this.#dependencies.write(lane, claim, words, named, lane.siblings);
    const { inputs, outputs } = write;
    const lists = { inputs: all[base + inputs] as number, outputs: all[base + outputs] as number };
    const isEvidence = lane.scope.takes(words, { effect, cid, ...lists });
    if (isEvidence || leaps.length > 0) this.#pick(batch, base, lane, leaps, isEvidence);
  }

  #takeBalance(batch: ColumnBatch, base: number, lane: CloseLane): void {
    const { cells: all, words } = batch;
    const [effect, token] = [all[base + balance.effect] as number, all[base + balance.token] as number];
    if (lane.scope.isOpen(words, effect) && !lane.scope.isStrange(words, token)) this.#pick(batch, base, lane);
  }

  #takeReplication(batch: ColumnBatch, base: number, lane: CloseLane): void {
    const { cells: all, words } = batch;
    const { effect, originSeq: seqAt, action: actionAt } = cells.replication;
    const origin = this.named(words, all[base + cells.replication.origin] as number) as CloseLane;
    const originSeq = all[base + seqAt] as number;
    if (origin !== lane) this.#clock.receive(lane, origin, originSeq, words, all[base + effect] as number);
    const isApplied = all[base + actionAt] === action.applied;
    const leaps = isApplied ? this.#dependencies.apply(lane, origin.number, originSeq, lane.siblings) : [];
    const isEvidence = lane.scope.isOpen(words, all[base + effect] as number);
    if (isEvidence || leaps.length > 0) this.#pick(batch, base, lane, leaps, isEvidence);
  }

  #takeVerify(batch: ColumnBatch, base: number, lane: CloseLane): void {
    const { cells: all, words } = batch;
    const [effect, cid] = [all[base + verify.effect] as number, all[base + verify.cid] as number];
    if (all[base + verify.ok] !== flagged) return;
    if (lane.scope.isVerified(words, effect, cid)) this.#pick(batch, base, lane);
  }

  /** Whoever asked: a token goes from one identity to another. */
  #takeAnswer(batch: ColumnBatch, base: number, lane: CloseLane): void {
    const token = batch.cells[base + arbiter.token] as number;
    if (this.#scopes.some((scope) => scope.isDisputed(batch.words, token))) this.#pick(batch, base, lane);
  }

  #pick(batch: ColumnBatch, base: number, lane: CloseLane, claims: readonly Claim[] = [], isEvidence = true): void {
    const { cells: all, file, begins, lineOffset } = batch;
    const leaps = claims.map(({ origin, originSeq }) => ({ origin: this.#devices[origin] as string, originSeq }));
    const near = { bytes: begins.bytes, lines: lineOffset + begins.lines };
    this.lines.push({
      ...{ file, near, line: lineOffset + (all[base + cell.line] as number), lane: lane.glanced },
      ...{ incarnation: all[base + cell.incarnation] as number, seq: all[base + cell.seq] as number },
      ...{ number: lane.number, place: lane.place, clock: this.#clock.at(lane), leaps, isEvidence },
    });
  }
}
