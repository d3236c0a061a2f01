import { describe, expect, test } from 'vitest';
import type { Finding, RunReport } from '../../src/results.ts';
import { faultNames, type SimulatedRun } from '../simulator/index.ts';
import { brief, type Files, reportOn } from '../story.ts';
import { chance, interleave, mapLogs, relabel, removeLines, rename, shiftClocks, simulated } from './mutate.ts';

const seeds = (count: number, from = 1) => Array.from({ length: count }, (_, index) => from + index);

/** Runs with and without a fault, one for each fault and two clean ones in turn. */
const worlds = seeds(32).map((seed) => {
  const fault = faultNames[(seed * 7) % (faultNames.length + 8)] ?? 'none';
  return { seed, ...simulated({ seed, fault }) };
});

describe('a clean run', () => {
  test('is never violated', async () => {
    for (const seed of seeds(150)) {
      const { files, name } = simulated({ seed });
      expect(violations(await reportOn(files, {}, name)), `seed ${seed}`).toEqual([]);
    }
  });

  test('is held where everything is there and came to rest', async () => {
    for (const seed of seeds(40)) {
      const { files, name, run } = simulated({ seed, ending: 'quiescent', detail: 'full' });
      expect(run.truth.verdicts).toContain((await reportOn(files, {}, name)).verdict);
    }
  });

  test('is not violated by taking lines away', async () => {
    for (const seed of seeds(90)) {
      const { files, name } = simulated({ seed });
      for (const turn of [1, 2, 3]) {
        const rest = removeLines(files, chance(seed, `removal ${turn}`));
        expect(violations(await reportOn(rest, {}, name)), `seed ${seed}, removal ${turn}`).toEqual([]);
      }
    }
  });
});

describe('the report does not depend on', () => {
  test('the order of files', async () => {
    // A conflict is told with the file that its device is named in as the original; so there, names do count.
    for (const { seed, files, name } of worlds.filter(({ run }) => !has(run, 'seq-conflict'))) {
      const { files: renamed, oldByNew } = rename(files, chance(seed, 'names'));
      const report = await reportOn(renamed, {}, name);
      const restored = JSON.parse(relabel(JSON.stringify(report), oldByNew)) as RunReport;
      expect(essence(restored), `seed ${seed}`).toEqual(essence(await reportOn(withoutManifest(files), {}, name)));
    }
  });

  test('how the devices’ lines are mixed in one file', async () => {
    for (const { seed, files, name } of worlds.filter(({ run }) => run.truth.findings.length === 0)) {
      const report = (turn: number) => reportOn(interleave(files, chance(seed, `mix ${turn}`)), {}, name);
      const [one, other] = [await report(1), await report(2)];
      expect(withoutPlaces(one), `seed ${seed}`).toEqual(withoutPlaces(other));
    }
  });

  test('the devices’ clocks', async () => {
    for (const { seed, files, name } of worlds.filter(({ run }) => !has(run, 'torn-line'))) {
      const random = chance(seed, 'clocks');
      const offsets = new Map<string, number>();
      const shifted = shiftClocks(files, (device) => {
        if (!offsets.has(device)) offsets.set(device, random.between(-5_000_000, 5_000_000));
        return offsets.get(device) as number;
      });
      const [one, other] = [await reportOn(files, {}, name), await reportOn(shifted, {}, name)];
      expect(withoutTimes(other), `seed ${seed}`).toBe(withoutTimes(one));
    }
  });

  test('whether the same question was asked before', async () => {
    for (const { seed, files, name } of worlds.slice(0, 20)) {
      const [one, other] = [await reportOn(files, {}, name), await reportOn(files, {}, name)];
      expect(JSON.stringify(other), `seed ${seed}`).toBe(JSON.stringify(one));
    }
  });
});

describe('relabelling devices', () => {
  test('relabels the report', async () => {
    const names = new Map(seeds(4).map((index) => [`bob-peer${index}`, `bob-node${index}`]));
    for (const { seed, files, name } of worlds) {
      const renamed = Object.fromEntries(
        Object.entries(files).map((entry) => entry.map((text) => relabel(text, names))),
      );
      const [one, other] = [await reportOn(files, {}, name), await reportOn(renamed, {}, name)];
      expect(JSON.stringify(other), `seed ${seed}`).toBe(relabel(JSON.stringify(one), names));
    }
  });

  test('finds the same, also where it turns their order round', async () => {
    const names = new Map(seeds(4).map((index) => [`bob-peer${index}`, `bob-peer${5 - index}`]));
    for (const { seed, files, name } of worlds) {
      const renamed = Object.fromEntries(
        Object.entries(files).map((entry) => entry.map((text) => relabel(text, names))),
      );
      const [one, other] = [await reportOn(files, { all: true }, name), await reportOn(renamed, { all: true }, name)];
      const expected = one.findings.map((finding) => relabel(brief(finding), names));
      expect(other.verdict, `seed ${seed}`).toBe(one.verdict);
      expect(other.findings.map(brief).sort(), `seed ${seed}`).toEqual(expected.sort());
    }
  });
});

describe('a note', () => {
  test('about a file that is there twice, here or in another folder, changes nothing else', async () => {
    for (const { seed, files, name } of worlds) {
      const twice = copied(files, seed, seed % 2 === 0 ? 'backup/' : undefined);
      await expectOneMoreNote('duplicate-file', files, twice, name, seed);
    }
  });

  test('about a file of another run changes nothing else', async () => {
    for (const { seed, files, name } of worlds) {
      const other = simulated({ seed: seed + 1000, run: 'run-0', layout: 'merged', steps: 50 });
      const mixed = { ...files, 'old/all.ndjson': other.files['all.ndjson'] as string };
      await expectOneMoreNote('foreign-file', files, mixed, name, seed);
    }
  });

  test('about a type that nobody knows changes nothing else', async () => {
    for (const { seed, files, name } of worlds) {
      const known = mapLogs(files, (lines) => lines.map((line) => line.replace('"type":"sample"', '"type":"log"')));
      const strange = mapLogs(files, (lines) =>
        lines.map((line) => line.replace('"type":"sample"', '"type":"gossip"')),
      );
      const [one, other] = [await reportOn(known, {}, name), await reportOn(strange, {}, name)];
      expect(judgement(other), `seed ${seed}`).toEqual(judgement(one));
    }
  });
});

describe('the fault', () => {
  test.each(faultNames)('%s is found, and named so', async (fault) => {
    for (const seed of seeds(18, 500)) {
      const { files, name, run } = simulated({ seed, fault });
      if (!run.truth.hosted) continue;
      const report = await reportOn(files, { all: true }, name);
      const [truth] = run.truth.findings;
      const codes = report.findings.map(({ code }) => code);
      expect(run.truth.verdicts, `seed ${seed}: ${truth?.story}`).toContain(report.verdict);
      expect(codes, `seed ${seed}: ${truth?.story}`).toContain(fault);
    }
  });
});

function violations({ findings, checks }: RunReport): string[] {
  const found = findings.filter(({ verdict }) => verdict === 'violated').map(brief);
  const failed = checks.filter(({ verdict }) => verdict === 'violated').map(({ name, reason }) => `${name} ${reason}`);
  return [...found, ...failed];
}

/** The files with one of them twice, beside itself or in another folder. */
function copied(files: Files, seed: number, folder?: string): Files {
  const own = Object.keys(files).filter((path) => files[path]?.includes('"run":"run-1"'));
  const path = chance(seed, 'copy').pick(own.filter((file) => file !== 'run.json'));
  const [, place = '', name = ''] = /^(.*\/)?([^/]+)$/.exec(path) ?? [];
  return { ...files, [`${folder ?? place}zz-copy-of-${name}`]: files[path] as string };
}

async function expectOneMoreNote(code: Finding['code'], without: Files, withIt: Files, name: string, seed: number) {
  const [one, other] = [await reportOn(without, {}, name), await reportOn(withIt, {}, name)];
  const notes = (report: RunReport) => report.findings.filter((finding) => finding.code === code).length;
  expect(notes(other), `seed ${seed}`).toBe(notes(one) + 1);
  expect(judgement(other), `seed ${seed}`).toEqual(judgement(one));
}

/** The report but for what a note may change: itself, and the numbers of the findings after it. */
function judgement({ verdict, devices, checks, findings, clocks }: RunReport) {
  const told = findings.filter((finding) => finding.verdict !== 'note').map(({ id, follows, ...rest }) => rest);
  return { verdict, devices, checks, clocks, findings: told };
}

/** The report but for the number of files and their names in alphabetical lists. */
function essence(report: RunReport) {
  const { input, ...rest } = report;
  return { ...rest, problems: new Set(input.problems.map((problem) => JSON.stringify(problem))) };
}

function withoutPlaces(report: RunReport) {
  const text = JSON.stringify(report, (key, value) => (['line', 'file'].includes(key) ? undefined : value));
  return JSON.parse(text) as unknown;
}

function withoutTimes({ clocks, input, ...rest }: RunReport): string {
  return JSON.stringify(rest, (key, value) => (key === 'time' ? undefined : value));
}

function withoutManifest(files: Files): Files {
  const { 'run.json': manifest, ...logs } = files;
  return manifest === undefined
    ? logs
    : {
        ...logs,
        'run.json': JSON.stringify(JSON.parse(manifest), (key, value) => (key === 'files' ? undefined : value)),
      };
}

function has({ truth }: SimulatedRun, code: string): boolean {
  return truth.findings.some((finding) => finding.code === code);
}
