import { createHash } from 'node:crypto';
import { basename, resolve } from 'node:path';
import picomatch from 'picomatch';
import { ReplayError } from '../base/errors.ts';
import { byText, groupBy } from '../base/order.ts';
import type { EventDefaults } from '../events/decode.ts';
import type { LoggedEvent } from '../events/event.ts';
import { type Manifest, readManifest } from '../events/manifest.ts';
import type { Mapping } from '../events/mapping/mapping.ts';
import type { EventBatch, LogReader, LogSource } from '../events/reader.ts';
import { recogniseFormat } from '../events/readers/index.ts';
import { findLogFiles, type LogFile, stemOf } from '../events/sources/files.ts';
import { openSource } from '../events/sources/open.ts';
import { compareOriginality } from './sequence.ts';

/** One log of a run, recognised and looked into. */
export interface RunFile {
  readonly path: string;
  readonly bytes: number;
  readonly source: LogSource;
  readonly reader: LogReader;
  readonly defaults: EventDefaults;
  /** The first event that stands in a device's own sequence. */
  readonly first: LoggedEvent | undefined;
  /** The run that its lines name, an observer's too. */
  readonly named: string | undefined;
  /** Devices that its beginning names, with their identities. */
  readonly devices: ReadonlyMap<string, string>;
}

/** A run as it lies on the disk: which files it is made of, and which were set aside. */
export interface Run {
  readonly name: string;
  readonly manifest: Manifest;
  readonly mapping: Mapping | undefined;
  readonly files: readonly RunFile[];
  readonly foreignFiles: readonly { readonly path: string; readonly run: string }[];
  readonly duplicateFiles: readonly { readonly path: string; readonly of: string }[];
}

/** Whether each line of a file is read by itself, so that a part of it is read as it is within the whole. */
export function isReadInParts({ mapping }: Pick<Run, 'mapping'>, { reader }: Pick<RunFile, 'reader'>): boolean {
  return mapping === undefined && reader.columns !== undefined;
}

/**
 * The runs that a path names: one for a file, a glob, standard input or a folder; several for a folder of runs (a series).
 * `readers` of a user's own are asked before the family's. Throws a `ReplayError` where there is nothing at the path.
 */
export async function openRuns(
  path: string,
  mapping?: Mapping,
  readers: readonly LogReader[] = [],
): Promise<readonly Run[]> {
  const files = await findLogFiles(path);
  const manifest = await readManifest(path);
  const opened = await Promise.all(files.map((file) => openFile(file, manifest, mapping, readers)));
  const series = foldersOfSeries(opened, manifest);
  return series
    ? Promise.all(series.map(async (folder) => (await openRuns(`${path}/${folder}`, mapping, readers))[0] as Run))
    : [await assemble(path, opened, manifest, mapping)];
}

/** The folders of the runs where these files make a series; `undefined` where they are of one run. */
export function foldersOfSeries(files: readonly RunFile[], manifest: Manifest): readonly string[] | undefined {
  if (manifest.devices.size > 0) return undefined;
  const folders = groupBy(files, ({ path }) => path.split('/')[0] as string);
  return isSeries(files, folders) ? [...folders.keys()].sort(byText) : undefined;
}

/** How a folder is called that holds a run of a series: `run-1`, `run_02`, `run3`. */
const runFolder = /^run[-_ ]?\d+$/i;

/**
 * A folder of runs has no log of its own, and each of its folders is called like a run; or two of
 * them hold the same incarnations of the same several devices, which in one run would be two logs of one life.
 * A single device twice is a copy, or a log of another run that strayed in.
 */
function isSeries(files: readonly RunFile[], folders: ReadonlyMap<string, readonly RunFile[]>): boolean {
  if (folders.size < 2 || files.some(({ path }) => !path.includes('/'))) return false;
  const names = [...folders.keys()];
  if (names.every((name) => runFolder.test(name))) return true;
  const lives = names.map((name) => livesIn(folders.get(name) ?? []));
  const several = lives.filter(({ size }) => size > 1);
  return several.some((life, index) => several.some((other, at) => at > index && sameMembers(life, other)));
}

/** The incarnations that a folder's logs begin, each with its device; a log that names none goes by its own name. */
function livesIn(files: readonly RunFile[]): ReadonlySet<string> {
  return new Set(files.map(({ first, path }) => (first ? `${first.device} ${first.incarnation}` : stemOf(path))));
}

function sameMembers(left: ReadonlySet<string>, right: ReadonlySet<string>): boolean {
  return left.size === right.size && [...left].every((member) => right.has(member));
}

/**
 * How many lines, or items of a document, are looked at to see whose lines a file holds. They are counted, and not the batches that bring
 * them: how a file is cut into blocks must not change what is said of it.
 */
const openingLines = 1000;
/** As many are enough where they are all of one device. */
const openingLinesOfOne = 50;

/** Recognises a file and reads its beginning. Throws a `ReplayError` where it cannot be read. */
export async function openFile(
  file: LogFile,
  manifest: Manifest,
  mapping: Mapping | undefined,
  readers: readonly LogReader[],
): Promise<RunFile> {
  const { path, bytes } = file;
  const source = openSource(file);
  const named = [...manifest.devices].find(([, { files }]) => files.length > 0 && picomatch.isMatch(path, [...files]));
  const defaults: EventDefaults = { device: named?.[0], identity: named?.[1].identity, run: manifest.run };
  const reader = await recogniseFormat(source, { defaults, mapping }, readers);
  const beginning = new Beginning(manifest);
  for await (const batch of reader.read(source, { defaults, mapping })) {
    if (beginning.take(batch)) break;
  }
  return {
    path,
    bytes,
    source,
    reader,
    defaults,
    first: beginning.first,
    named: beginning.named,
    devices: beginning.devices,
  };
}

/** What a file's first lines tell of it. */
class Beginning {
  readonly devices = new Map<string, string>();
  first: LoggedEvent | undefined;
  readonly #manifest: Manifest;
  #observed: LoggedEvent | undefined;
  #events = 0;
  #skipped = 0;

  constructor(manifest: Manifest) {
    this.#manifest = manifest;
  }

  get named(): string | undefined {
    return (this.first ?? this.#observed)?.run;
  }

  /** Whether enough is seen. */
  take({ events, problems, skipped }: EventBatch): boolean {
    for (const event of events) {
      if (this.#isBehind(Math.max(event.line, ++this.#events))) return true;
      this.#note(event);
    }
    this.#skipped += skipped;
    return this.#isBehind(Math.max(problems.at(-1)?.line ?? 0, this.#skipped));
  }

  #isBehind(line: number): boolean {
    return line > (this.devices.size === 1 ? openingLinesOfOne : openingLines);
  }

  #note(event: LoggedEvent): void {
    if (event.stream !== undefined) {
      this.#observed ??= event;
      return;
    }
    this.first ??= event;
    if (!this.devices.has(event.device)) this.devices.set(event.device, identityOf(event, this.#manifest));
  }
}

/** The identity that an event names, else the one that the manifest gives its device; empty where neither does. */
export function identityOf({ identity, device }: LoggedEvent, { devices }: Manifest): string {
  return identity === '' ? (devices.get(device)?.identity ?? '') : identity;
}

/** Makes a run of the files at a path: finds its name, and sets aside what is foreign or a copy. */
export async function assemble(
  path: string,
  opened: readonly RunFile[],
  manifest: Manifest,
  mapping: Mapping | undefined,
): Promise<Run> {
  const duplicateFiles = await findDuplicates(opened);
  const folder = path === '-' ? 'stdin' : basename(resolve(path));
  const copies = new Set(duplicateFiles.map(({ path }) => path));
  const originals = opened.filter((file) => !copies.has(file.path));
  const run = nameOfRun(folder, originals, manifest);
  const own = originals.filter(({ named }) => named === undefined || run === undefined || named === run);
  const foreignFiles = originals
    .filter((file) => !own.includes(file))
    .map((file) => ({ path: file.path, run: file.named as string }));
  return {
    name: run ?? folder,
    manifest,
    mapping,
    files: own,
    foreignFiles,
    duplicateFiles,
  };
}

/** The run that most files name; among as many, the manifest's, the folder's name, the first by name. */
function nameOfRun(folder: string, files: readonly RunFile[], { run }: Manifest): string | undefined {
  const votes = [
    ...groupBy(
      files.filter(({ named }) => named !== undefined),
      ({ named }) => named as string,
    ),
  ];
  const preference = (name: string) => Number(name === run) * 2 + Number(name === folder);
  votes.sort(
    ([left, ofLeft], [right, ofRight]) =>
      ofRight.length - ofLeft.length || preference(right) - preference(left) || byText(left, right),
  );
  return votes[0]?.[0] ?? run;
}

/** Files with the same content, after decompression. Only files that begin with the same event are compared. */
async function findDuplicates(files: readonly RunFile[]): Promise<{ path: string; of: string }[]> {
  const alike = groupBy(
    files.filter(({ first }) => first),
    ({ first }) => `${first?.incarnation} ${first?.seq} ${first?.device}`,
  );
  const duplicates: { path: string; of: string }[] = [];
  for (const group of alike.values()) {
    if (group.length < 2) continue;
    const device = group[0]?.first?.device ?? '';
    const ordered = group.toSorted((left, right) => compareOriginality(device, left.path, right.path));
    const originals = new Map<string, string>();
    for (const { path, source } of ordered) {
      const digest = await digestOf(source);
      const of = originals.get(digest);
      if (of === undefined) originals.set(digest, path);
      else duplicates.push({ path, of });
    }
  }
  return duplicates.sort((left, right) => byText(left.path, right.path));
}

async function digestOf(source: LogSource): Promise<string> {
  const hash = createHash('sha256');
  try {
    for await (const chunk of source.chunks()) hash.update(chunk);
  } catch (error) {
    if (error instanceof ReplayError) throw error;
    hash.update(`damaged: ${source.path}`);
  }
  return hash.digest('hex');
}
