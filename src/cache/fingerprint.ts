import { createHash } from 'node:crypto';
import type { LogSource } from '../events/reader.ts';
import { openSource } from '../events/sources/open.ts';
import type { Run, RunFile } from '../replay/run.ts';

/** What is asked of a run, and who answers: plain data, with everything in it that makes another answer. */
export type Question = Readonly<Record<string, unknown>>;

/** Files that are read side by side: enough to keep the disk busy, and no run has too many open. */
const filesAtOnce = 4;

/**
 * A text that is the same where the answer must be: the question, what was recognised of the run, and every byte of its files. No
 * time and no size stands in for a byte. `undefined` where a file cannot be read to its end: such a run has no fingerprint.
 * `onLook` is called now and then, so that whoever waits can be told.
 */
export async function fingerprintOf(question: Question, run: Run, onLook: () => void): Promise<string | undefined> {
  const sources = run.files.map(({ source }) => source);
  const digests = await digestAll(sources, onLook).catch(() => undefined);
  return digests && digestOf(JSON.stringify([question, recognised(run), digests]));
}

/** The digests of files that are read as a whole, such as mappings; `undefined` where one of them cannot be read. */
export async function digestsOfFiles(paths: readonly string[]): Promise<readonly string[] | undefined> {
  const sources = paths.map((path) => openSource({ path, location: path }));
  return digestAll(sources, () => {}).catch(() => undefined);
}

/** What the opening of a run found out; it stands for what was read for it, the manifest among that. */
function recognised({ name, manifest, files, foreignFiles, duplicateFiles }: Run): unknown {
  return [
    name,
    { ...manifest, devices: [...manifest.devices] },
    files.map(recognisedFile),
    foreignFiles,
    duplicateFiles,
  ];
}

function recognisedFile({ path, reader, defaults, first, devices }: RunFile): unknown {
  return [path, reader.name, defaults, first && [first.device, first.incarnation, first.seq, first.run], [...devices]];
}

/** The digests of all sources, in their order. */
async function digestAll(sources: readonly LogSource[], onLook: () => void): Promise<string[]> {
  const digests: string[] = [];
  const waiting = sources.entries();
  const work = async () => {
    for (const [index, source] of waiting) digests[index] = await digestBytes(source, onLook);
  };
  await Promise.all(Array.from({ length: filesAtOnce }, work));
  return digests;
}

/** Of the bytes as a reader sees them, and of how many they are on the disk, which a report says of a compressed log. */
async function digestBytes(source: LogSource, onLook: () => void): Promise<string> {
  const hash = createHash('sha256');
  for await (const chunk of source.chunks({ lent: true })) {
    hash.update(chunk);
    onLook();
  }
  return `${hash.digest('hex')} ${source.bytesRead()}`;
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}
