import { appendFileSync, copyFileSync, mkdirSync, readFileSync, renameSync, truncateSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { describe, expect, onTestFinished, test } from 'vitest';
import { chooseChecks, examineRun, projectionsFor } from '../../src/examine.ts';
import { judge } from '../../src/invariants/judgement/judge.ts';
import type { HistoryEvent } from '../../src/replay/causal-order.ts';
import { StartAnew } from '../../src/replay/live-merge.ts';
import { type LiveRun, openLiveRun } from '../../src/replay/live-run.ts';
import { Replayer } from '../../src/replay/projection.ts';
import { openRuns } from '../../src/replay/run.ts';
import { Disorder } from '../../src/replay/sequence.ts';
import type { Finding } from '../../src/results.ts';
import { openCase } from '../../src/run-report.ts';
import { emptyFolder } from '../built.ts';
import { simulated } from '../invariants/mutate.ts';
import { faultNames } from '../simulator/index.ts';
import { Random } from '../simulator/prng.ts';

const forever = new AbortController().signal;

/** Follows a run as the use case does, but for the pauses: whoever writes says when it is looked at. */
class Follower {
  states: Replayer | undefined;
  events: HistoryEvent[] = [];
  /** Why the run was read anew. */
  readonly reasons: string[] = [];
  readonly run: LiveRun;

  constructor(run: LiveRun) {
    this.run = run;
  }

  /** Looks so often that nothing is waited for any more. */
  async look(times = 1): Promise<void> {
    for (let looks = 0; looks < times; looks++) {
      try {
        if (!this.states) await this.begin();
        await this.run.readOn((event) => {
          this.events.push(event);
          this.states?.apply(event);
        }, forever);
      } catch (error) {
        expect(error instanceof StartAnew || error instanceof Disorder, String(error)).toBe(true);
        this.reasons.push(error instanceof StartAnew ? error.reason : 'disorder');
        await this.run.learnFrom(error, forever);
        this.states = undefined;
      }
    }
  }

  /** What is violated now, as at a cut. */
  violations(): string[] {
    const { now } = this.run;
    if (!now || !this.states) return [];
    return violationsOf(judge(openCase(now.run, now.reading, this.states, true), chooseChecks(undefined)).findings);
  }

  private async begin(): Promise<void> {
    await this.run.begin();
    this.events = [];
    this.states = new Replayer(projectionsFor(chooseChecks(undefined)), this.run.devices.countOf, true);
  }
}

async function follow(folder: string): Promise<Follower> {
  const run = await openLiveRun(folder, { maxProblems: 10 });
  onTestFinished(() => run.close());
  return new Follower(run);
}

/** Each by what it is about, without the file that it stands in: that may be renamed. */
function violationsOf(findings: readonly Finding[]): string[] {
  return findings
    .filter(({ verdict }) => verdict === 'violated')
    .map(({ code, device, coin, effect, tokenId, message }) => [code, device, coin, effect, tokenId, message].join(' '))
    .sort();
}

async function violationsAtCut(folder: string): Promise<string[]> {
  const [run] = await openRuns(folder);
  if (!run) throw new Error('no run');
  const cut = () => ({ includes: () => true });
  const { verdicts } = await examineRun(run, chooseChecks(undefined), { maxProblems: 10, retainsAll: true, cut });
  return violationsOf(verdicts.findings);
}

const places = (events: readonly HistoryEvent[]) =>
  events.flatMap(({ type, device, incarnation, seq, stream }) =>
    type === 'gap' || stream !== undefined ? [] : [`${device}:${incarnation}:${seq}`],
  );

/** Writes the files of a run in pieces of any length, device against device, and looks in between. */
async function grow(
  files: Readonly<Record<string, string>>,
  folder: string,
  random: Random,
  look: (path: string) => Promise<void>,
): Promise<void> {
  const left = new Map<string, Buffer>(
    Object.entries(files).map(([path, text]) => [path, Buffer.from(text) as Buffer]),
  );
  while (left.size > 0) {
    const paths = [...left.keys()];
    const path = paths[random.between(0, paths.length - 1)] as string;
    const bytes = left.get(path) as Buffer;
    const some = random.between(1, 6000);
    // Now and then a piece ends with its line.
    const size = path === 'run.json' ? bytes.length : random.chance(0.5) ? bytes.indexOf('\n', some) + 1 || some : some;
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    appendFileSync(join(folder, path), bytes.subarray(0, size));
    if (size >= bytes.length) left.delete(path);
    else left.set(path, bytes.subarray(size));
    await look(path);
  }
}

describe('a run that is followed', () => {
  test.each(['none', ...faultNames] as const)('is judged as if it were read at once: %s', async (fault) => {
    const { files, name } = simulated({ seed: 11, fault });
    const folder = join(emptyFolder(), name);
    mkdirSync(folder);
    const follower = await follow(folder);
    await grow(files, folder, new Random(5).fork(fault), () => follower.look());
    await follower.look(400);
    expect(follower.violations()).toEqual(await violationsAtCut(folder));
  });
});

test('a healthy run is not violated at any time while it is written', async () => {
  for (let seed = 1; seed <= 6; seed++) {
    const { files, name } = simulated({ seed, fault: 'none' });
    const folder = join(emptyFolder(), name);
    mkdirSync(folder);
    const follower = await follow(folder);
    await grow(files, folder, new Random(seed), async () => {
      await follower.look();
      expect(follower.violations(), `seed ${seed}`).toEqual([]);
    });
  }
});

describe('a log that is rotated while it is written', () => {
  test.each(['renamed', 'copied'] as const)('loses no line, doubles none and invents none: %s', async (how) => {
    for (let seed = 1; seed <= 4; seed++) {
      const { files, name } = simulated({ seed, fault: 'none', layout: 'per-device' });
      const folder = join(emptyFolder(), name);
      mkdirSync(folder);
      const follower = await follow(folder);
      const random = new Random(seed).fork(how);
      const rotated = new Map<string, number>();
      await grow(files, folder, random, async (path) => {
        if (random.between(0, 2) > 0) await follower.look();
        const number = (rotated.get(path) ?? 0) + 1;
        const isWhole = readFileSync(join(folder, path)).at(-1) === 0x0a;
        if (path === 'run.json' || !isWhole || random.between(0, 1) > 0 || number > 3) return;
        rotated.set(path, number);
        const [from, to] = [join(folder, path), join(folder, `${path}.${number}`)];
        if (how === 'renamed') renameSync(from, to);
        else {
          copyFileSync(from, to);
          if (random.chance(0.5)) await follower.look();
          truncateSync(from, 0);
        }
      });
      await follower.look(5);
      const expected = Object.values(files)
        .flatMap((text) => text.split('\n').filter((line) => line.includes('"seq"')))
        .map((line) => JSON.parse(line))
        .map(({ device, incarnation, seq }) => `${device}:${incarnation}:${seq}`);
      expect(places(follower.events).sort(), `seed ${seed}`).toEqual(expected.sort());
      // It went on: nothing was read again because of a rotation.
      expect(follower.reasons).not.toContain('disorder');
    }
  });
});
