import { existsSync } from 'node:fs';
import { mkdir, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { checkBalances } from '../../src/check.ts';
import { text } from '../../src/report/text.ts';
import type { RunReport } from '../../src/results.ts';
import { brief, type Files } from '../story.ts';

/** Where the samples lie. */
export const samplesFolder = fileURLToPath(new URL('../../logs-sample/', import.meta.url));

/** Whether golden files are to be written instead of compared: read what changed before it is accepted. */
const updating = process.env.UPDATE_GOLDEN === '1';

/** The answer to a sample: the report that a person reads, and what a program would look at first. */
export interface Answer {
  readonly text: string;
  readonly json: string;
}

/** Asks about one sample, as a user in the repository would. */
export async function answerTo(sample: string, mapping?: string): Promise<Answer> {
  const paths = [join(samplesFolder, sample)];
  const reports = await checkBalances({ paths, ...(mapping !== undefined && { mapping }) });
  const named = [join('logs-sample', sample)];
  const flags = mapping === undefined ? [] : ['--mapping', relative(join(samplesFolder, '..'), mapping)];
  return {
    text: text.print(reports, { width: 80, color: false, all: false, paths: named, flags }),
    json: `${JSON.stringify(reports.map(essence), null, 2)}\n`,
  };
}

/** The golden file of a sample; written first where golden files are updated. */
export async function golden(sample: string, kind: keyof Answer, got: string): Promise<string> {
  return goldenFile(`${sample}.${kind === 'text' ? 'txt' : 'json'}`, got);
}

/** A golden text by its name; written first where golden files are updated. */
export async function goldenText(name: string, got: string): Promise<string> {
  return goldenFile(`${name}.txt`, got);
}

async function goldenFile(name: string, got: string): Promise<string> {
  const path = join(samplesFolder, 'expected', name);
  if (updating) {
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, got);
  }
  return existsSync(path) ? readFile(path, 'utf8') : '';
}

/** The files of a sample as they lie there; replaced by `files` first where golden files are updated. */
export async function filesOf(sample: string, files: Files): Promise<Files> {
  const folder = join(samplesFolder, sample);
  if (updating) {
    await rm(folder, { recursive: true, force: true });
    for (const [path, content] of Object.entries(files)) {
      await mkdir(dirname(join(folder, path)), { recursive: true });
      await writeFile(join(folder, path), content);
    }
  }
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const paths = entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name));
  const read = paths.map(async (path) => [relative(folder, path), await readFile(path, 'utf8')] as const);
  return Object.fromEntries(await Promise.all(read));
}

function essence({ verdict, checks, findings }: RunReport) {
  return {
    verdict,
    checks: checks.map(({ name, subject, verdict }) => `${name} ${subject ?? 'run'}: ${verdict}`),
    findings: findings.map((finding) => `${finding.verdict}: ${brief(finding)}`),
  };
}
