import { type SimulatedRun, type SimulationOptions, simulate } from '../simulator/index.ts';
import { Random } from '../simulator/prng.ts';
import type { Files } from '../story.ts';

/** A simulated run as files. */
export function filesOf(run: SimulatedRun): Files {
  return Object.fromEntries(run.files.map(({ name, content }) => [name, content]));
}

/** The files of a seed's run, and what is true of it. */
export function simulated(options: SimulationOptions): { files: Files; name: string; run: SimulatedRun } {
  const run = simulate({ run: 'run-1', ...options });
  return { files: filesOf(run), name: run.name, run };
}

/** Changes the logs of a run; the manifest stays. A file of which nothing is left goes. */
export function mapLogs(files: Files, change: (lines: string[], path: string) => string[]): Files {
  const entries = Object.entries(files).flatMap(([path, content]): [string, string][] => {
    if (path === 'run.json') return [[path, content]];
    const complete = content.endsWith('\n');
    const lines = change(content.split('\n').slice(0, complete ? -1 : undefined), path);
    return lines.length === 0 ? [] : [[path, lines.join('\n') + (complete ? '\n' : '')]];
  });
  return Object.fromEntries(entries);
}

/** A line of a log that has a place in a device's sequence. */
export class Line {
  readonly path: string;
  /** From 1. */
  readonly line: number;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a record as it was parsed
  readonly record: any;
  /** Whether nothing follows it in its incarnation. */
  isLast = false;

  constructor(path: string, line: number, text: string) {
    this.path = path;
    this.line = line;
    this.text = text;
    this.record = text.endsWith('}') ? JSON.parse(text) : {};
  }

  get device(): string {
    return this.record.device;
  }

  get incarnation(): number {
    return this.record.incarnation;
  }

  get seq(): number {
    return this.record.seq;
  }

  is({ path, line }: Line): boolean {
    return this.path === path && this.line === line;
  }

  /** Whether it is the other line, or a later one of the same incarnation. */
  follows({ device, incarnation, seq }: Line): boolean {
    return this.device === device && this.incarnation === incarnation && this.seq >= seq;
  }
}

/** The lines of all logs that have a place in a device's sequence, file by file. */
export function linesOf(files: Files): Line[] {
  const found = Object.entries(files)
    .filter(([path]) => path !== 'run.json')
    .flatMap(([path, content]) => content.split('\n').map((text, index) => new Line(path, index + 1, text)))
    .filter(({ record }) => record.seq !== undefined);
  const newest = new Map(found.map((line) => [`${line.device} ${line.incarnation}`, line]));
  for (const line of newest.values()) line.isLast = true;
  return found;
}

/** Puts other lines in the place of each; lines without a place in a sequence stay. */
export function rewrite(files: Files, change: (line: Line) => string[]): Files {
  return mapLogs(files, (lines, path) =>
    lines.flatMap((text, index) => {
      const line = new Line(path, index + 1, text);
      return line.record.seq === undefined ? [text] : change(line);
    }),
  );
}

/**
 * Takes lines away: here and there, from an end, or in one piece, from one file or from all. What stays is the last line
 * before a restart within a file: without it the lines before it could go unnoticed, and a crash would look the same.
 */
export function removeLines(files: Files, random: Random): Files {
  const share = random.pick([0.002, 0.01, 0.05, 0.2, 0.5]);
  const way = random.pick(['scattered', 'head', 'tail', 'block']);
  const logs = Object.keys(files).filter((path) => path !== 'run.json');
  const victims = random.chance(0.5) ? logs : [random.pick(logs)];
  return mapLogs(files, (lines, path) => {
    if (!victims.includes(path)) return lines;
    const count = Math.ceil(lines.length * share);
    const from = way === 'head' ? 0 : way === 'tail' ? lines.length - count : random.between(0, lines.length - 1);
    const goes = (index: number) =>
      way === 'scattered' ? random.chance(share) : index >= from && index < from + count;
    const stays = beforeRestarts(lines);
    return lines.filter((line, index) => !goes(index) || stays.has(line));
  });
}

function beforeRestarts(lines: readonly string[]): Set<string> {
  const last = new Map<string, { incarnation: number; line: string }>();
  const found = new Set<string>();
  for (const line of lines) {
    const { device, incarnation, seq } = JSON.parse(line);
    if (seq === undefined) continue;
    const before = last.get(device);
    if (before && before.incarnation < incarnation) found.add(before.line);
    last.set(device, { incarnation, line });
  }
  return found;
}

/** Every device's clock is put off by an amount of its own. */
export function shiftClocks(files: Files, offsets: (device: string) => number): Files {
  return mapRecords(files, (record) => ({ ...record, time: Number(record.time) + offsets(String(record.device)) }));
}

/** Names devices anew, wherever they are named. */
export function relabel(text: string, names: ReadonlyMap<string, string>): string {
  const known = [...names.keys()].sort((left, right) => right.length - left.length).join('|');
  return text.replace(new RegExp(known, 'g'), (name) => names.get(name) as string);
}

/** The lines of all logs in one file, each device's in their order, the devices' mixed as chance has it. */
export function interleave(files: Files, random: Random): Files {
  const queues = Object.entries(files)
    .filter(([path]) => path !== 'run.json')
    .map(([, content]) => content.split('\n').slice(0, -1));
  const mixed: string[] = [];
  for (let open = queues; open.length > 0; open = open.filter((queue) => queue.length > 0)) {
    mixed.push(...random.pick(open).splice(0, random.between(1, 5)));
  }
  const { 'run.json': manifest } = files;
  return {
    'all.ndjson': `${mixed.join('\n')}\n`,
    ...(manifest !== undefined && { 'run.json': withoutFiles(manifest) }),
  };
}

/** Files under other names, so that they are read in another order. */
export function rename(files: Files, random: Random): { files: Files; oldByNew: Map<string, string> } {
  const logs = Object.keys(files).filter((path) => path !== 'run.json');
  const places = random.shuffled(logs.map((_, index) => `log-${String.fromCharCode(97 + index)}`));
  const oldByNew = new Map(logs.map((path, index) => [`${places[index]}.ndjson`, path]));
  const renamed = [...oldByNew].map(([fresh, path]) => [fresh, files[path] as string]);
  const { 'run.json': manifest } = files;
  if (manifest !== undefined) renamed.push(['run.json', withoutFiles(manifest)]);
  return { files: Object.fromEntries(renamed), oldByNew };
}

function withoutFiles(manifest: string): string {
  return JSON.stringify(JSON.parse(manifest), (key, value) => (key === 'files' ? undefined : value));
}

function mapRecords(files: Files, change: (record: Record<string, unknown>) => Record<string, unknown>): Files {
  return mapLogs(files, (lines) => lines.map((line) => JSON.stringify(change(JSON.parse(line)))));
}

/** A source of chance that is the same every time. */
export function chance(seed: number, use: string): Random {
  return new Random(seed).fork(use);
}

/** The same logs but for one line, or for some that are moved, and what was done to it. Numbers stay without a gap where a line goes or comes. */
export function withOneChange(files: Files, random: Random): [Files, string] {
  const lines = linesOf(files).filter(({ record }) => record.type in changes || random.chance(0.1));
  const chosen = random.pick(lines);
  const change = random.pick([
    ...(changes[chosen.record.type] ?? []),
    'lost',
    'doubled',
    'gone without a gap',
    'moved',
  ]);
  if (change === 'moved') return moveUp(files, chosen, random);
  const other = random.pick(lines.filter(({ record }) => record.type === chosen.record.type)).record;
  const changed = rewrite(files, (line) => {
    const { record, text } = line;
    if (change === 'gone without a gap' && line.follows(chosen)) {
      return line.is(chosen) ? [] : [JSON.stringify({ ...record, seq: record.seq - 1 })];
    }
    if (!line.is(chosen)) return [text];
    if (change === 'lost') return [];
    if (change === 'doubled') return [text, text];
    return [JSON.stringify({ ...record, [change]: valueFor(record[change], other[change], random) })];
  });
  return [changed, `${change} of ${chosen.path}:${chosen.line}: ${chosen.text}`];
}

/** A device did something sooner: some of its lines, from one on, come before others that stood before them. Each place keeps its number. */
function moveUp(files: Files, first: Line, random: Random): [Files, string] {
  const places = linesOf(files).filter(
    ({ path, device, incarnation }) =>
      path === first.path && device === first.device && incarnation === first.incarnation,
  );
  const from = places.findIndex((line) => line.is(first));
  const [count, sooner] = [random.between(1, 12), random.between(1, 40)];
  const moved = [...places];
  moved.splice(Math.max(0, from - sooner), 0, ...moved.splice(from, count));
  const records = new Map(places.map(({ line }, index) => [line, moved[index]?.record]));
  const changed = rewrite(files, ({ path, line, seq, text }) => {
    const record = path === first.path ? records.get(line) : undefined;
    return [record ? JSON.stringify({ ...record, seq }) : text];
  });
  return [changed, `${count} lines from ${first.path}:${first.line} on, ${sooner} lines sooner`];
}

/** By event type, the fields that decide what becomes of effects and tokens. */
const changes: Readonly<Record<string, readonly string[]>> = {
  write: ['effect', 'originSeq', 'kind', 'inputs', 'outputs', 'deps', 'type', 'identity', 'run', 'incarnation'],
  replication: ['effect', 'origin', 'originSeq', 'action', 'headsOnly', 'device'],
  balance: ['tokenId', 'coin', 'delta', 'effect', 'snapshot'],
  'balance.read': ['coin', 'amount', 'tokens'],
  'tokens.read': ['tokens'],
  publish: ['frontier', 'contents', 'snapshot'],
  assertion: ['ok'],
  arbiter: ['verdict', 'tokenId'],
  'device.end': ['quiescent', 'type'],
};

/** Another value of that kind: the one of a line of the same type, or one that is made up. */
function valueFor(own: unknown, other: unknown, random: Random): unknown {
  if (JSON.stringify(own) !== JSON.stringify(other) && random.chance(0.5)) return other;
  if (typeof own === 'number') return own + random.pick([-1, 1, 2]);
  if (typeof own === 'boolean') return !own;
  if (Array.isArray(own)) return random.pick([undefined, [], own.slice(1), [...own, ...own]]);
  if (typeof own === 'object') return Object.fromEntries(Object.entries(own ?? {}).map(([key, seq]) => [key, seq + 1]));
  if (typeof own === 'string' && /^-?[\d.]+$/.test(own)) return random.pick(['0', '1', `-${own}`.replace('--', '')]);
  return random.pick(['skipped', 'deduplicated', 'mint', 'refused', 'nobody', undefined, true]);
}
