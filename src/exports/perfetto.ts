import { formatLocation } from '../events/event.ts';
import type { CounterWindow, Entry, FailedAssertion, Span } from './entry.ts';
import type { ExportedTrack, Exporter } from './exporter.ts';
import { formatMilliseconds, toMicroseconds } from './nanoseconds.ts';

/** One event of the Trace Event Format. */
type TraceEvent = Readonly<Record<string, unknown>>;

/**
 * The Trace Event Format as JSON, a line per event: a process for each track, a thread for each of its lanes, so that
 * slices of one thread nest as they must. Times are µs since 1970, each device's by its own clock.
 */
export const perfetto: Exporter = {
  name: 'perfetto',
  description: 'a timeline, opened by ui.perfetto.dev',
  draws: true,
  async *write({ name, tool, tracks }) {
    let comma = '\n';
    const lines = (events: readonly TraceEvent[]) => {
      const text = events.map((event) => JSON.stringify(event)).join(',\n');
      const before = text === '' ? '' : comma;
      if (text !== '') comma = ',\n';
      return before + text;
    };
    const processes = tracks.map((track, index) => ({ track, pid: index + 1, firstThread: 0 }));
    let threads = tracks.length;
    for (const each of processes) {
      each.firstThread = threads + 1;
      threads += each.track.layout.lanes().length;
    }
    yield '{"traceEvents":[';
    for (const { track, pid, firstThread } of processes) yield lines(introduction(track, pid, firstThread));
    for (const { track, pid, firstThread } of processes) {
      const counters = new CounterTracks(pid);
      for await (const entries of track.entries()) {
        yield lines(entries.flatMap((entry) => eventsOf(entry, track, pid, firstThread, counters)));
      }
      yield lines(counters.end());
    }
    yield `\n],"displayTimeUnit":"ms","otherData":${JSON.stringify({ run: name, exporter: tool })}}\n`;
  },
};

/** Who the process and its threads are. */
function introduction(
  { device, identity, stream, layout }: ExportedTrack,
  pid: number,
  firstThread: number,
): TraceEvent[] {
  const name = stream === undefined ? device : `${device} by ${stream}`;
  return [
    { ph: 'M', name: 'process_name', pid, tid: 0, args: { name } },
    { ph: 'M', name: 'process_sort_index', pid, tid: 0, args: { sort_index: pid } },
    ...(identity === '' ? [] : [{ ph: 'M', name: 'process_labels', pid, tid: 0, args: { labels: identity } }]),
    ...layout.lanes().flatMap((lane, index) => [
      { ph: 'M', name: 'thread_name', pid, tid: firstThread + index, args: { name: lane.name } },
      { ph: 'M', name: 'thread_sort_index', pid, tid: firstThread + index, args: { sort_index: index } },
    ]),
  ];
}

function eventsOf(
  entry: Entry,
  track: ExportedTrack,
  pid: number,
  firstThread: number,
  counters: CounterTracks,
): TraceEvent[] {
  if (entry.kind === 'span') return [slice(entry, track, pid, firstThread)];
  return entry.kind === 'assertion' ? [instant(entry, track, pid)] : counters.take(entry);
}

/** Where the span is drawn; its exact times are among the arguments. */
function slice(span: Span, { device, layout }: ExportedTrack, pid: number, firstThread: number): TraceEvent {
  const { type, name, index, opId, parentOpId, attempt, ok, bytes, blocks, durationMs, unfinished, about } = span;
  const ts = layout.startOf(index);
  return {
    ...{ ph: 'X', name, cat: type, pid, tid: firstThread + layout.laneOf(index), ts, dur: layout.endOf(index) - ts },
    args: {
      ...{
        opId,
        parentOpId,
        attempt,
        ok: ok ?? undefined,
        bytes,
        blocks,
        ...about,
        durationMs: durationMs ?? undefined,
      },
      ...(unfinished && { unfinished }),
      ...standing(span, device),
    },
  };
}

function instant(assertion: FailedAssertion, { device }: ExportedTrack, pid: number): TraceEvent {
  const { name, detail, opId, end } = assertion;
  const args = { ok: false, detail, opId, ...standing(assertion, device) };
  return { ph: 'i', s: 'p', name, cat: 'assertion', pid, tid: 0, ts: toMicroseconds(end), args };
}

/** Where it stands in the log and in its device's order, and when it ended, exactly. */
function standing({ incarnation, seq, end, timed, ...place }: Entry, device: string): TraceEvent {
  return {
    ...{ at: `${device}:${incarnation}:${seq}`, line: formatLocation(place) },
    endMs: timed ? formatMilliseconds(end) : 'not logged',
  };
}

/** A track for each counter: its value holds through the window, and is nothing where no window is. */
class CounterTracks {
  readonly #pid: number;
  readonly #openUntil = new Map<string, number>();

  constructor(pid: number) {
    this.#pid = pid;
  }

  take({ start, end, counters }: CounterWindow): TraceEvent[] {
    const [from, to] = [toMicroseconds(start), toMicroseconds(end)];
    return counters.flatMap(([name, { count, totalMs, maxMs }]) => {
      const until = this.#openUntil.get(name);
      this.#openUntil.set(name, Math.max(to, until ?? 0));
      const ended = until !== undefined && until < from ? [this.#event(name, until, nothing)] : [];
      return [...ended, this.#event(name, Math.max(from, until ?? 0), { totalMs, count, maxMs })];
    });
  }

  /** After the last window there is nothing. */
  end(): TraceEvent[] {
    return [...this.#openUntil].map(([name, until]) => this.#event(name, until, nothing));
  }

  #event(name: string, ts: number, args: TraceEvent): TraceEvent {
    return { ph: 'C', name, cat: 'counters', pid: this.#pid, tid: 0, ts, args };
  }
}

const nothing = { totalMs: 0, count: 0, maxMs: 0 };
