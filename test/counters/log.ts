import type { Files } from '../story.ts';

/** A line of a device's log: its type, what it says, and when, in milliseconds since the run began. */
export type Line = readonly [type: string, at: number | null, fields?: object];

const epoch = 1_748_642_400_000;

/** What a device logged, as one file. `seq` counts from 1. */
export function logOf(device: string, lines: readonly Line[], incarnation = 1): string {
  return lines
    .map(([type, at, fields], index) => ({
      ...{ level: 30, time: at === null ? undefined : epoch + at, pid: 1, hostname: 'host', msg: type },
      ...{ v: 1, type, device, identity: 'bob', incarnation, seq: index + 1, ...fields },
    }))
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

/** Logs of devices as the files of a run, in the order given. */
export function filesOf(logs: Readonly<Record<string, readonly Line[]>>): Files {
  return Object.fromEntries(Object.entries(logs).map(([device, lines]) => [`${device}.ndjson`, logOf(device, lines)]));
}

/** Counters of one window that ends at a time: `{ name: [count, totalMs, maxMs] }`. */
export function dump(at: number, windowMs: number, figures: Readonly<Record<string, readonly number[]>>): Line {
  const counters = Object.fromEntries(
    Object.entries(figures).map(([name, [count = 0, totalMs = 0, maxMs = totalMs]]) => [
      name,
      { count, totalMs, maxMs },
    ]),
  );
  return ['counters', at, { windowMs, counters }];
}

/** An operation, as its two lines; both stand where it ends where `late`, as in a log that tells of it once. */
export function operation(
  op: string,
  opId: string,
  [from, to]: readonly [number, number],
  inside: readonly Line[] = [],
  parentOpId?: string,
): Line[] {
  return [
    ['op.start', from, { op, opId, ...(parentOpId !== undefined && { parentOpId }) }],
    ...inside,
    ['op.end', to, { op, opId, ok: true, durationMs: to - from }],
  ];
}

/** A round trip that ends at a time. */
export function request(kind: string, at: number, durationMs: number, opId?: string): Line {
  return ['request', at, { kind, attempt: 1, ok: true, durationMs, ...(opId !== undefined && { opId }) }];
}

/** The beginning of a section. */
export function section(name: string, at: number, title = name): Line {
  return ['section', at, { section: name, title }];
}
