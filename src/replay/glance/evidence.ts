import { getOrCreate } from '../../base/order.ts';
import type { LoggedEvent } from '../../events/event.ts';
import type { Mark } from '../mark.ts';
import { Retelling, type States } from '../projection.ts';
import { arbitration } from '../projections/arbitration.ts';
import { assertions } from '../projections/assertions.ts';
import { type Capture, captures, type Hole } from '../projections/captures.ts';
import { delivery, type Phase, type Replication } from '../projections/delivery.ts';
import { readings } from '../projections/readings.ts';
import { newReplica, newReplication, phaseOf } from '../projections/replication.ts';
import { shown } from '../projections/shown.ts';
import { gapBefore } from '../sequence.ts';
import { Beyond } from './beyond.ts';
import type { Book } from './book.ts';
import type { Glanced } from './glance.ts';
import type { GlanceLane } from './glance-lane.ts';
import { inCausalOrder, type PickedEvent } from './picked-line.ts';
import { readingsOf, statesOf } from './states.ts';
import type { Trail } from './trail.ts';
import { wrongReadings } from './unconfirmed.ts';

/** A line that bears on what a glance left open, and its event with its place in happens-before. */
interface Evidence {
  readonly line: PickedEvent;
  readonly mark: Mark<LoggedEvent>;
}

/**
 * The states in which projections would be after a run of which a glance left something open. `picked`: all that bears on
 * it; everything else went by the book, and is forgotten. `observed`: what observers showed, as far as that matters.
 */
export function statesWith(
  glanced: Glanced,
  picked: readonly PickedEvent[],
  observed: readonly Mark<LoggedEvent>[],
  devicesOf: (identity: string) => number,
): States {
  const evidence = inCausalOrder(picked).map((line): Evidence => {
    const { event, lane, place, clock } = line;
    return { line, mark: { event, lane: lane.number, position: place, clock } };
  });
  const told = [...evidence.filter(({ line }) => line.isEvidence).map(({ mark }) => mark), ...observed];
  const marks = new Map(told.map((mark) => [mark.event, mark]));
  const retelling = new Retelling([delivery, arbitration, assertions, shown], devicesOf, marks);
  for (const { event } of told) retelling.apply(event);
  const replications = retelling.read(delivery);
  for (const book of glanced.books) {
    const replication = getOrCreate(replications, book.identity, newReplication);
    const ofBook = evidence.filter(({ line }) => line.lane.book === book);
    forgetRest(replication, book, ofBook);
    for (const lane of glanced.lanes) {
      if (lane.book !== book) continue;
      placeReplica(replication, lane, ofBook);
      noteStillborn(replication, lane, ofBook);
    }
  }
  return statesOf(
    glanced,
    new Map<unknown, unknown>([
      [captures, new Map(glanced.lanes.map((lane) => [lane.device, captureWith(lane, glanced, evidence)]))],
      [delivery, replications],
      [arbitration, retelling.read(arbitration)],
      [readings, readingsOf(glanced.lanes, (lane) => wrongIn(lane, evidence))],
      ...(glanced.failed > 0 ? showings(retelling) : []),
    ]),
  );
}

/** What was asserted, and what devices showed beside that. */
function showings(retelling: States): readonly (readonly [unknown, unknown])[] {
  return [
    [assertions, retelling.read(assertions)],
    [shown, retelling.read(shown)],
  ];
}

/** Counts what is not among the evidence as looked at and forgotten. */
function forgetRest(replication: Replication, book: Book, evidence: readonly Evidence[]): void {
  const { forgotten } = replication;
  Object.assign(forgotten, book.ended.booked);
  const open = new Set([...book.effects.open()].map((effect) => book.effects.names.text(effect)));
  for (const { mark, line } of evidence) {
    if (!line.isEvidence || !isOf(mark, 'write')) continue;
    const { effect, kind, inputs = [], outputs = [] } = mark.event;
    if (inputs.length > 0 || kind === 'receive') forgotten.transfers -= 1;
    if (open.has(effect)) continue;
    const made = outputs.filter(({ owner }) => owner === undefined || owner === book.identity);
    forgotten.effects -= 1;
    forgotten.spent -= inputs.length;
    forgotten.changes -= book.devices * (inputs.length + made.length);
  }
  // Snapshots list what they claim: a glance saw to that.
  replication.doubtful = false;
  replication.loose = false;
  // Whatever could be missing in what devices showed was sought.
  replication.vouched = true;
}

/** What a device did with what is forgotten, as far as that says something about the rest. */
function placeReplica(
  replication: Replication,
  { device, index, active, book }: GlanceLane,
  evidence: readonly Evidence[],
): void {
  const replica = getOrCreate(replication.replicas, device, newReplica);
  const { phases } = replica;
  replica.active = active;
  // Whoever was wiped had booked all that it knew.
  phaseOf(replica).booked = book.ended.bookedUntil[index] as number;
  for (const { line, mark } of evidence) {
    if (line.lane.device !== device) continue;
    const phase = phases.findLast(({ from }) => (from?.position ?? 0) < mark.position) as Phase;
    for (const { origin, originSeq } of line.leaps) {
      getOrCreate(phase.progress, origin.device, () => ({ highest: 0, leaps: [] })).leaps.push({ originSeq, by: mark });
    }
  }
}

/** Tells which tokens of the evidence did not come alive on a device, where what spent them is forgotten. */
function noteStillborn({ stillborn }: Replication, lane: GlanceLane, evidence: readonly Evidence[]): void {
  const { device, index, book } = lane;
  const made = evidence.flatMap(({ mark }) => (isOf(mark, 'write') ? (mark.event.outputs ?? []) : []));
  const tokens = made.map(({ tokenId }) => tokenId).filter((tokenId) => book.stillborn.has(index, tokenId));
  if (tokens.length > 0 && lane.isRecovered)
    throw new Beyond('a token that did not come alive before a clear, or since');
  if (tokens.length > 0) stillborn.set(device, new Set(tokens));
}

function captureWith(lane: GlanceLane, { plan, trail }: Glanced, evidence: readonly Evidence[]): Capture {
  const capture = lane.capture(plan);
  for (const { line, mark } of evidence) {
    if (line.lane !== lane || !isOf(mark, 'device.end')) continue;
    for (const each of capture.incarnations) if (each.incarnation === mark.event.incarnation) each.end = mark;
  }
  if (lane.gaps.length > 0) capture.holes.push(...holesIn(lane, trail, evidence));
  return capture;
}

/** Lines that are missing stand between two others. */
function holesIn(lane: GlanceLane, { gaps }: Trail, evidence: readonly Evidence[]): readonly Hole[] {
  const behind = new Map(evidence.filter(({ line }) => line.lane === lane).map(({ line, mark }) => [line.place, mark]));
  const clocks = new Map(gaps.filter((line) => line.lane === lane).map(({ place, clock }) => [place, clock]));
  return lane.gaps.map(({ place, ...gap }): Hole => {
    const event = gapBefore((behind.get(place) as Mark<LoggedEvent>).event, gap);
    const position = place - 0.5;
    const clock = (clocks.get(place) as readonly number[]).with(lane.number, position);
    return { before: { event, lane: lane.number, position, clock }, ...gap, hides: 'anything', soft: false };
  });
}

function wrongIn(lane: GlanceLane, evidence: readonly Evidence[]): ReturnType<typeof wrongReadings> {
  const marks = new Map(evidence.filter(({ line }) => line.lane === lane).map(({ line, mark }) => [line.place, mark]));
  return wrongReadings(lane.unconfirmed, (place) => marks.get(place) as Mark<LoggedEvent>);
}

function isOf<Type extends LoggedEvent['type']>(
  mark: Mark<LoggedEvent>,
  type: Type,
): mark is Mark<Extract<LoggedEvent, { type: Type }>> {
  return mark.event.type === type;
}
