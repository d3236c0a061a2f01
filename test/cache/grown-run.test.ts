import { appendFileSync, readFileSync, renameSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { gzipSync } from 'node:zlib';
import fc from 'fast-check';
import { beforeEach, describe, expect, test, vi } from 'vitest';
import { readMark, writeMark } from '../../src/cache/run-mark.ts';
import { type CheckOptions, checkBalances } from '../../src/check.ts';
import type { GlanceMark } from '../../src/replay/glance/glance-run.ts';
import type { RunReport } from '../../src/results.ts';
import { emptyFolder } from '../built.ts';
import { filesOf } from '../invariants/mutate.ts';
import { calmRun } from '../replay/glance/calm.ts';
import { type FaultName, faultNames, simulate } from '../simulator/index.ts';
import { tell } from '../story/tell.ts';
import { type Files, inFolder, writeFiles } from '../story.ts';
import { upTo } from './growing.ts';
import { Remembered } from './remembered.ts';

/** How many glances went on from others, and how many of these came to the end of the run. */
const resumed = vi.hoisted(() => ({ begun: 0, ended: 0 }));
/** Called before each glance. */
const glances = vi.hoisted(() => ({ begin: () => {} }));

vi.mock('../../src/replay/glance/glance-run.ts', async (load) => {
  const actual = await load<typeof import('../../src/replay/glance/glance-run.ts')>();
  const glanceRun: typeof actual.glanceRun = async (run, options) => {
    glances.begin();
    const found = await actual.glanceRun(run, options);
    resumed.begun += Number(options.from !== undefined);
    resumed.ended += Number(options.from !== undefined && found !== null);
    return found;
  };
  return { ...actual, glanceRun };
});

beforeEach(() => {
  Object.assign(resumed, { begun: 0, ended: 0 });
  glances.begin = () => {};
});

/** Asks about a run with a cache and without one, and expects the same report to the byte. */
async function askBoth(folder: string, cache: Remembered, more: Partial<CheckOptions> = {}): Promise<RunReport> {
  const question = { paths: [folder], all: true, ...more };
  const [report] = await checkBalances({ ...question, cache });
  const told = JSON.stringify(await checkBalances(question));
  expect(JSON.stringify([report])).toBe(told);
  // A second time it is the answer that was kept.
  expect(JSON.stringify(await checkBalances({ ...question, cache }))).toBe(told);
  return report as RunReport;
}

describe('a run that has grown is answered as if it were read from its start', () => {
  const share = fc.double({ min: 0, max: 1, noNaN: true });
  const growth = fc.record({
    seed: fc.integer({ min: 1, max: 10_000 }),
    layout: fc.constantFrom('per-device' as const, 'merged' as const),
    shares: fc.array(share, { minLength: 1, maxLength: 3 }),
    /** By how much logs are cut at other moments. */
    apart: fc.constantFrom(0, 0, 1),
    chance: fc.infiniteStream(share),
  });

  const grow = async (
    files: Files,
    name: string,
    { shares, apart, chance }: { shares: readonly number[]; apart: number; chance: Iterator<number> },
  ) => {
    const stages = [...shares].sort((left, right) => left - right);
    const cuts = stages.map((each) => upTo(files, each, () => apart * Math.round(4 * (chance.next().value - 0.5))));
    await inFolder(cuts[0] ?? files, name, async (folder) => {
      const cache = new Remembered();
      for (const cut of [...cuts, files]) {
        await writeFiles(cut, folder);
        await askBoth(folder, cache);
      }
    });
  };

  test('where nothing is in dispute', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(growth, async ({ seed, layout, ...cuts }) => {
        const { files, name } = calmRun({ seed, layout });
        await grow(files, name, cuts);
      }),
      { numRuns: 40 },
    );
    expect(resumed.ended).toBeGreaterThan(5);
  });

  test('where things went wrong', { timeout: 240_000 }, async () => {
    await fc.assert(
      fc.asyncProperty(growth, fc.constantFrom<FaultName>(...faultNames), async ({ seed, ...cuts }, fault) => {
        const run = simulate({ run: 'run-1', seed, fault });
        await grow(filesOf(run), run.name, cuts);
      }),
      { numRuns: 40 },
    );
  });
});

const before = `
  peer1 start
  peer2 start
  peer1 write e1 kind=mint outputs=T1:UCT:7 booked
  peer2 applied e1 booked
  peer1 publish s1 frontier=peer1:1 contents=e1
  peer2 read UCT 7`;
const after = `
  peer1 write e2 kind=transfer inputs=T1 outputs=T2:UCT:7 booked
  peer2 applied e2 booked
  peer2 read UCT 7
  peer1 end quiescent
  peer2 end quiescent`;

/** A run that was asked about, and has a story's further lines since. */
async function grown(more = after) {
  const folder = join(emptyFolder(), 'run-1');
  await writeFiles(tell(before), folder);
  const cache = new Remembered();
  await askBoth(folder, cache);
  await writeFiles(tell(before + more), folder);
  return { folder, cache };
}

/** Makes what is kept of a run say that a file had a thousand events more: who read the file himself does not say so. */
function lieOfEvents(cache: Remembered): void {
  for (const [key, bytes] of cache.marks) {
    const mark = readMark(bytes);
    const state = mark?.state() as GlanceMark;
    for (const file of state.files.values()) file.events += 1000;
    cache.marks.set(key, Buffer.concat(writeMark(mark?.files ?? [], state)));
  }
}

/** How many events a report on the run counts, less those that there are, where its cache lies about what was there before. */
async function eventsLiedOf(
  { folder, cache }: { folder: string; cache: Remembered },
  more: Partial<CheckOptions> = {},
) {
  lieOfEvents(cache);
  const question = { paths: [folder], ...more };
  const [[told], [read]] = [await checkBalances({ ...question, cache }), await checkBalances(question)];
  return (told?.input.events ?? 0) - (read?.input.events ?? 0);
}

describe('of a run that has grown', () => {
  test('only the new lines are read', async () => {
    const run = await grown();
    expect(await eventsLiedOf(run)).toBe(2000);
  });

  test('nothing is read for another question, where there is nothing new', async () => {
    const run = await grown('');
    const [mark] = run.cache.marks.values();
    await askBoth(run.folder, run.cache, { checks: ['spent-once'] });
    expect([...run.cache.marks.values()][0]).toBe(mark);
    expect(await eventsLiedOf(run, { checks: ['ledgers-agree'] })).toBe(2000);
  });

  test('the report is that of reading it all, again and again', async () => {
    const { folder, cache } = await grown();
    expect((await askBoth(folder, cache)).verdict).toBe('held');
    const later = (turn: number) => tell(`${before}${after}\n${'  peer2 start\n  peer2 read UCT 7\n'.repeat(turn)}`);
    for (const turn of [1, 2, 3]) {
      await writeFiles(later(turn), folder);
      await askBoth(folder, cache);
    }
    expect(resumed).toEqual({ begun: 4, ended: 4 });
  });

  test('what was under way when it was asked about comes to its end', async () => {
    const { folder, cache } = await grown('\n  peer1 write e2 kind=transfer inputs=T1 outputs=T2:UCT:7 booked');
    expect((await askBoth(folder, cache)).verdict).not.toBe('held');
    await writeFiles(tell(before + after), folder);
    expect((await askBoth(folder, cache)).verdict).toBe('held');
    expect(resumed).toEqual({ begun: 2, ended: 2 });
  });

  test.each([
    [
      'lost',
      '\n  peer1 write e2 kind=transfer inputs=T1 outputs=T2:UCT:7 booked\n  peer1 end quiescent\n  peer2 end quiescent',
    ],
    ['spent twice', `${after.replace('  peer1 end', '  peer1 write e3 kind=burn inputs=T1 booked\n  peer1 end')}`],
    ['shown and not held', after.replace('peer2 read UCT 7', 'peer2 read UCT 8')],
  ])('it is found out what was %s', async (_what, more) => {
    const { folder, cache } = await grown(more);
    expect((await askBoth(folder, cache)).verdict).toBe('violated');
    expect(resumed.begun).toBe(1);
  });
});

test('a hole in what was read before is told again', async () => {
  const hole = '\n  - peer2 read UCT 7\n  peer2 read UCT 7';
  const { folder, cache } = await grown(hole);
  const [mark] = cache.marks.values();
  expect((await askBoth(folder, cache)).verdict).toBe('not-checked');
  expect([...cache.marks.values()]).toEqual([mark]);
  await writeFiles(tell(before + hole + after), folder);
  expect((await askBoth(folder, cache)).verdict).toBe('not-checked');
});

test.each([
  ['a token', 'peer1 write e3 kind=mint outputs=T1:UCT:7 booked', 2],
  ['a change of an effect', 'peer2 balance T2 UCT 7 effect=e2', 2],
  // That goes beyond a glance.
  ['an effect', 'peer1 write e1 kind=mint outputs=T3:UCT:7 booked', 1],
])('%s that was forgotten before is known when it comes again', async (_what, again, ended) => {
  const { folder, cache } = await grown();
  await askBoth(folder, cache);
  await writeFiles(tell(`${before}${after}\n  peer1 start\n  ${again}`), folder);
  await askBoth(folder, cache);
  expect(resumed).toEqual({ begun: 2, ended });
});

test('what went over to another identity before is compared with what comes later', async () => {
  const sent = `
    peer1 start
    alice1@alice start
    peer1 write e1 kind=mint outputs=T1:UCT:7 booked
    peer1 write e2 kind=transfer inputs=T1 outputs=T2:UCT:7:alice booked`;
  const folder = join(emptyFolder(), 'run-1');
  const cache = new Remembered();
  await writeFiles(tell(sent), folder);
  await askBoth(folder, cache);
  await writeFiles(tell(`${sent}\n  alice1@alice write a1 kind=receive outputs=T2:UCT:8 booked`), folder);
  expect((await askBoth(folder, cache)).verdict).toBe('violated');
  expect(resumed).toEqual({ begun: 1, ended: 0 });
});

/** What becomes of a run between two questions, so that it is read anew. */
const otherwise: readonly (readonly [what: string, change: (log: string, folder: string) => void | Promise<void>])[] = [
  [
    'a byte in the middle is another',
    (log) => writeFileSync(log, readFileSync(log, 'utf8').replace('"amount":"7"', '"amount":"8"')),
  ],
  ['it was cut short', (log) => truncateSync(log, readFileSync(log, 'utf8').indexOf('\n') + 1)],
  ['it is gone', (log) => rmSync(log)],
  ['it is empty', (log) => truncateSync(log, 0)],
  ['it was rotated', (log) => renameSync(log, log.replace('.ndjson', '.1.ndjson'))],
  ['it is compressed', (log) => writeFileSync(log, gzipSync(readFileSync(log)))],
  ['there is one more', (_log, folder) => writeFiles(tell(`${before}${after}\n  peer3 start`), folder)],
  ['there is a manifest', (_log, folder) => writeFileSync(join(folder, 'run.json'), '{"label":"once more"}')],
];

describe('a run is read anew', () => {
  test.each(otherwise)('where a log is not what it was: %s', async (_what, change) => {
    const { folder, cache } = await grown();
    await change(join(folder, 'peer2.ndjson'), folder);
    await askBoth(folder, cache);
    expect(resumed.begun).toBe(0);
  });

  test('whose last line was torn, or had no line end yet', async () => {
    const files = tell(before);
    const whole = tell(before + after);
    const path = 'peer2.ndjson';
    const log = whole[path] ?? '';
    for (const end of [(files[path] ?? '').length - 1, (files[path] ?? '').length + 30]) {
      const folder = join(emptyFolder(), 'run-1');
      const cache = new Remembered();
      await writeFiles({ ...files, [path]: log.slice(0, end) }, folder);
      await askBoth(folder, cache);
      expect(cache.marks.size).toBe(0);
      await writeFiles(whole, folder);
      await askBoth(folder, cache);
    }
    expect(resumed.begun).toBe(0);
  });

  test('where lines were added to a log that others of its device follow', async () => {
    const folder = join(emptyFolder(), 'run-1');
    const restart = '\n  peer1 end quiescent\n  peer1 start file=later.ndjson\n  peer1 read UCT 7 file=later.ndjson';
    await writeFiles(tell(before + restart), folder);
    const cache = new Remembered();
    await askBoth(folder, cache);
    appendFileSync(join(folder, 'peer1.ndjson'), '{"level":30,"msg":"more"}\n');
    await askBoth(folder, cache);
    expect(resumed.begun).toBe(0);
    appendFileSync(join(folder, 'later.ndjson'), '{"level":30,"msg":"more"}\n');
    await askBoth(folder, cache);
    expect(resumed).toEqual({ begun: 1, ended: 1 });
  });

  test('where lines wait for others when it is asked about', async () => {
    const folder = join(emptyFolder(), 'run-1');
    const cache = new Remembered();
    const ahead = tell(before + after);
    await writeFiles({ ...ahead, 'peer1.ndjson': tell(before)['peer1.ndjson'] ?? '' }, folder);
    await askBoth(folder, cache);
    expect(cache.marks.size).toBe(0);
    await writeFiles(ahead, folder);
    await askBoth(folder, cache);
  });

  test.each<[string, (bytes: Uint8Array) => Uint8Array]>([
    ['cut short', (bytes) => bytes.subarray(0, bytes.length / 2)],
    ['cut to its beginning', (bytes) => bytes.subarray(0, 2)],
    ['empty', () => new Uint8Array()],
    ['something else', () => new TextEncoder().encode('{"state":1}')],
  ])('where what is kept of it is %s', async (_what, spoil) => {
    const { folder, cache } = await grown();
    for (const [key, bytes] of cache.marks) cache.marks.set(key, spoil(bytes));
    await askBoth(folder, cache);
    expect(resumed.begun).toBe(0);
  });

  test('by a mapping', async () => {
    const mapping = join(emptyFolder(), 'rules.json');
    writeFileSync(mapping, '{"rules":[]}');
    const { folder, cache } = await grown();
    cache.marks.clear();
    await askBoth(folder, cache, { mapping });
    expect(cache.marks.size).toBe(0);
  });

  test.each<Partial<CheckOptions>>([{ until: 'peer1:1:2' }, { retainAll: true }])('for %j', async (more) => {
    const { folder, cache } = await grown();
    await askBoth(folder, cache, more);
    expect(resumed.begun).toBe(0);
  });
});

describe('where a run changes while it is read', () => {
  const open = after.replace('  peer2 applied e2 booked\n', '').replace('  peer2 read UCT 7\n', '');
  const newByte = ['"quiescent":true', '"quiescent":null'] as const;
  const oldByte = ['"amount":"7"', '"amount":"8"'] as const;
  test.each([
    ['in what is new', after, newByte],
    ['in what was there, and is looked at again', open, oldByte],
    ['in what was there, and is not looked at again', after, oldByte],
  ])('%s, nothing is kept', async (_where, more, [one, other]) => {
    const { folder, cache } = await grown(more);
    const [mark] = cache.marks.values();
    const { kept } = cache;
    glances.begin = () => {
      const log = join(folder, 'peer2.ndjson');
      writeFileSync(log, readFileSync(log, 'utf8').replace(one, other));
    };
    await checkBalances({ paths: [folder], cache });
    expect(cache.kept).toBe(kept);
    expect([...cache.marks.values()].filter((each) => each !== mark)).toEqual([]);
    expect(resumed.begun).toBe(1);
  });
});

test('progress comes to its end also where only what is new is read', async () => {
  const { folder, cache } = await grown();
  let last = { bytes: 0, totalBytes: null as number | null };
  await checkBalances({ paths: [folder], cache, onProgress: (progress) => (last = progress) });
  expect(last.bytes).toBe(last.totalBytes);
  expect(resumed.ended).toBe(1);
});
