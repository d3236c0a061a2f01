import { byText, getOrCreate } from '../base/order.ts';
import { type HistoryEvent, laneKey } from './causal-order.ts';
import { type HistoryOptions, type Reading, readHistory } from './history.ts';
import type { Run, RunFile } from './run.ts';
import { Disorder } from './sequence.ts';

/** What one log says of one device: the device's own lines, or those of an observer about it. Each is in an order of its own. */
export interface Track {
  readonly device: string;
  readonly identity: string;
  /** The observer's stream; `undefined` for the device's own lines. */
  readonly stream: string | undefined;
  /** The run, with the files alone that hold lines of this track. */
  readonly run: Run;
  /** Lanes that are sorted in memory when the track is read. */
  readonly sorted: ReadonlySet<string>;
}

/** What is made of a track's events while a run is surveyed. */
export interface Visitor {
  take(event: HistoryEvent): void;
}

/** A track, and what its visitor is in after the survey. */
export type SurveyedTrack<Visiting extends Visitor> = Track & { readonly visitor: Visiting };

interface Found<Visiting> {
  readonly key: string;
  readonly device: string;
  readonly stream: string | undefined;
  identity: string;
  readonly files: Set<string>;
  readonly visitor: Visiting;
}

/**
 * Reads a run once and finds its tracks, ordered by device, the device's own before its observers'. Each has a visitor
 * that sees its events in their order; begun anew where a device turns out to be logged out of order.
 */
export async function surveyTracks<Visiting extends Visitor>(
  run: Run,
  options: Omit<HistoryOptions, 'sorted'>,
  visit: () => Visiting,
): Promise<{ readonly tracks: readonly SurveyedTrack<Visiting>[]; readonly reading: Reading }> {
  const sorted = new Set<string>();
  for (;;) {
    const { batches, reading } = readHistory(run, { ...options, sorted });
    const found = new Map<string, Map<string, Found<Visiting>>>();
    try {
      for await (const batch of batches) for (const event of batch) meet(found, event, visit).visitor.take(event);
    } catch (error) {
      if (!(error instanceof Disorder) || sorted.has(error.key)) throw error;
      sorted.add(error.key);
      continue;
    }
    const tracks = [...found.values()].flatMap((devices) => [...devices.values()]);
    return { tracks: tracks.sort(inOrder).map((track) => surveyed(run, track, sorted)), reading };
  }
}

/**
 * Reads one track in its order: the same events as in the survey, whatever lies beside them. Reads the files alone that
 * hold it; where these belong to several devices, its events are sorted in memory.
 */
export async function* readTrack(
  { run, device, stream, sorted }: Track,
  onBytes?: (bytes: number) => void,
): AsyncGenerator<readonly HistoryEvent[]> {
  const { batches } = readHistory(run, { sorted, maxProblems: 0, ...(onBytes && { onBytes }) });
  for await (const batch of batches) {
    const own = batch.filter((event) => event.device === device && event.stream === stream);
    if (own.length > 0) yield own;
  }
}

function meet<Visiting>(
  found: Map<string, Map<string, Found<Visiting>>>,
  event: HistoryEvent,
  visit: () => Visiting,
): Found<Visiting> {
  const { device, stream, identity, file } = event;
  const devices = getOrCreate(found, stream === undefined ? 'own' : `stream ${stream}`, () => new Map());
  const track = getOrCreate(devices, device, () => ({
    ...{ key: laneKey(event), device, stream, identity },
    ...{ files: new Set<string>(), visitor: visit() },
  }));
  if (track.identity === '') track.identity = identity;
  track.files.add(file.path);
  return track;
}

function surveyed<Visiting extends Visitor>(
  run: Run,
  { key, device, stream, identity, files: paths, visitor }: Found<Visiting>,
  sorted: ReadonlySet<string>,
): SurveyedTrack<Visiting> {
  const files = run.files.filter(({ path }) => paths.has(path));
  // Files of one device are read one after the other, as in the survey; others could come in between at another place.
  const between = new Set(files.map(ownerOf)).size > 1;
  const inMemory = between ? new Set([...sorted, key]) : sorted;
  return { device, identity, stream, run: { ...run, files }, sorted: inMemory, visitor };
}

/** Files with the same owner follow one another when a run is read. */
function ownerOf({ first, path }: RunFile): string {
  return first ? `device ${first.device}` : `file ${path}`;
}

function inOrder(left: Found<unknown>, right: Found<unknown>): number {
  const own = Number(left.stream !== undefined) - Number(right.stream !== undefined);
  return byText(left.device, right.device) || own || byText(left.stream ?? '', right.stream ?? '');
}
