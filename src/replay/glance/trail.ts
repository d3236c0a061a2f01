import { Mentions } from '../../base/mentions.ts';
import { getOrCreate } from '../../base/order.ts';
import type { ColumnBatch } from '../../events/columns/column-batch.ts';
import { cell } from '../../events/columns/wants.ts';
import type { LoggedEvent, ReplayEvent } from '../../events/event.ts';
import { Beyond } from './beyond.ts';
import type { Book } from './book.ts';
import { type Claim, Dependencies, none, type Progress } from './dependencies.ts';
import type { GlanceLane } from './glance-lane.ts';
import { KnownSnapshots } from './known-snapshots.ts';
import type { Landmark, LaneMark, Stretch } from './landmark.ts';
import { action, cells, glancePlan, kinds } from './layout.ts';
import type { Peers } from './peers.ts';
import { type PickedEvent, type PickedLine, pickedLine } from './picked-line.ts';
import { RowClock } from './row-clock.ts';
import type { TapePlace } from './walk.ts';
import { itemsAt, outputWidth } from './write-row.ts';

/** How many rows make a stretch, as long as there are few. */
const shortStretch = 8192;
/** How many stretches there are at most: then each takes in the next one, and all that follow are twice as long. */
const mostStretches = 512;
/** More clocks of effects on their way than this are not kept at a landmark: the stretch goes on. */
const mostSent = 4096;

/** A stretch of a glance's way, and which effects, tokens and contents are named in it. */
export interface TrailStretch extends Stretch {
  readonly mentions: Mentions;
}

/** A device, and how far it got with each origin. */
interface TrailDevice extends Progress {
  readonly lane: GlanceLane;
  readonly clock: RowClock;
  readonly peers: Peers<TrailDevice>;
  /** How many of its rows have passed. */
  place: number;
  /** How many of the holes in its log have passed. */
  gaps: number;
  /** What the effects claim that it wrote ahead of where it is followed, as far as they name causes. */
  readonly ahead: (readonly Claim[])[];
}

/**
 * The way of a glance through a run: where it passed, what was named there, and who knew what by then. So whoever looks closer reads those
 * stretches only in which something is named that is in dispute.
 */
export class Trail {
  /** Snapshots, clears and orderly ends, which bear on any dispute. */
  readonly known: PickedEvent[] = [];
  readonly snapshots = new KnownSnapshots();
  /** The first line behind each hole. */
  readonly gaps: PickedLine[] = [];
  readonly #devices: TrailDevice[] = [];
  readonly #peers = new Map<Book, { readonly devices: Peers<TrailDevice>; readonly clocks: Peers<RowClock> }>();
  readonly #dependencies = new Dependencies();
  #leaps: PickedLine[] = [];
  #marks: { readonly from: Landmark | undefined; readonly mentions: Mentions }[] = [];
  #mentions = new Mentions();
  #rows = 0;
  #rowsOfStretch: number;
  readonly #named: (words: Int32Array, at: number) => GlanceLane;
  readonly #places: () => readonly TapePlace[];
  #haveCauses = false;
  #knowsCauses = true;
  #claimsMore = false;

  /** `named`: the lane that a line names. `places`: where tapes are read on. `rowsOfStretch`: endless where files cannot be read in parts. */
  constructor(
    named: (words: Int32Array, at: number) => GlanceLane,
    places: () => readonly TapePlace[],
    rowsOfStretch = shortStretch,
  ) {
    this.#named = named;
    this.#places = places;
    this.#rowsOfStretch = rowsOfStretch;
    this.#marks.push({ from: undefined, mentions: this.#mentions });
  }

  /** The stretches in their order. */
  get stretches(): readonly TrailStretch[] {
    return this.#marks.map(({ from, mentions }, index) => ({ from, to: this.#marks[index + 1]?.from, mentions }));
  }

  /** The lines by which devices passed what they lack; others may be among them. Throws `Beyond` where these cannot be told. */
  leaps(): readonly PickedLine[] {
    if (!this.#knowsCauses) throw new Beyond('a cause that nobody wrote before');
    if (this.#claimsMore && this.#haveCauses) throw new Beyond('a snapshot without the causes of what is in it');
    this.#forgetLeaps();
    return this.#leaps;
  }

  /** A device of which nothing has passed. */
  enter(lane: GlanceLane): void {
    const { book } = lane;
    const newPeers = () => ({
      devices: { devices: book.devices, seen: [] },
      clocks: { devices: book.devices, seen: [] },
    });
    const { devices, clocks } = getOrCreate(this.#peers, book, newPeers);
    const clock = new RowClock(lane.number, clocks);
    const device = { lane, clock, reached: [], claimed: [], peers: devices, place: 0, gaps: 0, ahead: [] };
    devices.seen.push(device);
    this.#devices.push(device);
  }

  /** A moment between rows: a new stretch begins, if this one is long enough. */
  turn(): void {
    if (this.#rows < this.#rowsOfStretch) return;
    const sent = this.#devices.reduce((sum, { clock }) => sum + clock.forgetHeard(), 0);
    if (sent > mostSent) return;
    const lanes = new Map(this.#devices.map((device) => [device.lane.device, markOf(device)]));
    this.#forgetLeaps();
    this.#rows = 0;
    this.#mentions = new Mentions();
    this.#marks.push({ from: { places: this.#places(), lanes }, mentions: this.#mentions });
    if (this.#marks.length > mostStretches) this.#join();
  }

  /** A device writes an effect, and the glance knows what is under way by now: until the device is followed so far, that may come everywhere. */
  foresee({ cells: all, words }: ColumnBatch, base: number, lane: GlanceLane): void {
    const causes = all[base + cells.write.deps] as number;
    if (itemsAt(words, causes) === 0) return;
    const device = this.#devices[lane.number] as TrailDevice;
    device.ahead.push(this.#causesAt(words, causes, device));
  }

  /** Some rows of a batch, which follow one another. `lanes`: by writer. */
  follow(batch: ColumnBatch, from: number, to: number, lanes: readonly (GlanceLane | undefined)[]): void {
    const { cells: all, words, events } = batch;
    const { width } = glancePlan;
    let writer = -1;
    let device: TrailDevice | undefined;
    for (let base = from * width; base < to * width; base += width) {
      const kind = all[base + cell.kind] as number;
      const whole = kind < 0 ? events[-1 - kind] : undefined;
      if (whole?.stream !== undefined) continue;
      if (device === undefined || all[base + cell.writer] !== writer) {
        writer = all[base + cell.writer] as number;
        device = this.#devices[(lanes[writer] as GlanceLane).number] as TrailDevice;
      }
      device.place += 1;
      if (device.gaps < device.lane.gaps.length) this.#pass(batch, base, device);
      if (kind === kinds.balance) {
        const { effect, token, snapshot } = cells.balance;
        this.#mention(words, all[base + (all[base + snapshot] === 0 ? effect : token)] as number);
      } else if (kind === kinds.replication) {
        this.#mention(words, all[base + cells.replication.effect] as number);
        const origin = this.#named(words, all[base + cells.replication.origin] as number);
        this.#hear(batch, base, device, this.#devices[origin.number] as TrailDevice);
      } else if (kind === kinds.write) this.#write(batch, base, device);
      else if (kind === kinds.verify) {
        this.#mention(words, all[base + cells.verify.effect] as number);
        this.#mention(words, all[base + cells.verify.cid] as number);
      } else if (kind === kinds.arbiter) this.#mention(words, all[base + cells.arbiter.token] as number);
      else if (whole) this.#know(whole, device);
    }
    this.#rows += to - from;
  }

  /** A line may be the first one behind a hole. */
  #pass(batch: ColumnBatch, base: number, device: TrailDevice): void {
    const { lane, clock, place } = device;
    if (lane.gaps[device.gaps]?.place !== place) return;
    device.gaps += 1;
    this.gaps.push(pickedLine(batch, base, { lane, place, clock: clock.at(place), leaps: [], isEvidence: false }));
  }

  /** A line names something, by its place in the words. */
  #mention(words: Int32Array, at: number): void {
    this.#mentions.add(words[at] as number);
  }

  /** A device wrote an effect. */
  #write(batch: ColumnBatch, base: number, device: TrailDevice): void {
    const { cells: all, words } = batch;
    const { effect, originSeq, inputs, outputs, deps } = cells.write;
    this.#mention(words, all[base + effect] as number);
    const spent = all[base + inputs] as number;
    for (let index = itemsAt(words, spent); index > 0; index -= 1) this.#mention(words, words[spent + index] as number);
    const made = all[base + outputs] as number;
    for (let index = itemsAt(words, made) - 1; index >= 0; index -= 1) {
      this.#mention(words, words[made + 1 + index * outputWidth] as number);
    }
    device.clock.write(device.place);
    const claim = { origin: device.lane.number, originSeq: all[base + originSeq] as number };
    const causes = itemsAt(words, all[base + deps] as number) > 0 ? (device.ahead.shift() as readonly Claim[]) : none;
    this.#leap(batch, base, device, this.#dependencies.write(device, claim, causes, device.peers));
  }

  /** A device hears of an effect, and may apply it. */
  #hear(batch: ColumnBatch, base: number, device: TrailDevice, origin: TrailDevice): void {
    const { cells: all } = batch;
    const originSeq = all[base + cells.replication.originSeq] as number;
    if (origin !== device) device.clock.hear(origin.clock, originSeq);
    if (all[base + cells.replication.action] !== action.applied) return;
    this.#leap(batch, base, device, this.#dependencies.apply(device, origin.lane.number, originSeq, device.peers));
  }

  /** Snapshots, and what a device has at all, bear on any dispute. */
  #know(event: LoggedEvent, device: TrailDevice): void {
    if (event.type === 'publish') this.#publish(event, device);
    else if (event.type === 'import') this.snapshots.takeOver(event, device);
    else if (event.type === 'clear') this.#clear(device);
    else if (event.type !== 'device.end') return;
    const { lane, clock, place } = device;
    const { identity } = lane;
    this.known.push({
      lane,
      place,
      clock: clock.at(place),
      leaps: [],
      isEvidence: true,
      event: { ...event, identity },
    });
  }

  /** A snapshot claims its frontier, as whoever has the line of it knows; but not what that depends on, where the device has not come so far. */
  #publish(event: ReplayEvent<'publish'>, device: TrailDevice): void {
    this.snapshots.publish(event, device);
    const { frontier } = event;
    const { reached } = device;
    for (const { lane: origin } of this.#devices) {
      if ((frontier[origin.device] ?? 0) > (reached[origin.number] ?? 0)) this.#claimsMore = true;
    }
  }

  /** A device has come nowhere. */
  #clear(device: TrailDevice): void {
    this.snapshots.clear(device);
    device.reached.length = 0;
    device.claimed.length = 0;
  }

  /** What a list names as causes, as far as it is under way. */
  #causesAt(words: Int32Array, list: number, { lane, peers }: TrailDevice): readonly Claim[] {
    const claims: Claim[] = [];
    const count = itemsAt(words, list);
    for (let index = 1; index <= count; index += 1) {
      const at = words[list + index] as number;
      const effect = lane.book.find(words, at);
      if (effect >= 0) {
        const { origin, originSeq } = lane.book.effects.by(effect);
        claims.push({ origin: (peers.seen[origin] as TrailDevice).lane.number, originSeq });
      } else if (!lane.book.wasWritten(words, at)) this.#knowsCauses = false;
    }
    this.#haveCauses = true;
    return claims;
  }

  #leap(batch: ColumnBatch, base: number, { lane, clock, place }: TrailDevice, claims: readonly Claim[]): void {
    if (claims.length === 0) return;
    const leaps = claims.map(({ origin, originSeq }) => ({
      origin: (this.#devices[origin] as TrailDevice).lane,
      originSeq,
    }));
    this.#leaps.push(pickedLine(batch, base, { lane, place, clock: clock.at(place), leaps, isEvidence: false }));
  }

  /** Forgets leaps over what has come since. */
  #forgetLeaps(): void {
    if (this.#leaps.length === 0) return;
    const lacked = new Map([...this.#peers.keys()].map((book) => [book, book.effects.oldestLacked()]));
    this.#leaps = this.#leaps.filter(({ lane, leaps }) =>
      leaps.some(
        ({ origin, originSeq }) => (lacked.get(lane.book)?.[origin.index]?.[lane.index] ?? originSeq + 1) <= originSeq,
      ),
    );
  }

  /** Each stretch takes in the next one. */
  #join(): void {
    const joined = this.#marks.filter((_, index) => index % 2 === 0);
    for (const [index, { mentions }] of joined.entries()) {
      const next = this.#marks[index * 2 + 1];
      if (next) mentions.addAll(next.mentions);
    }
    this.#marks = joined;
    this.#mentions = joined.at(-1)?.mentions as Mentions;
    this.#rowsOfStretch *= 2;
  }
}

function markOf({ lane, clock, place }: TrailDevice): LaneMark {
  return { ...lane.newest, place, clock: clock.keep() };
}
