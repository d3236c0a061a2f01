import { createHash } from 'node:crypto';
import { openSource } from '../events/sources/open.ts';
import type { Run, RunFile } from '../replay/run.ts';
import { digestAll, type FileDigest } from './file-digest.ts';
import type { DigestKey } from './secret-digest.ts';

/** What is asked of a run, and who answers: plain data, with everything in it that makes another answer. */
export type Question = Readonly<Record<string, unknown>>;

/**
 * A text that is the same where the answer must be: the question, what was recognised of the run, and every byte of its files. No
 * time and no size stands in for a byte.
 */
export function fingerprintOf(question: Question, run: Run, digests: readonly FileDigest[]): string {
  return digestOf([question, recognised(run), digests.map(({ whole }) => whole)]);
}

/** A text that stays the same while the files of a run grow. */
export function nameOf(question: Question, run: Run): string {
  return digestOf([question, recognised(run)]);
}

/** The digests of files that are read as a whole, such as mappings; `undefined` where one of them cannot be read. */
export async function digestsOfFiles(paths: readonly string[], key: DigestKey): Promise<readonly string[] | undefined> {
  const sources = paths.map((path) => openSource({ path, location: path }));
  const digests = await digestAll(sources, key);
  return digests?.map(({ whole }) => whole);
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
  return [
    path,
    reader.name,
    defaults,
    first && [first.device, first.incarnation, first.seq, first.run, first.time],
    [...devices],
  ];
}

function digestOf(data: unknown): string {
  return createHash('sha256').update(JSON.stringify(data)).digest('hex');
}
