import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { RunReport } from '../../src/results.ts';
import { faultNames } from '../simulator/index.ts';
import { brief, type Files, reportOn } from '../story.ts';
import { type Line, linesOf, relabel, rewrite, simulated } from './mutate.ts';

/*
 * One thing in a recorded run is deleted, repeated, exchanged, cut off, torn, reset or re-timed. What the report then says is
 * predicted in the title; SEED=7 RUNS=200 npx vitest run test/invariants/rewritten.test.ts tries other runs, and more of them.
 */
const runs = { numRuns: Number(process.env.RUNS ?? 25), seed: Number(process.env.SEED ?? 1) };
const patience = { timeout: 60_000 * Math.max(1, runs.numRuns / 25) };

const seed = fc.nat({ max: 100_000 });
/** A place among so many, wherever that is. */
const share = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
const at = <Item>(list: readonly Item[], place: number): Item => list[Math.floor(place * list.length)] as Item;

/** A run without a fault, in which everything was logged and came to rest. */
const quiet = (number: number) => simulated({ seed: number, ending: 'quiescent', detail: 'full' });
/** Faults of a wallet; of the others, some make a line stand twice, so that to change one of the two is another matter. */
const faults = faultNames.filter((fault) => !['duplicate-file', 'seq-conflict'].includes(fault));
/** Any run; in two of three something goes wrong. */
const any = (number: number) =>
  simulated({ seed: number, fault: faults[number % Math.floor(faults.length * 1.5)] ?? 'none' });

const violations = ({ findings }: RunReport) => findings.filter(({ verdict }) => verdict === 'violated').map(brief);
const about = ({ findings }: RunReport) => findings.map(({ code, device }) => `${code} ${device}`);

/** What a report says of the wallets, but for where lines stand. */
function said({ checks, findings, devices }: RunReport): string {
  const answers = checks.filter(({ name }) => name !== 'log-complete');
  const told = findings.filter(({ check }) => check !== 'log-complete').map(({ id, follows, ...finding }) => finding);
  return JSON.stringify({ answers, told, devices }, (key, value) =>
    key === 'line' || key === 'file' ? undefined : value,
  );
}

function law(title: string, arbitraries: fc.Arbitrary<number>[], holds: (...drawn: number[]) => Promise<void>): void {
  const property = fc.asyncProperty(fc.tuple(...arbitraries), (drawn) => holds(...drawn));
  test(title, patience, () => fc.assert(property, runs));
}

describe('deleting', () => {
  law('a line in the middle violates nothing, and is named as the one hole', [seed, share], async (number, place) => {
    const { files, name } = quiet(number);
    const victim = at(
      linesOf(files).filter(({ isLast }) => !isLast),
      place,
    );
    const report = await reportOn(without(files, [victim]), {}, name);
    expect(violations(report)).toEqual([]);
    expect(report.verdict).toBe('not-checked');
    expect(about(report)).toEqual([`seq-gap ${victim.device}`]);
    expect(report.findings[0]?.message).toMatch(
      new RegExp(`^seq ${victim.seq} of ${victim.device}, incarnation ${victim.incarnation}, is missing`),
    );
  });

  law(
    'the end of a log violates nothing, and is named as cut off',
    [seed, share, share],
    async (number, which, much) => {
      const { files, name } = quiet(number);
      const device = at(devicesOf(files), which);
      const own = linesOf(files).filter((line) => line.device === device);
      const last = own.filter(({ incarnation }) => incarnation === own.at(-1)?.incarnation);
      const cut = last.slice(-1 - Math.floor(much * (last.length - 1)));
      const report = await reportOn(without(files, cut), {}, name);
      expect(violations(report)).toEqual([]);
      expect(about(report)).toContain(`truncated ${device}`);
    },
  );

  law('a device violates nothing, and makes no answer surer', [seed, share], async (number, which) => {
    const { files, name } = quiet(number);
    const device = at(devicesOf(files), which);
    const rest = without(
      files,
      linesOf(files).filter((line) => line.device === device),
    );
    const report = await reportOn(rest, {}, name);
    expect(violations(report)).toEqual([]);
  });
});

describe('tearing', () => {
  law('the last line of a log is deleting it, and is named', [seed, share, share], async (number, which, much) => {
    const { files, name } = quiet(number);
    const victim = at(
      linesOf(files).filter(({ isLast, text, path }) => isLast && files[path]?.endsWith(`${text}\n`)),
      which,
    );
    const left = Math.max(1, Math.floor(much * (victim.text.length - 1)));
    const torn = {
      ...files,
      [victim.path]: `${(files[victim.path] as string).slice(0, left - victim.text.length - 1)}`,
    };
    const [one, other] = [
      await reportOn(without(files, [victim]), { all: true }, name),
      await reportOn(torn, { all: true }, name),
    ];
    expect(about(other).filter((finding) => finding.startsWith('torn-line'))).toHaveLength(1);
    expect(violations(other)).toEqual([]);
    expect(other.verdict).toBe('not-checked');
    expect(said(other)).toBe(said(one));
  });
});

describe('repeating', () => {
  law('a line changes nothing, and is noted', [seed, share, share], async (number, place, where) => {
    const { files, name } = any(number);
    const line = at(linesOf(files), place);
    const behind = at(
      linesOf(files).filter(({ path }) => path === line.path),
      where,
    );
    const twice = rewrite(files, (each) => (each.is(behind) ? [each.text, line.text] : [each.text]));
    const [one, other] = [await reportOn(files, { all: true }, name), await reportOn(twice, { all: true }, name)];
    const notes = (report: RunReport) => report.findings.filter(({ code }) => code === 'duplicate-file').length;
    expect([notes(one), notes(one) + 1]).toContain(notes(other));
    expect(other.verdict).toBe(one.verdict);
    expect(said(other)).toBe(said(one));
  });
});

describe('exchanging', () => {
  law(
    'two lines of a device in their file moves those two lines, and nothing else',
    [seed, share, share],
    async (number, place, where) => {
      const { files, name } = any(number);
      const one = at(linesOf(files), place);
      const other = at(
        linesOf(files).filter(({ path, device }) => path === one.path && device === one.device),
        where,
      );
      const swapped = rewrite(files, (each) => [each.is(one) ? other.text : each.is(other) ? one.text : each.text]);
      const [before, after] = [
        await reportOn(files, { all: true }, name),
        await reportOn(swapped, { all: true }, name),
      ];
      const moved = JSON.stringify(before, (_, value) => {
        if (value?.file !== one.path) return value;
        return {
          ...value,
          line: value.line === one.line ? other.line : value.line === other.line ? one.line : value.line,
        };
      });
      expect(JSON.stringify(after)).toBe(moved);
    },
  );

  law('the names of two effects exchanges them in the report', [seed, share, share], async (number, place, where) => {
    const { files, name } = any(number);
    const effects = linesOf(files).flatMap(({ record }) => (record.type === 'write' ? [String(record.effect)] : []));
    const [one, other] = [at(effects, place), at(effects, where)];
    if (one === undefined || one === other) return;
    const names = new Map([
      [one, other],
      [other as string, one],
    ]);
    const renamed = Object.fromEntries(Object.entries(files).map(([path, text]) => [path, relabel(text, names)]));
    const [before, after] = [await reportOn(files, { all: true }, name), await reportOn(renamed, { all: true }, name)];
    expect(after.verdict).toBe(before.verdict);
    expect(after.findings.map(brief).sort()).toEqual(before.findings.map((each) => relabel(brief(each), names)).sort());
  });

  law(
    'the effects that two balance lines of a device name violates what those effects say',
    [seed, share, share],
    async (number, place, where) => {
      const { files, name } = quiet(number);
      const gains = linesOf(files).filter(
        ({ record }) =>
          record.type === 'balance' && record.effect !== undefined && !String(record.delta).startsWith('-'),
      );
      const one = at(gains, place);
      const other = at(
        gains.filter(
          ({ device, record }) =>
            device === one?.device && record.effect !== one.record.effect && record.tokenId !== one.record.tokenId,
        ),
        where,
      );
      if (!one || !other) return;
      const named = (line: Line, effect: unknown) => [JSON.stringify({ ...line.record, effect })];
      const swapped = rewrite(files, (each) =>
        each.is(one) ? named(one, other.record.effect) : each.is(other) ? named(other, one.record.effect) : [each.text],
      );
      const report = await reportOn(swapped, { all: true }, name);
      expect(report.verdict).toBe('violated');
      const accused = report.findings.filter(({ verdict }) => verdict === 'violated');
      expect(new Set(accused.map(({ device }) => device))).toEqual(new Set([one.device]));
      const concerned = [one, other].flatMap(({ record }) => [record.effect, record.tokenId]);
      for (const { effect, tokenId } of accused)
        expect(concerned.some((id) => id === effect || id === tokenId)).toBe(true);
    },
  );
});

describe('resetting', () => {
  law('a device’s numbers is a conflict, told once', [seed, share], async (number, place) => {
    const { files, name } = quiet(number);
    const from = at(
      linesOf(files).filter(({ seq }) => seq > 1),
      place,
    );
    const reset = rewrite(files, (each) =>
      each.follows(from) ? [JSON.stringify({ ...each.record, seq: each.seq - from.seq + 1 })] : [each.text],
    );
    const report = await reportOn(reset, { all: true }, name);
    const conflicts = about(report).filter((finding) => finding.startsWith('seq-conflict'));
    expect(report.verdict).toBe('violated');
    expect(conflicts).toEqual([`seq-conflict ${from.device}`]);
  });

  law(
    'them with a new incarnation is a crash and a restart, which lose nothing',
    [seed, share],
    async (number, place) => {
      const { files, name } = simulated({ seed: number, ending: 'quiescent', detail: 'full', layout: 'per-device' });
      const from = at(
        linesOf(files).filter(({ seq }) => seq > 1),
        place,
      );
      const restarted = rewrite(files, (each) => {
        if (each.device !== from.device || each.incarnation < from.incarnation) return [each.text];
        if (each.incarnation === from.incarnation && each.seq < from.seq) return [each.text];
        const seq = each.incarnation === from.incarnation ? each.seq - from.seq + 1 : each.seq;
        return [JSON.stringify({ ...each.record, incarnation: each.incarnation + 1, seq })];
      });
      const [before, after] = [await reportOn(files, {}, name), await reportOn(restarted, {}, name)];
      expect(about(after)).toEqual(about(before));
      expect(after.verdict).toBe(before.verdict);
      expect(after.checks).toEqual(before.checks);
    },
  );
});

describe('re-timing', () => {
  law('every line, however it is, changes times alone', [seed, seed], async (number, chance) => {
    const { files, name } = any(number);
    const drawn = (line: Line) => 1_748_000_000_000 + ((line.line * 7_919 + chance * 104_729) % 1_000_000_007);
    const timed = rewrite(files, (each) =>
      each.record.time === undefined ? [each.text] : [JSON.stringify({ ...each.record, time: drawn(each) })],
    );
    const [one, other] = [await reportOn(files, { all: true }, name), await reportOn(timed, { all: true }, name)];
    expect(withoutTimes(other)).toBe(withoutTimes(one));
  });
});

function without(files: Files, lines: readonly Line[]): Files {
  return rewrite(files, (each) => (lines.some((line) => each.is(line)) ? [] : [each.text]));
}

function devicesOf(files: Files): string[] {
  return [...new Set(linesOf(files).map(({ device }) => device))];
}

function withoutTimes({ clocks, input: { bytes, ...input }, ...rest }: RunReport): string {
  return JSON.stringify({ ...rest, input }, (key, value) => (key === 'time' ? undefined : value));
}
