import type { Mapping } from '../events/mapping/mapping.ts';
import type { Run } from '../replay/run.ts';
import type { RunReport } from '../results.ts';
import { digestsOfFiles, fingerprintOf, type Question } from './fingerprint.ts';

/** Where whole answers are kept between runs of the program. A key that differs in one bit is another question. */
export interface AnswerCache {
  /** Runs of fewer bytes are not looked up: to read them costs no more. */
  readonly leastBytes: number;
  find(key: string): Promise<string | undefined>;
  /** Keeps an answer, for as long as there is room. Where it cannot, it leaves it. */
  keep(key: string, answer: string): Promise<void>;
}

/** Answers for one run: from what is kept, else by the work. */
export type Recall = (run: Run, onBytes: (bytes: number) => void, work: () => Promise<RunReport>) => Promise<RunReport>;

/** What decides whether an answer may be kept: its cache, and what of it is code, of which nobody can tell whether it changed. */
interface Circumstances {
  readonly cache?: AnswerCache | undefined;
  readonly paths: readonly string[];
  readonly mapping?: string | Mapping | readonly (string | Mapping)[] | undefined;
  readonly readers?: readonly unknown[] | undefined;
  readonly invariants?: readonly unknown[] | undefined;
}

const anew: Recall = (_run, _onBytes, work) => work();

/**
 * Answers a question from the cache where nothing that it depends on has changed. An answer is kept only if the files are after the work
 * what they were before: a log that changed meanwhile is in no answer that anybody would get again. Standard input and whatever
 * is read or judged through a caller's own code are answered anew each time. To be called before the mappings are loaded and the runs opened.
 */
export async function recallFrom({ cache, ...circumstances }: Circumstances, question: Question): Promise<Recall> {
  const files = mappingFiles(circumstances);
  const mappings = cache && files && (await digestsOfFiles(files));
  if (cache === undefined || files === undefined || mappings === undefined) return anew;
  return async (run, onBytes, work) => {
    const bytes = run.files.reduce((sum, file) => sum + file.bytes, 0);
    if (bytes < cache.leastBytes) return work();
    const look = async () =>
      String(await digestsOfFiles(files)) === String(mappings)
        ? fingerprintOf({ ...question, mappings }, run, () => onBytes(0))
        : undefined;
    const key = await look();
    const found = key === undefined ? undefined : parse(await cache.find(key));
    if (found !== undefined) {
      onBytes(bytes);
      return found;
    }
    const answer = await work();
    if (key !== undefined && key === (await look())) await cache.keep(key, JSON.stringify(answer));
    return answer;
  };
}

/** The files of the mappings; `undefined` where something has no file that could be compared. */
function mappingFiles({ paths, mapping, readers = [], invariants = [] }: Omit<Circumstances, 'cache'>) {
  if (paths.includes('-') || readers.length > 0 || invariants.length > 0) return undefined;
  const mappings = [mapping ?? []].flat();
  const files = mappings.filter((each) => typeof each === 'string');
  return files.length === mappings.length ? files : undefined;
}

function parse(text: string | undefined): RunReport | undefined {
  try {
    return text === undefined ? undefined : JSON.parse(text);
  } catch {
    return undefined;
  }
}
