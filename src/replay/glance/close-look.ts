import { getOrCreate } from '../../base/order.ts';
import type { ColumnBatch, Writer } from '../../events/columns/column-batch.ts';
import { cell } from '../../events/columns/wants.ts';
import type { LoggedEvent } from '../../events/event.ts';
import type { Mark } from '../mark.ts';
import type { Glanced } from './glance.ts';
import type { GlanceLane } from './glance-lane.ts';
import type { KnownSnapshots } from './known-snapshots.ts';
import type { Landmark, Stretch } from './landmark.ts';
import { cells, flagged, glancePlan, kinds } from './layout.ts';
import type { Peers } from './peers.ts';
import { type PickedLine, pickedLine } from './picked-line.ts';
import { RowClock } from './row-clock.ts';
import { Scope } from './scope.ts';
import type { TrailStretch } from './trail.ts';
import { placesOf } from './unconfirmed.ts';
import { type ColumnTape, RowWalk } from './walk.ts';

/** What a close look picked. */
export interface Picked {
  readonly lines: readonly PickedLine[];
  /** What observers asserted and showed, where an assertion failed. */
  readonly observed: readonly Mark<LoggedEvent>[];
}

/**
 * Reads those stretches of a run a second time in which something is named that bears on what a glance left open, and picks the lines that
 * do: those of effects that did not come everywhere or not by the book, of all that made or spent the same tokens, and those by which a
 * device showed what its ledger did not confirm; where an assertion failed, also all that was asserted and shown. What else there is came
 * everywhere by the book, and bears on nothing; lines by which a device passed what it lacks are told by the glance's trail.
 * `tapesOf`: the rows within a stretch.
 */
export async function lookCloser(
  glanced: Glanced,
  tapesOf: (stretch: Stretch) => readonly ColumnTape[],
): Promise<Picked> {
  const subject = new Subject(glanced);
  const { stretches } = glanced.trail;
  for (let first = 0; first < stretches.length; first += 1) {
    let end = first;
    while (end < stretches.length && subject.isWithin(stretches[end] as TrailStretch)) end += 1;
    if (end === first) continue;
    const stretch = { from: stretches[first]?.from, to: stretches[end]?.from };
    const look = new CloseLook(tapesOf(stretch), subject, stretch.from);
    await look.readAll().finally(() => look.close());
    first = end - 1;
  }
  return subject;
}

/** What is looked at closely, and what was picked of it. */
class Subject implements Picked {
  readonly lines: PickedLine[] = [];
  readonly observed: Mark<LoggedEvent>[] = [];
  readonly lanes: readonly GlanceLane[];
  /** Whether it matters what devices and observers showed. */
  readonly hasFailed: boolean;
  readonly scopes: ReadonlyMap<GlanceLane['book'], Scope>;
  readonly snapshots: KnownSnapshots;
  /** By device, the places of what it showed and its ledger did not confirm. */
  readonly unconfirmed: ReadonlyMap<GlanceLane, ReadonlySet<number>>;

  constructor({ lanes, books, failed, trail }: Glanced) {
    this.lanes = lanes;
    this.hasFailed = failed > 0;
    this.snapshots = trail.snapshots;
    this.scopes = new Map(books.map((book) => [book, new Scope(book)]));
    this.unconfirmed = new Map(lanes.map((lane) => [lane, placesOf(lane.unconfirmed)]));
  }

  /** Whether anything in a stretch may have to be picked, as far as that is known by now. */
  isWithin({ from, to, mentions }: TrailStretch): boolean {
    if (this.hasFailed || [...this.scopes.values()].some((scope) => scope.isIn(mentions))) return true;
    return [...this.unconfirmed].some(([{ device }, places]) => {
      const after = from?.lanes.get(device)?.place ?? 0;
      const until = to ? (to.lanes.get(device)?.place ?? 0) : Number.POSITIVE_INFINITY;
      return [...places].some((place) => place > after && place <= until);
    });
  }
}

interface CloseLane {
  written: number;
  /** How many of its rows have passed. */
  place: number;
  readonly clock: RowClock;
  readonly glanced: GlanceLane;
  readonly scope: Scope;
  readonly unconfirmed: ReadonlySet<number>;
}

/** One stretch, and what is picked of it. */
class CloseLook extends RowWalk<CloseLane> {
  readonly #subject: Subject;
  readonly #lanes = new Map<string, CloseLane>();
  /** By observer, its number among all lanes and how many of its lines have passed. */
  readonly #observers = new Map<string, { readonly number: number; place: number }>();

  constructor(tapes: readonly ColumnTape[], subject: Subject, from: Landmark | undefined) {
    super(tapes, glancePlan);
    this.#subject = subject;
    const peers = new Map<unknown, Peers<RowClock>>();
    for (const glanced of subject.lanes) {
      const { book, device, number } = glanced;
      const mark = from?.lanes.get(device);
      const ofBook = getOrCreate(peers, book, () => ({ devices: book.devices, seen: [] }));
      const lane = {
        ...{ written: mark?.clock.written ?? 0, place: mark?.place ?? 0, glanced },
        clock: new RowClock(number, ofBook, mark?.clock),
        scope: subject.scopes.get(book) as Scope,
        unconfirmed: subject.unconfirmed.get(glanced) as ReadonlySet<number>,
      };
      this.name(device, lane);
      this.#lanes.set(device, lane);
    }
  }

  protected override laneOf({ device }: Writer): CloseLane {
    return this.#lanes.get(device) as CloseLane;
  }

  protected override observe(event: LoggedEvent): void {
    if (!this.#subject.hasFailed || event.stream === undefined) return;
    const observer = getOrCreate(this.#observers, event.stream, () => ({ number: this.#observers.size, place: 0 }));
    observer.place += 1;
    if (event.type !== 'assertion' && event.type !== 'balance.read') return;
    // Nobody hears from an observer, and it hears from nobody.
    const lane = this.#lanes.size + observer.number;
    const clock = new Array<number>(lane + 1).fill(0);
    clock[lane] = observer.place;
    this.#subject.observed.push({ event, lane, position: observer.place, clock });
  }

  protected override take(
    batch: ColumnBatch,
    _row: number,
    base: number,
    lane: CloseLane,
    whole: LoggedEvent | undefined,
  ): void {
    const kind = batch.cells[base + cell.kind] as number;
    lane.place += 1;
    if (this.#isToPick(batch, base, lane, kind, whole) || lane.unconfirmed.has(lane.place)) {
      const { glanced, place, clock } = lane;
      const picked = { lane: glanced, place, clock: clock.at(place), leaps: [], isEvidence: true };
      this.#subject.lines.push(pickedLine(batch, base, picked));
    }
  }

  #isToPick(batch: ColumnBatch, base: number, lane: CloseLane, kind: number, whole: LoggedEvent | undefined): boolean {
    const { cells: all, words } = batch;
    const { scope } = lane;
    if (whole?.type === 'import') lane.clock.learn(this.#subject.snapshots.knowledgeOf(whole.snapshot));
    if (whole) return this.#subject.hasFailed && whole.type === 'assertion';
    if (kind === kinds.replication) return this.#takeReplication(batch, base, lane);
    if (kind === kinds.write) return this.#takeWrite(batch, base, lane);
    if (kind === kinds.balance) {
      const { effect, token, snapshot } = cells.balance;
      if (all[base + snapshot] !== 0) return scope.isDisputed(words, all[base + token] as number);
      return scope.isOpen(words, all[base + effect] as number) && !scope.isStrange(words, all[base + token] as number);
    }
    if (kind === kinds.verify) {
      const { effect, cid, ok } = cells.verify;
      return (
        all[base + ok] === flagged && scope.isVerified(words, all[base + effect] as number, all[base + cid] as number)
      );
    }
    if (kind === kinds.arbiter) {
      // Whoever asked: a token goes from one identity to another.
      const token = all[base + cells.arbiter.token] as number;
      return [...this.#subject.scopes.values()].some((each) => each.isDisputed(words, token));
    }
    return kind === kinds.read && this.#subject.hasFailed;
  }

  #takeWrite({ cells: all, words }: ColumnBatch, base: number, lane: CloseLane): boolean {
    const { effect, originSeq, cid, inputs, outputs } = cells.write;
    lane.written = all[base + originSeq] as number;
    lane.clock.write(lane.place);
    return lane.scope.takes(words, {
      ...{ effect: all[base + effect] as number, cid: all[base + cid] as number },
      ...{ inputs: all[base + inputs] as number, outputs: all[base + outputs] as number },
    });
  }

  #takeReplication({ cells: all, words }: ColumnBatch, base: number, lane: CloseLane): boolean {
    const { effect, origin: originAt, originSeq } = cells.replication;
    const origin = this.named(words, all[base + originAt] as number) as CloseLane;
    if (origin !== lane) lane.clock.hear(origin.clock, all[base + originSeq] as number);
    return lane.scope.isOpen(words, all[base + effect] as number);
  }
}
