import { randomBytes } from 'node:crypto';
import type { Mapping } from '../events/mapping/mapping.ts';
import type { Run } from '../replay/run.ts';
import type { RunReport } from '../results.ts';
import { type Course, RunCourse } from './course.ts';
import { digestAll, type FileDigest, stampsOf } from './file-digest.ts';
import { digestsOfFiles, fingerprintOf, nameOf, type Question } from './fingerprint.ts';
import { mayGrow, readMark } from './run-mark.ts';
import { type DigestKey, keyBytes } from './secret-digest.ts';

const keyName = 'the key of digests';

/**
 * Where answers are kept between runs of the program, and what was known of a run when its end was read. A key that differs in one bit
 * is another question.
 */
export interface AnswerCache {
  /** Runs of fewer bytes are not looked up: to read them costs no more. */
  readonly leastBytes: number;
  find(key: string): Promise<Uint8Array | undefined>;
  /** Keeps bytes, which come in pieces, in place of those that the key had, for as long as there is room. Where it cannot, it leaves it. */
  keep(key: string, pieces: readonly Uint8Array[]): Promise<void>;
}

/** Answers for one run: from what is kept, else by the work. */
export type Recall<State> = (
  run: Run,
  onBytes: (bytes: number) => void,
  work: (course?: Course<State>) => Promise<RunReport>,
) => Promise<RunReport>;

/** What decides whether an answer may be kept: its cache, and what of it is code, of which nobody can tell whether it changed. */
interface Circumstances {
  readonly cache?: AnswerCache | undefined;
  readonly paths: readonly string[];
  readonly mapping?: string | Mapping | readonly (string | Mapping)[] | undefined;
  readonly readers?: readonly unknown[] | undefined;
  readonly invariants?: readonly unknown[] | undefined;
}

/**
 * Answers a question from the cache where nothing that it depends on has changed. An answer is kept only if the files are after the work
 * what they were before, as the file system says, or their bytes where somebody wrote to them: a log that changed meanwhile is in no answer
 * that anybody would get again. Standard input and whatever is read or judged through a caller's own code are answered anew each time. To be called before the mappings are loaded and the runs opened.
 *
 * `going`: by what a state is found, from which work goes on once a run has grown, whatever it is asked.
 */
export async function recallFrom<State = never>(
  { cache, ...circumstances }: Circumstances,
  question: Question,
  going?: Question,
): Promise<Recall<State>> {
  const files = mappingFiles(circumstances);
  if (cache === undefined || files === undefined) return (_run, _onBytes, work) => work();
  let secret: Promise<DigestKey> | undefined;
  const keyOfDigests = () => {
    secret ??= findOrMakeKey(cache);
    return secret;
  };
  const digestMappings = async () => (files.length > 0 ? digestsOfFiles(files, await keyOfDigests()) : []);
  const mappings = await digestMappings();
  if (mappings === undefined) return (_run, _onBytes, work) => work();

  return async (run, onBytes, work) => {
    const bytes = run.files.reduce((sum, file) => sum + file.bytes, 0);
    if (bytes < cache.leastBytes) return work();
    const sources = run.files.map(({ source }) => source);
    const onLook = () => onBytes(0);
    const keyOf = async (digests: readonly FileDigest[] | undefined) =>
      digests && String(await digestMappings()) === String(mappings)
        ? fingerprintOf({ ...question, mappings }, run, digests)
        : undefined;

    const stamps = await stampsOf(sources);
    const digests = await digestAll(sources, await keyOfDigests(), onLook);
    const key = await keyOf(digests);
    if (digests === undefined || key === undefined) return work();
    const found = parse(await cache.find(key));
    if (found !== undefined) {
      onBytes(bytes);
      return found;
    }

    const name = going && mayGrow(run) ? nameOf(going, run) : undefined;
    const mark = name === undefined ? undefined : readMark(await cache.find(name));
    const course = await RunCourse.from<State>(run, mark, digests);
    const answer = await work(name === undefined ? undefined : course);
    const isUntouched = stamps !== undefined && String(stamps) === String(await stampsOf(sources));
    if (key !== (await keyOf(isUntouched ? digests : await digestAll(sources, await keyOfDigests(), onLook))))
      return answer;
    const left = name === undefined ? undefined : course.mark();
    if (name !== undefined && left !== undefined) await cache.keep(name, left);
    await cache.keep(key, [Buffer.from(JSON.stringify(answer))]);
    return answer;
  };
}

/** The key by which a cache tells bytes apart: its own, which is made where there is none. */
async function findOrMakeKey(cache: AnswerCache): Promise<DigestKey> {
  const kept = await cache.find(keyName);
  if (kept?.length === keyBytes) return kept;
  const made = randomBytes(keyBytes);
  await cache.keep(keyName, [made]);
  return made;
}

/** The files of the mappings; `undefined` where something has no file that could be compared. */
function mappingFiles({ paths, mapping, readers = [], invariants = [] }: Omit<Circumstances, 'cache'>) {
  if (paths.includes('-') || readers.length > 0 || invariants.length > 0) return undefined;
  const mappings = [mapping ?? []].flat();
  const files = mappings.filter((each) => typeof each === 'string');
  return files.length === mappings.length ? files : undefined;
}

function parse(answer: Uint8Array | undefined): RunReport | undefined {
  try {
    return answer === undefined ? undefined : JSON.parse(new TextDecoder().decode(answer));
  } catch {
    return undefined;
  }
}
