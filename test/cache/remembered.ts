import { readdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { AnswerCache } from '../../src/cache/answer-cache.ts';
import { readMark } from '../../src/cache/run-mark.ts';
import { keyBytes } from '../../src/cache/secret-digest.ts';
import type { RunReport } from '../../src/results.ts';

/** A cache in memory that counts answers, which can be made to lie: who repeats the lie did not read the run. */
export class Remembered implements AnswerCache {
  leastBytes = 0;
  kept = 0;
  found = 0;
  readonly answers = new Map<string, Uint8Array>();
  /** What was known of runs when their ends were read. */
  readonly marks = new Map<string, Uint8Array>();

  /** By which digests are made. */
  readonly secrets = new Map<string, Uint8Array>();

  async find(key: string): Promise<Uint8Array | undefined> {
    const answer = this.answers.get(key);
    if (answer !== undefined) this.found += 1;
    return answer ?? this.marks.get(key) ?? this.secrets.get(key);
  }

  async keep(key: string, pieces: readonly Uint8Array[]): Promise<void> {
    const bytes = Buffer.concat(pieces);
    if (bytes.length === keyBytes) this.secrets.set(key, bytes);
    else if (readMark(bytes)) this.marks.set(key, bytes);
    else {
      this.kept += 1;
      this.answers.set(key, bytes);
    }
  }

  /** Makes every answer that is kept one about a run of another name. */
  lie(): void {
    for (const [key, answer] of this.answers) {
      const report = JSON.parse(textOf(answer)) as RunReport;
      this.answers.set(key, bytesOf(JSON.stringify({ ...report, run: lie })));
    }
  }
}

/** What is kept, as text. */
export function textOf(bytes: Uint8Array): string {
  return new TextDecoder().decode(bytes);
}

/** A text, as it is kept. */
export function bytesOf(text: string): Uint8Array {
  return new TextEncoder().encode(text);
}

/** The run that an answer is about, once `lie` was called. */
export const lie = 'a run that nobody read';

/** The files directly in a folder; none where there is no folder. */
export function filesIn(folder: string): string[] {
  return statSync(folder, { throwIfNoEntry: false })?.isDirectory()
    ? readdirSync(folder).map((name) => join(folder, name))
    : [];
}
