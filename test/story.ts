import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { type CheckOptions, checkBalances } from '../src/check.ts';
import type { Finding, RunReport, Verdict } from '../src/results.ts';
import { tell } from './story/tell.ts';

/** What `checkBalances` may be asked beside the run. */
export type Question = Partial<Omit<CheckOptions, 'paths'>>;

/** A run's files: path below the run's folder → content. */
export type Files = Readonly<Record<string, string>>;

/** The verdict on a story, then a line per finding: `code device effect-or-token`, in the report's order. */
export async function judge(story: string, question: Question = {}): Promise<[Verdict, ...string[]]> {
  const { verdict, findings } = await report(story, question);
  return [verdict, ...findings.map(brief)];
}

/** The findings of a story, a line each: `self-filtered peer2 e1`. */
export async function findings(story: string, question: Question = {}): Promise<string[]> {
  return (await judge(story, question)).slice(1);
}

/** The verdict on a story. */
export async function verdictOf(story: string, question: Question = {}): Promise<Verdict> {
  return (await report(story, question)).verdict;
}

/** Each check's answer: `ledgers-agree bob held`. */
export async function answers(story: string, question: Question = {}): Promise<string[]> {
  const { checks } = await report(story, question);
  return checks.map(({ name, subject, verdict }) => [name, subject ?? 'run', verdict].join(' '));
}

/** The report on a story, through the public use case. */
export async function report(story: string, question: Question = {}): Promise<RunReport> {
  return reportOn(tell(story), question);
}

/** The report on files, in a folder that lives as long as the question takes. */
export async function reportOn(files: Files, question: Question = {}, name = 'run-1'): Promise<RunReport> {
  return inFolder(files, name, async (folder) => {
    const [only] = await checkBalances({ ...question, paths: [folder] });
    return only as RunReport;
  });
}

/** Puts files into a folder of that name, and takes it away afterwards. */
export async function inFolder<Outcome>(
  files: Files,
  name: string,
  use: (folder: string) => Promise<Outcome>,
): Promise<Outcome> {
  const parent = await mkdtemp(join(tmpdir(), 'replay-story-'));
  const folder = join(parent, name);
  try {
    await mkdir(folder);
    await writeFiles(files, folder);
    return await use(folder);
  } finally {
    await rm(parent, { recursive: true, force: true });
  }
}

/** Writes files below a folder. */
export async function writeFiles(files: Files, folder: string): Promise<void> {
  for (const [path, content] of Object.entries(files)) {
    await mkdir(dirname(join(folder, path)), { recursive: true });
    await writeFile(join(folder, path), content);
  }
}

/** A finding in a few words. */
export function brief({ code, device, effect, tokenId, coin, detail }: Finding): string {
  return [code, device, effect ?? tokenId ?? coin, detail].filter((part) => part !== null).join(' ');
}
