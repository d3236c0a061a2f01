import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AnswerCache } from '../../src/cache/answer-cache.ts';
import type { RunReport } from '../../src/results.ts';

/** A cache in memory that counts, and whose answers can be made to lie: who repeats the lie did not read the run. */
export class Remembered implements AnswerCache {
  leastBytes = 0;
  kept = 0;
  found = 0;
  readonly answers = new Map<string, string>();

  async find(key: string): Promise<string | undefined> {
    const answer = this.answers.get(key);
    if (answer !== undefined) this.found += 1;
    return answer;
  }

  async keep(key: string, answer: string): Promise<void> {
    this.kept += 1;
    this.answers.set(key, answer);
  }

  /** Makes every answer that is kept one about a run of another name. */
  lie(): void {
    for (const [key, answer] of this.answers) {
      const report = JSON.parse(answer) as RunReport;
      this.answers.set(key, JSON.stringify({ ...report, run: lie }));
    }
  }
}

/** The run that an answer is about, once `lie` was called. */
export const lie = 'a run that nobody read';

/** The files directly in a folder; none where there is no folder. */
export function filesIn(folder: string): string[] {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(folder).map((name) => join(folder, name))
    : [];
}
