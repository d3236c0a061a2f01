import { toMicroseconds } from '../../base/intervals.ts';
import { getOrCreate } from '../../base/order.ts';
import type { HistoryEvent } from '../causal-order.ts';
import { type CountedSource, spanOf } from '../counters/span.ts';
import { defineProjection } from '../projection.ts';

/** From the first to the last moment that lines tell of, in µs on their device's clock. */
export interface Extent {
  from: number;
  to: number;
}

/** One start of a device's process, as far as its own lines and its counters say how long it lived. */
export interface Process {
  readonly device: string;
  readonly incarnation: number;
  /** By the device's own lines; by what an observer saw of it where it has none. */
  own: Extent | null;
  observed: Extent | null;
  /** The windows of its counters, in µs, and when the last of them ended. */
  readonly windows: number[];
  lastDump: number | null;
  /** The summed time of all its counters. */
  countedUs: number;
  /** Whether its start and its end are logged. */
  started: boolean;
  ended: boolean;
}

/** The beginning of a section, as a line tells it. */
export interface SectionStart {
  readonly section: string;
  readonly title: string;
  /** In µs on the clock of who tells it. */
  readonly time: number;
  readonly device: string;
  readonly seq: number;
}

/** What an identity can count, by the word before its colon. */
export type CountedKind = Extract<CountedSource, 'counter' | 'op' | 'request'> | 'event';

/** When things were, and how often each name occurs: what must be known before figures are put into sections. */
export interface Timeline {
  /** By device, by incarnation. */
  readonly processes: Map<string, Map<number, Process>>;
  readonly sections: SectionStart[];
  /** How often each counter counted, each kind of request, each operation and each type of event occurs. */
  readonly names: Map<CountedKind, Map<string, number>>;
  /** Places of missing or unreadable lines. */
  holes: number;
  /** Whether any process logs its start or its end, so that an end which is not there means something. */
  lifecycles: boolean;
}

/** How long processes lived, where sections begin, and how often everything occurs that has a name. */
export const timeline = defineProjection<Timeline>({
  name: 'timeline',
  initial: () => ({
    processes: new Map(),
    sections: [],
    names: new Map([
      ['counter', new Map()],
      ['request', new Map()],
      ['op', new Map()],
      ['event', new Map()],
    ]),
    holes: 0,
    lifecycles: false,
  }),
  each(state, event) {
    if (event.type === 'gap' || event.type === 'unreadable') state.holes++;
    if (event.type === 'gap') return;
    if (event.type !== 'unknown' && event.type !== 'unreadable') count(state, 'event', event.type);
    live(state, event);
  },
  on: {
    section(state, { section, title, time, device, seq }) {
      if (time !== null) state.sections.push({ section, title, time: toMicroseconds(time), device, seq });
    },
    counters(state, event) {
      const life = processOf(state, event.device, event.incarnation);
      life.windows.push(Math.max(0, toMicroseconds(event.windowMs)));
      for (const [name, { count: calls, totalMs }] of Object.entries(event.counters)) {
        count(state, 'counter', name, calls);
        life.countedUs += Math.max(0, toMicroseconds(totalMs));
      }
      if (event.time !== null)
        life.lastDump = Math.max(life.lastDump ?? Number.NEGATIVE_INFINITY, toMicroseconds(event.time));
    },
    request: (state, { kind }) => count(state, 'request', kind),
    'op.end': (state, { op }) => count(state, 'op', op),
    'device.start'(state, event) {
      state.lifecycles = true;
      processOf(state, event.device, event.incarnation).started = true;
    },
    'device.end'(state, event) {
      state.lifecycles = true;
      processOf(state, event.device, event.incarnation).ended = true;
    },
  },
});

/** From the process's first to its last moment; `null` where no line of it has a time. */
export function extentOf({ own, observed }: Process): Extent | null {
  return own ?? observed;
}

/** What a harness says of a run is no sign of a process of its own. */
const harnessTypes: readonly HistoryEvent['type'][] = ['section', 'assertion', 'sample'];

function live(state: Timeline, event: HistoryEvent): void {
  const { device, incarnation, stream } = event;
  if (harnessTypes.includes(event.type)) return;
  const span = spanOf(event);
  if (stream !== undefined && span === undefined && event.type !== 'counters') return;
  const life = processOf(state, device, incarnation);
  if (event.time === null) return;
  const to = toMicroseconds(event.time);
  // A window may be said to be longer than its process: it tells of the start only where no line does.
  const windowUs = event.type === 'counters' && !life.started ? Math.max(0, toMicroseconds(event.windowMs)) : 0;
  const from = to - (span?.us ?? windowUs);
  const key = stream === undefined ? 'own' : 'observed';
  const extent = life[key];
  if (extent === null) life[key] = { from, to };
  else {
    extent.from = Math.min(extent.from, from);
    extent.to = Math.max(extent.to, to);
  }
}

function processOf({ processes }: Timeline, device: string, incarnation: number): Process {
  const ofDevice = getOrCreate(processes, device, (): Map<number, Process> => new Map());
  return getOrCreate(ofDevice, incarnation, () => ({
    ...{ device, incarnation, own: null, observed: null },
    ...{ windows: [], lastDump: null, countedUs: 0, started: false, ended: false },
  }));
}

function count({ names }: Timeline, kind: CountedKind, name: string, times = 1): void {
  const counts = names.get(kind);
  counts?.set(name, (counts.get(name) ?? 0) + times);
}
