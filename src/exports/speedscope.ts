import { getOrCreate } from '../base/order.ts';
import type { ExportedTrack, Exporter } from './exporter.ts';
import type { Frame, Lane, Layout } from './layout.ts';

/** How many spans are written in one piece. */
const perPiece = 4096;

/**
 * The file format of speedscope: a profile for each lane of a track, all on one scale that begins with the run's first
 * span, in µs. Spans of one name are one frame, so that its sums add up; the frame's place is the first line that has it.
 */
export const speedscope: Exporter = {
  name: 'speedscope',
  description: 'flame graphs, opened by speedscope.app',
  draws: true,
  async *write({ name, tool, tracks }) {
    const rows = tracks.flatMap((track) => track.layout.lanes().map((lane) => ({ track, lane })));
    const [from, to] = bounds(rows);
    const frames = new SharedFrames();
    const schema = 'https://www.speedscope.app/file-format-schema.json';
    const title = rows.length > 0 ? `${name}, from ${new Date(from / 1000).toISOString()}` : name;
    yield `{"$schema":"${schema}","name":${JSON.stringify(title)},"exporter":${JSON.stringify(tool)},"activeProfileIndex":0,"profiles":[`;
    for (const [index, { track, lane }] of rows.entries()) {
      const head = {
        type: 'evented',
        name: nameOf(track, lane),
        unit: 'microseconds',
        startValue: 0,
        endValue: to - from,
      };
      yield `${index > 0 ? ',' : ''}\n${JSON.stringify(head).slice(0, -1)},"events":[\n`;
      yield* opensAndCloses(track.layout, lane, from, frames);
      yield ']}';
    }
    yield `\n],"shared":{"frames":[`;
    for (const [index, { name: frame, file, line }] of frames.list.entries()) {
      yield `${index > 0 ? ',' : ''}\n${JSON.stringify({ name: frame, file, line })}`;
    }
    yield '\n]}}\n';
  },
};

function nameOf({ device, stream }: ExportedTrack, { name }: Lane): string {
  return stream === undefined ? `${device}: ${name}` : `${device} by ${stream}: ${name}`;
}

function bounds(rows: readonly { readonly track: ExportedTrack; readonly lane: Lane }[]): [from: number, to: number] {
  let [from, to] = [Number.POSITIVE_INFINITY, 0];
  for (const { track, lane } of rows) {
    for (const index of lane.spans) {
      from = Math.min(from, track.layout.startOf(index));
      to = Math.max(to, track.layout.endOf(index));
    }
  }
  return from > to ? [0, 0] : [from, to];
}

/** The spans of a lane as the stack that they are: each is closed before what holds it is. */
function* opensAndCloses(layout: Layout, { spans }: Lane, from: number, frames: SharedFrames): Generator<string> {
  const open: number[] = [];
  let events: string[] = [];
  let comma = '';
  const add = (type: 'O' | 'C', index: number, at: number) => {
    const frame = frames.numberOf(layout.frames[layout.frameOf(index)] as Frame);
    events.push(`${comma}{"type":"${type}","frame":${frame},"at":${at - from}}`);
    comma = ',\n';
  };
  const closeUntil = (start: number) => {
    for (let last = open.at(-1); last !== undefined && layout.endOf(last) <= start; last = open.at(-1)) {
      add('C', last, layout.endOf(last));
      open.pop();
    }
  };
  for (const index of spans) {
    const start = layout.startOf(index);
    closeUntil(start);
    add('O', index, start);
    open.push(index);
    if (events.length >= perPiece) {
      yield events.join('');
      events = [];
    }
  }
  closeUntil(Number.POSITIVE_INFINITY);
  yield events.join('');
}

/** The frames of all tracks, each once, numbered as they are met. */
class SharedFrames {
  readonly list: Frame[] = [];
  readonly #numbers = new Map<Frame, number>();
  readonly #byName = new Map<string, number>();

  numberOf(frame: Frame): number {
    return getOrCreate(this.#numbers, frame, ({ type, name }) => {
      return getOrCreate(this.#byName, `${type} ${name}`, () => this.list.push(frame) - 1);
    });
  }
}
