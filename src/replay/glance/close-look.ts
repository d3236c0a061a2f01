import { getOrCreate } from '../../base/order.ts';
import type { ColumnBatch, Writer } from '../../events/columns/column-batch.ts';
import { Names } from '../../events/columns/names.ts';
import { type ColumnPlan, cell, planColumns, type Wants } from '../../events/columns/wants.ts';
import type { LoggedEvent, SourceFile } from '../../events/event.ts';
import type { Place } from '../../events/reader.ts';
import type { Mark } from '../mark.ts';
import { Beyond } from './beyond.ts';
import type { Book } from './book.ts';
import type { Glanced } from './glance.ts';
import type { GlanceLane } from './glance-lane.ts';
import { action, cells, flagged, glanceWants, kinds } from './layout.ts';
import { RowClock, type RowClockLane } from './row-clock.ts';
import { placesOf } from './unconfirmed.ts';
import { type ColumnTape, RowWalk } from './walk.ts';
import { itemsAt, outputWidth } from './write-row.ts';

/** What a close look reads: what names an effect, and what it names. A walk needs the fields of `replication` where they stand for a glance. */
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
  /** Of which origin it passes an effect that had not come, and which is the newest of these; `null` where it passes none. */
  readonly leap: { readonly origin: string; readonly originSeq: number } | null;
  /** Whether it is evidence of what is open. */
  readonly isEvidence: boolean;
}

/** What is looked at closely of an identity. */
interface Scope {
  readonly book: Book;
  /** The tokens of what is open, by their numbers. */
  readonly tokens: ReadonlySet<number>;
  /** Effects that are through and touch such a token or are sought, what they spend of others, and what is made by all that are picked. */
  readonly kin: Names;
  readonly strange: Names;
  readonly made: Names;
  /** The content ids of effects that are picked. */
  readonly cids: Names;
}

/** What a close look picked. */
export interface Picked {
  readonly lines: readonly PickedLine[];
  /** What observers asserted and showed, where an assertion failed. */
  readonly observed: readonly Mark<LoggedEvent>[];
}

interface CloseLane extends RowClockLane {
  written: number;
  readonly glanced: GlanceLane;
  readonly scope: Scope;
  /** By the number of an origin, how far the device got. */
  readonly reached: number[];
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

  constructor(tapes: readonly ColumnTape[], { lanes, books, failed }: Glanced, onBatch: (batch: ColumnBatch) => void) {
    super(tapes, closePlan);
    this.#onBatch = onBatch;
    this.#hasFailed = failed > 0;
    this.#clock = new RowClock(lanes.length);
    const scopes = new Map(books.map((book) => [book, scopeOf(book)]));
    this.#scopes = [...scopes.values()];
    this.#lanes = new Map(
      lanes.map((glanced, number) => {
        const scope = scopes.get(glanced.book) as Scope;
        const lane: CloseLane = {
          ...this.#clock.lane(number, scope.book.devices),
          ...{ written: 0, glanced, scope, reached: [], unconfirmed: placesOf(glanced.unconfirmed) },
        };
        this.name(glanced.device, lane);
        return [glanced.device, lane];
      }),
    );
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
      const isShown = this.#hasFailed && whole.type === 'assertion';
      if (isShown || whole.type === 'publish' || whole.type === 'device.end') this.#pick(batch, base, lane);
    } else if (kind === kinds.replication) this.#takeReplication(batch, base, lane);
    else if (kind === kinds.balance) this.#takeBalance(batch, base, lane);
    else if (kind === kinds.write) this.#takeWrite(batch, base, lane);
    else if (kind === verifyKind) this.#takeVerify(batch, base, lane);
    else if (kind === arbiterKind) this.#takeAnswer(batch, base, lane);
    else if (kind === kinds.read && this.#hasFailed) this.#pick(batch, base, lane);
  }

  #takeWrite(batch: ColumnBatch, base: number, lane: CloseLane): void {
    const { cells: all, words } = batch;
    const [effect, cid] = [all[base + write.effect] as number, all[base + write.cid] as number];
    lane.written = all[base + write.originSeq] as number;
    lane.reached[lane.number] = lane.written;
    this.#clock.write(lane, words, effect);
    if (itemsAt(words, all[base + write.deps] as number) > 0) throw new Beyond('effects that name their causes');
    const { scope } = lane;
    const spent = spentAt(words, all[base + write.inputs] as number);
    const made = madeAt(words, all[base + write.outputs] as number, scope.book);
    if (scope.book.find(words, effect) < 0) {
      const isSought = scope.book.sought.seeksEffect(words, effect);
      if (!isSought && ![...spent, ...made].some((token) => isDisputed(words, token, scope))) return;
      add(scope.kin, words, effect);
      for (const token of spent) {
        // Its life has gone by the book, which says what it needs to.
        if (!isDisputed(words, token, scope) && scope.made.find(words, token) < 0) add(scope.strange, words, token);
      }
    }
    for (const token of made) add(scope.made, words, token);
    if (cid !== 0) add(scope.cids, words, cid);
    this.#pick(batch, base, lane);
  }

  #takeBalance(batch: ColumnBatch, base: number, lane: CloseLane): void {
    const { cells: all, words } = batch;
    if (!isOpen(words, all[base + balance.effect] as number, lane.scope)) return;
    if (lane.scope.strange.find(words, all[base + balance.token] as number) < 0) this.#pick(batch, base, lane);
  }

  #takeReplication(batch: ColumnBatch, base: number, lane: CloseLane): void {
    const { cells: all, words } = batch;
    const { effect, originSeq: seqAt, action: actionAt } = cells.replication;
    const origin = this.named(words, all[base + cells.replication.origin] as number) as CloseLane;
    const originSeq = all[base + seqAt] as number;
    if (origin !== lane) this.#clock.receive(lane, origin, originSeq, words, all[base + effect] as number);
    let leap: PickedLine['leap'] = null;
    if (all[base + actionAt] === action.applied) {
      const reached = lane.reached[origin.number] ?? 0;
      if (originSeq > reached + 1) leap = { origin: origin.glanced.device, originSeq: originSeq - 1 };
      if (originSeq > reached) lane.reached[origin.number] = originSeq;
    }
    const isEvidence = isOpen(words, all[base + effect] as number, lane.scope);
    if (isEvidence || leap) this.#pick(batch, base, lane, leap, isEvidence);
  }

  #takeVerify(batch: ColumnBatch, base: number, lane: CloseLane): void {
    const { cells: all, words } = batch;
    const [effect, cid] = [all[base + verify.effect] as number, all[base + verify.cid] as number];
    if (all[base + verify.ok] !== flagged) return;
    const isNamed = effect !== 0 && isOpen(words, effect, lane.scope);
    if (isNamed || (cid !== 0 && lane.scope.cids.find(words, cid) >= 0)) this.#pick(batch, base, lane);
  }

  /** Whoever asked: a token goes from one identity to another. */
  #takeAnswer(batch: ColumnBatch, base: number, lane: CloseLane): void {
    const token = batch.cells[base + arbiter.token] as number;
    if (this.#scopes.some((scope) => isDisputed(batch.words, token, scope))) this.#pick(batch, base, lane);
  }

  #pick(batch: ColumnBatch, base: number, lane: CloseLane, leap: PickedLine['leap'] = null, isEvidence = true): void {
    const { cells: all, file, begins, lineOffset } = batch;
    const near = { bytes: begins.bytes, lines: lineOffset + begins.lines };
    this.lines.push({
      ...{ file, near, line: lineOffset + (all[base + cell.line] as number), lane: lane.glanced },
      ...{ incarnation: all[base + cell.incarnation] as number, seq: all[base + cell.seq] as number },
      ...{ number: lane.number, place: lane.place, clock: this.#clock.at(lane), leap, isEvidence },
    });
  }
}

/** The places of the tokens that an effect spends. */
function spentAt(words: Int32Array, inputs: number): readonly number[] {
  return Array.from({ length: itemsAt(words, inputs) }, (_, index) => words[inputs + 1 + index] as number);
}

/** The places of the tokens that an effect makes for its own identity. */
function madeAt(words: Int32Array, outputs: number, book: Book): readonly number[] {
  const made: number[] = [];
  for (let index = 0; index < itemsAt(words, outputs); index += 1) {
    const at = outputs + 1 + index * outputWidth;
    if (book.owns(words, words[at + 3] as number)) made.push(words[at] as number);
  }
  return made;
}

function scopeOf(book: Book): Scope {
  return {
    ...{ book, tokens: book.disputed() },
    ...{ kin: new Names(), strange: new Names(), made: new Names(), cids: new Names() },
  };
}

function isDisputed(words: Int32Array, token: number, { book, tokens }: Scope): boolean {
  return book.sought.seeksToken(words, token) || (tokens.size > 0 && tokens.has(book.tokens.names.find(words, token)));
}

/** Whether an effect is open, or is looked at with one that is. */
function isOpen(words: Int32Array, effect: number, { book, kin }: Scope): boolean {
  return book.find(words, effect) >= 0 || kin.find(words, effect) >= 0 || book.sought.seeksEffect(words, effect);
}

/** Adds a text that may be there already. */
function add(names: Names, words: Int32Array, at: number): void {
  if (names.numberOf(words, at) < 0) throw new Beyond('a long id');
}
