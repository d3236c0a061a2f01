import { Mentions } from '../../base/mentions.ts';
import { getOrCreate } from '../../base/order.ts';
import type { ColumnBatch } from '../../events/columns/column-batch.ts';
import type { LoggedEvent, ReplayEvent } from '../../events/event.ts';
import { Beyond } from './beyond.ts';
import type { Book } from './book.ts';
import { type Claim, Dependencies, type Progress } from './dependencies.ts';
import type { EffectsUnderWay } from './effects-under-way.ts';
import type { GlanceLane } from './glance-lane.ts';
import type { Landmark, LaneMark, Stretch } from './landmark.ts';
import { cells } from './layout.ts';
import type { Peers } from './peers.ts';
import { type PickedEvent, type PickedLine, pickedLine } from './picked-line.ts';
import { RowClock } from './row-clock.ts';
import type { TapePlace } from './walk.ts';
import { itemsAt, outputWidth } from './write-row.ts';

/** How many rows make a stretch, as long as there are few. */
const shortStretch = 8192;
/** How many stretches there are at most: then each takes in the next one, and all that follow are twice as long. */
const mostStretches = 256;
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
}

/**
 * The way of a glance through a run: where it passed, what was named there, and who knew what by then. So whoever looks closer reads those
 * stretches only in which something is named that is in dispute.
 */
export class Trail {
  /** Snapshots and orderly ends, which bear on any dispute. */
  readonly known: PickedEvent[] = [];
  readonly #devices: TrailDevice[] = [];
  readonly #peers = new Map<Book, { readonly devices: Peers<TrailDevice>; readonly clocks: Peers<RowClock> }>();
  readonly #dependencies = new Dependencies();
  #leaps: PickedLine[] = [];
  #marks: { readonly from: Landmark | undefined; readonly mentions: Mentions }[] = [];
  #mentions = new Mentions();
  #rows = 0;
  #rowsOfStretch: number;
  #haveCauses = false;
  #knowsCauses = true;
  #claimsMore = false;

  /** `rowsOfStretch`: for tests; endless where files cannot be read in parts. */
  constructor(rowsOfStretch = shortStretch) {
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
    const device = { lane, clock, reached: [], claimed: [], peers: devices };
    devices.seen.push(device);
    this.#devices.push(device);
  }

  /** So many rows are about to pass. */
  pass(rows: number): void {
    this.#rows += rows;
  }

  /** A moment between rows, with the places of tapes: a new stretch begins, if this one is long enough. */
  turn(places: () => readonly TapePlace[]): void {
    if (this.#rows < this.#rowsOfStretch) return;
    const lanes = new Map(this.#devices.map((device) => [device.lane.device, markOf(device)]));
    const sent = this.#devices.reduce((sum, { clock }) => sum + clock.sent, 0);
    if (sent > mostSent) return;
    this.#forgetLeaps();
    this.#rows = 0;
    this.#mentions = new Mentions();
    this.#marks.push({ from: { places: places(), lanes }, mentions: this.#mentions });
    if (this.#marks.length > mostStretches) this.#join();
  }

  /** A line names something, by its place in the words. */
  mention(words: Int32Array, at: number): void {
    this.#mentions.add(words[at] as number);
  }

  /** A device wrote an effect. */
  write(batch: ColumnBatch, base: number, lane: GlanceLane): void {
    const { cells: all, words } = batch;
    const { effect, originSeq, inputs, outputs, cid, deps } = cells.write;
    this.mention(words, all[base + effect] as number);
    this.mention(words, all[base + cid] as number);
    const spent = all[base + inputs] as number;
    for (let index = itemsAt(words, spent); index > 0; index -= 1) this.mention(words, words[spent + index] as number);
    const made = all[base + outputs] as number;
    for (let index = itemsAt(words, made) - 1; index >= 0; index -= 1) {
      this.mention(words, words[made + 1 + index * outputWidth] as number);
    }
    const device = this.#devices[lane.number] as TrailDevice;
    device.clock.write(lane.events);
    const claim = { origin: lane.number, originSeq: all[base + originSeq] as number };
    const causes = this.#causesAt(words, all[base + deps] as number, device);
    this.#leap(batch, base, device, this.#dependencies.write(device, claim, causes, device.peers));
  }

  /** A device hears of an effect of another. */
  hear(lane: GlanceLane, origin: GlanceLane, originSeq: number): void {
    const device = this.#devices[lane.number] as TrailDevice;
    device.clock.hear((this.#devices[origin.number] as TrailDevice).clock, originSeq);
  }

  /** A device applies an effect. */
  apply(batch: ColumnBatch, base: number, lane: GlanceLane, origin: GlanceLane, originSeq: number): void {
    const device = this.#devices[lane.number] as TrailDevice;
    this.#leap(batch, base, device, this.#dependencies.apply(device, origin.number, originSeq, device.peers));
  }

  /** A line of which the event is known bears on any dispute. */
  know(event: LoggedEvent, lane: GlanceLane): void {
    const { clock } = this.#devices[lane.number] as TrailDevice;
    const { identity, events: place } = lane;
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
  claimFrontier({ frontier }: ReplayEvent<'publish'>, lane: GlanceLane): void {
    const { reached } = this.#devices[lane.number] as TrailDevice;
    for (const { lane: origin } of this.#devices) {
      if ((frontier[origin.device] ?? 0) > (reached[origin.number] ?? 0)) this.#claimsMore = true;
    }
  }

  /** What a list names as causes, as far as it is under way. */
  #causesAt(words: Int32Array, list: number, { lane, peers }: TrailDevice): readonly Claim[] {
    const count = itemsAt(words, list);
    const claims: Claim[] = [];
    for (let index = 1; index <= count; index += 1) {
      const at = words[list + index] as number;
      const effect = lane.book.find(words, at);
      if (effect >= 0) {
        const { origin, originSeq } = lane.book.effects.by(effect);
        claims.push({ origin: (peers.seen[origin] as TrailDevice).lane.number, originSeq });
      } else if (!lane.book.wasWritten(words, at)) this.#knowsCauses = false;
      this.#haveCauses = true;
    }
    return claims;
  }

  #leap(batch: ColumnBatch, base: number, { lane, clock }: TrailDevice, claims: readonly Claim[]): void {
    if (claims.length === 0) return;
    const { events: place } = lane;
    const leaps = claims.map(({ origin, originSeq }) => ({
      origin: (this.#devices[origin] as TrailDevice).lane,
      originSeq,
    }));
    this.#leaps.push(pickedLine(batch, base, { lane, place, clock: clock.at(place), leaps, isEvidence: false }));
  }

  /** Forgets leaps over what has come since. */
  #forgetLeaps(): void {
    if (this.#leaps.length === 0) return;
    const lacked = new Map([...this.#peers.keys()].map((book) => [book, oldestLacked(book.effects)]));
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

function markOf({ lane, clock }: TrailDevice): LaneMark {
  return { ...lane.newest, place: lane.events, clock: clock.keep() };
}

/** By origin and by device, which are given by their indices, the number of the oldest effect that the device lacks. */
function oldestLacked(effects: EffectsUnderWay): readonly (readonly number[])[] {
  const oldest = Array.from({ length: effects.devices }, () =>
    new Array<number>(effects.devices).fill(Number.POSITIVE_INFINITY),
  );
  for (const effect of effects.open()) {
    const { origin, originSeq } = effects.by(effect);
    const ofOrigin = oldest[origin] as number[];
    for (const [device, known] of ofOrigin.entries()) {
      if (!effects.isKnownTo(effect, device)) ofOrigin[device] = Math.min(known, originSeq);
    }
  }
  return oldest;
}
