import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkBalances } from '../../src/check.ts';
import type { RunReport } from '../../src/results.ts';
import { type FaultName, faultNames, simulate } from '../simulator/index.ts';
import { writeRun } from '../simulator/write.ts';
import { type Score, score } from './score.ts';

/** One run in so many is long: the judge has forgotten most of what it saw. */
const oneLong = 25;
const longSteps = 2000;

/** How much is simulated: seeds from `seed` on, for each fault and for runs without one. */
export interface Sample {
  readonly seed: number;
  readonly runs: number;
  readonly clean: number;
  readonly faults?: readonly FaultName[] | undefined;
}

/** How runs with one fault, or with none, fared. */
export interface Row {
  readonly fault: FaultName | 'none';
  /** Runs whose world had a place for the fault. */
  readonly scores: readonly Score[];
  /** Of these, the runs whose logs may have lost the evidence, and which are counted nowhere else. */
  readonly evidenceMayBeLost: number;
  readonly judged: number;
  readonly detected: number;
  readonly classified: number;
  readonly located: number;
  /** Runs with a violation that did not happen. */
  readonly falselyViolated: number;
  readonly wrongVerdicts: number;
}

/** Simulates runs and holds the judge against the truth, a row for each fault as it is done, the clean runs first. */
export async function* confusion({ seed, runs, clean, faults = faultNames }: Sample): AsyncGenerator<Row> {
  const folder = await mkdtemp(join(tmpdir(), 'replay-selftest-'));
  try {
    yield rowOf('none', await scoresOf('none', seed, clean, folder));
    for (const fault of faults) yield rowOf(fault, await scoresOf(fault, seed, runs, folder));
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

async function scoresOf(fault: Row['fault'], seed: number, runs: number, parent: string): Promise<Score[]> {
  const scores: Score[] = [];
  for (let each = seed; each < seed + runs; each++) {
    const run = simulate({ seed: each, fault, ...(each % oneLong === 0 && { steps: longSteps }) });
    if (!run.truth.hosted) continue;
    const folder = await writeRun(run, parent);
    const [report] = await checkBalances({ paths: [folder], all: true });
    await rm(folder, { recursive: true });
    scores.push(score(each, run, report as RunReport));
  }
  return scores;
}

function rowOf(fault: Row['fault'], scores: readonly Score[]): Row {
  const count = (holds: (each: Score) => boolean) => scores.filter(holds).length;
  const evidenceMayBeLost = count((each) => each.evidenceMayBeLost);
  return {
    fault,
    scores,
    evidenceMayBeLost,
    judged: scores.length - evidenceMayBeLost,
    detected: count(({ found }) => found),
    classified: count(({ classified }) => classified),
    located: count(({ located }) => located),
    falselyViolated: count(({ falseViolations }) => falseViolations.length > 0),
    wrongVerdicts: count(({ wrongVerdict }) => wrongVerdict),
  };
}

/** What has to be reached for each fault; a violation that did not happen is one too many. */
export const thresholds = { detected: 0.99, classified: 0.95, located: 0.95 } as const;

/** Where a row stays below what has to be reached, in a clause each; empty where it does not. */
export function shortcomings(row: Row): string[] {
  const { fault, judged, falselyViolated } = row;
  const low = (['detected', 'classified', 'located'] as const)
    .filter((measure) => fault !== 'none' && row[measure] < thresholds[measure] * judged)
    .map((measure) => `${fault}: ${row[measure]} of ${judged} ${measure}`);
  const unseen = fault !== 'none' && judged === 0 ? [`${fault}: not judged in any run`] : [];
  const cried = falselyViolated > 0 ? [`${fault}: ${falselyViolated} runs with a false violation`] : [];
  return [...unseen, ...low, ...cried];
}

/** A row of the table; without one, the heading. */
export function printRow(row?: Row): string {
  if (row === undefined) return cells(['fault', 'runs', 'lost', 'detected', 'class', 'place', 'false', 'verdict']);
  const { fault, scores, evidenceMayBeLost, judged, detected, classified, located, falselyViolated } = row;
  const rates = fault === 'none' ? ['', '', ''] : [detected, classified, located].map((number) => rate(number, judged));
  const counts = [scores.length, evidenceMayBeLost];
  return cells([fault, ...counts.map(String), ...rates, String(falselyViolated), String(row.wrongVerdicts)]);
}

function cells([name = '', ...others]: readonly string[]): string {
  return [name.padEnd(16), ...others.map((cell) => cell.padStart(9))].join('');
}

/** A percentage that says 100 only where nothing is missing. */
function rate(part: number, whole: number): string {
  return whole === 0 ? '–' : `${(Math.floor((part / whole) * 1000) / 10).toFixed(1)} %`;
}
