import { toMicroseconds } from '../../base/intervals.ts';
import { getOrCreate, sortedEntries } from '../../base/order.ts';
import type { ReplayEvent } from '../../events/event.ts';
import type { HistoryEvent } from '../causal-order.ts';
import { addCounters, addSpan, type Division, type Figures, newFigures, noOperation } from '../counters/figures.ts';
import {
  type Growing,
  type Growths,
  type LaneWindow,
  newLaneWindow,
  noteAsked,
  noteOperation,
  noteSince,
  noteWindowEnd,
  resetLaneWindow,
} from '../counters/growing.ts';
import {
  addPart,
  type Call,
  closeOperation,
  forgetOldest,
  type Nesting,
  newNesting,
  openOperation,
  selfOf,
} from '../counters/nesting.ts';
import { hashOf, type Span, spanOf } from '../counters/span.ts';
import { defineProjection, type Projection } from '../projection.ts';

/** What figures are asked for: how they are divided, and what growth is asked about. */
export interface CountersQuestion extends Division {
  readonly growing: Growing | null;
}

/** One log of a device: its own, or what an observer's file says of it. Each has an order and a clock of its own. */
interface Lane {
  readonly key: string;
  readonly nesting: Nesting;
  readonly window: LaneWindow;
  /** When the process began, in µs, where a line says so. */
  born: number | null;
}

/** The figures of a run, and what is needed to go on with them. */
export interface Counters {
  readonly figures: Figures;
  readonly growing: Growing | null;
  readonly lanes: Map<string, Lane>;
  /** Empty where no growth is asked about. */
  readonly growths: Growths;
}

/** Sums over calls and over windows, by name. Nothing is kept of a single event but a sample, so that memory follows the names. */
export function countersFor({ growing, ...division }: CountersQuestion): Projection<Counters> {
  return defineProjection<Counters>({
    name: 'counters',
    initial: () => ({ figures: newFigures(division), growing, lanes: new Map(), growths: new Map() }),
    each(state, event) {
      if (event.type === 'gap' || event.type === 'unknown' || event.type === 'unreadable') return;
      const lane = laneOf(state, event);
      if (growing) noteAsked(lane.window, lane.nesting, growing, event);
      const span = spanOf(event);
      if (span && event.type !== 'op.end') addLeaf(state, lane, span, event);
    },
    on: {
      'device.start'(state, event) {
        if (event.time !== null) laneOf(state, event).born = toMicroseconds(event.time);
      },
      'op.start': startOperation,
      'op.end': endOperation,
      counters(state, event) {
        const { born, window } = laneOf(state, event);
        addCounters(state.figures, event, born);
        if (growing) noteWindowEnd(state.growths, growing, window, event);
      },
    },
  });
}

/** Settles what still waits for the end of an operation: to be called once, when all is read. */
export function settleCounters(state: Counters): void {
  for (const [, lane] of sortedEntries(state.lanes)) settleLane(state, lane);
}

function laneOf(state: Counters, { device, stream, incarnation }: HistoryEvent): Lane {
  const key = `${device}\0${stream ?? ''}`;
  const lane = getOrCreate(state.lanes, key, () => ({
    key,
    nesting: newNesting(),
    window: newLaneWindow(),
    born: null,
  }));
  if (lane.nesting.incarnation !== incarnation) {
    settleLane(state, lane);
    lane.nesting.incarnation = incarnation;
    lane.born = null;
  }
  return lane;
}

/** Ids of operations name nothing beyond the life of a process. */
function settleLane(state: Counters, { key, nesting, window }: Lane): void {
  for (const { waiting, name } of nesting.open.values())
    for (const part of waiting) addSpan(state.figures, key, name ?? noOperation, part);
  nesting.open.clear();
  nesting.ended.clear();
  resetLaneWindow(window);
}

function addLeaf(state: Counters, lane: Lane, span: Span, event: HistoryEvent): void {
  const { opId } = event;
  addTo(state, lane, opId, {
    span,
    selfUs: opId === undefined ? null : span.us,
    nested: opId !== undefined,
    hash: hashOf(event),
  });
}

/** Counts a call where it belongs, now or once the operation that it is a part of has a name. */
function addTo(state: Counters, lane: Lane, parentId: string | undefined, part: Call): void {
  const { growing, figures } = state;
  const { grouping } = figures.division;
  const { nesting, key, window } = lane;
  if (growing) noteSince(window, part.span);
  const known = parentId === undefined ? noOperation : nesting.ended.get(parentId);
  if (parentId === undefined || known !== undefined) {
    addSpan(state.figures, key, known ?? noOperation, part);
    return;
  }
  const parent = openOperation(nesting, parentId);
  addPart(parent, part.span);
  if (parent.name !== null || grouping !== 'op') addSpan(state.figures, key, parent.name ?? noOperation, part);
  else parent.waiting.push(part);
  forgetExcess(state, lane);
}

function forgetExcess({ figures }: Counters, { key, nesting }: Lane): void {
  for (const part of forgetOldest(nesting)?.waiting ?? []) addSpan(figures, key, noOperation, part);
}

function startOperation(state: Counters, event: ReplayEvent<'op.start'>): void {
  const { opId, op, parentOpId } = event;
  if (opId === undefined) return;
  const lane = laneOf(state, event);
  const operation = openOperation(lane.nesting, opId);
  operation.name = op;
  if (parentOpId !== undefined && parentOpId !== opId) operation.parent = parentOpId;
  for (const part of operation.waiting.splice(0)) addSpan(state.figures, lane.key, op, part);
  forgetExcess(state, lane);
}

function endOperation(state: Counters, event: ReplayEvent<'op.end'>): void {
  const lane = laneOf(state, event);
  const { nesting, key } = lane;
  const span = spanOf(event) as Span;
  const hash = hashOf(event);
  const operation = event.opId === undefined ? undefined : nesting.open.get(event.opId);
  if (event.opId === undefined || operation === undefined) {
    addTo(state, lane, undefined, { span, selfUs: null, nested: false, hash });
    return;
  }
  for (const part of operation.waiting.splice(0)) addSpan(state.figures, key, event.op, part);
  closeOperation(nesting, event.opId, event.op);
  const { growing } = state;
  if (growing) noteOperation(state.growths, growing, nesting, operation, event, span.us ?? 0);
  const nested = operation.nested || operation.parent !== undefined;
  const selfUs = nesting.forgot ? null : selfOf(operation, span);
  addTo(state, lane, operation.parent, { span, selfUs, nested, hash });
}
