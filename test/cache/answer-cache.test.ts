import { appendFileSync, mkdirSync, readFileSync, statSync, utimesSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { gzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { type CheckOptions, checkBalances } from '../../src/check.ts';
import { parseMapping } from '../../src/events/mapping/parse-mapping.ts';
import { pino } from '../../src/events/readers/pino.ts';
import { spentOnce } from '../../src/invariants/spent-once.ts';
import { countRoundTrips, type RoundTripOptions } from '../../src/round-trips.ts';
import { emptyFolder } from '../built.ts';
import { tell } from '../story/tell.ts';
import { bytesOf, lie, Remembered, textOf } from './remembered.ts';

const story = `
  peer1  write e1 key=outbox outputs=T1:UCT:100
  peer1  balance T1 UCT 100 effect=e1
  peer2  replication e1 origin=peer1
  peer2  balance T1 UCT 100 effect=e1
  peer1  end quiescent
  peer2  end quiescent
`;

/** A run of that story, in a folder of its own. */
function run(): string {
  const folder = join(emptyFolder(), 'run-1');
  for (const [path, content] of Object.entries(tell(story))) {
    mkdirSync(dirname(join(folder, path)), { recursive: true });
    writeFileSync(join(folder, path), content);
  }
  return folder;
}

const firstLog = (folder: string) => join(folder, 'peer1.ndjson');

/** What a question is told before and after the cache began to lie: the same run twice, or the lie. */
async function twice(
  question: CheckOptions,
  between: () => void = () => {},
  again: Partial<CheckOptions> = {},
): Promise<{ readonly first: string; readonly second: string; readonly cache: Remembered }> {
  const cache = new Remembered();
  const [first] = await checkBalances({ ...question, cache });
  cache.lie();
  between();
  const [second] = await checkBalances({ ...question, ...again, cache });
  return { first: first?.run ?? '', second: second?.run ?? '', cache };
}

describe('the answer for a run', () => {
  test('that is as it was comes from the cache', async () => {
    const { first, second } = await twice({ paths: [run()] });
    expect({ first, second }).toEqual({ first: 'run-1', second: lie });
  });

  test('comes from the cache for whoever wants to see another part of it', async () => {
    const { second } = await twice({ paths: [run()] }, () => {}, { devices: ['peer1'], coins: ['UCT'], all: true });
    expect(second).toBe(lie);
  });

  test('is anew where one byte in the middle is another, though size and time are the same', async () => {
    const folder = run();
    const log = firstLog(folder);
    const { second } = await twice({ paths: [folder] }, () => {
      const { size, atime, mtime } = statSync(log);
      writeFileSync(log, readFileSync(log, 'utf8').replace(/"delta":"100"/, '"delta":"101"'));
      utimesSync(log, atime, mtime);
      expect({ size: statSync(log).size, mtime: statSync(log).mtime }).toEqual({ size, mtime });
    });
    expect(second).toBe('run-1');
  });

  test.each<[string, (folder: string) => void]>([
    ['lines were appended', (folder) => appendFileSync(firstLog(folder), '{"level":30,"msg":"more"}\n')],
    ['a log was added', (folder) => writeFileSync(join(folder, 'peer3.ndjson'), '')],
    ['a manifest was added', (folder) => writeFileSync(join(folder, 'run.json'), '{"label":"once more"}')],
  ])('is anew where %s', async (_what, change) => {
    const folder = run();
    expect((await twice({ paths: [folder] }, () => change(folder))).second).toBe('run-1');
  });

  test.each<Partial<CheckOptions>>([
    { checks: ['spent-once'] },
    { until: 'peer1:1:2' },
    { maxProblems: 3 },
    { retainAll: true },
  ])('is anew for another question: %j', async (other) => {
    expect((await twice({ paths: [run()] }, () => {}, other)).second).toBe('run-1');
  });

  test('is anew for another mapping at the same path', async () => {
    const mapping = join(emptyFolder(), 'rules.json');
    const rules = (name: string) => JSON.stringify({ rules: [{ name, when: { pattern: 'x' }, emit: [] }] });
    writeFileSync(mapping, rules('a'));
    const question = { paths: [run()], mapping };
    expect((await twice(question)).second).toBe(lie);
    expect((await twice(question, () => writeFileSync(mapping, rules('b')))).second).toBe('run-1');
  });

  test('comes from the cache where logs are compressed, until they are others', async () => {
    const folder = run();
    const packed = join(folder, 'peer2.ndjson');
    const lines = readFileSync(packed);
    writeFileSync(packed, gzipSync(lines));
    expect((await twice({ paths: [folder] })).second).toBe(lie);
    const other = () => writeFileSync(packed, gzipSync(lines.subarray(0, -1)));
    expect((await twice({ paths: [folder] }, other)).second).toBe('run-1');
  });

  test('of each run of a series is kept by itself', async () => {
    const series = emptyFolder();
    for (const name of ['run-1', 'run-2']) {
      mkdirSync(join(series, name));
      for (const [path, content] of Object.entries(tell(story)))
        writeFileSync(join(series, name, path), content.replaceAll('run-1', name));
    }
    const cache = new Remembered();
    const first = await checkBalances({ paths: [series], cache });
    appendFileSync(join(series, 'run-2/peer1.ndjson'), '{"level":30,"msg":"more"}\n');
    cache.lie();
    const second = await checkBalances({ paths: [series], cache });
    expect(first.map((report) => report.run)).toEqual(['run-1', 'run-2']);
    expect(second.map((report) => report.run)).toEqual([lie, 'run-2']);
  });
});

describe('nothing is kept', () => {
  test.each<[string, Partial<CheckOptions>]>([
    ['a reader', { readers: [pino] }],
    ['an invariant', { invariants: [{ ...spentOnce, name: 'mine' }] }],
    ['a mapping that is no file', { mapping: parseMapping('{"rules":[]}', 'given') }],
  ])('of a run that is read by the caller’s %s', async (_what, code) => {
    const { second, cache } = await twice({ paths: [run()], ...code });
    expect({ second, kept: cache.kept }).toEqual({ second: 'run-1', kept: 0 });
  });

  test('of a run that is smaller than what pays', async () => {
    const cache = new Remembered();
    cache.leastBytes = 1e6;
    await checkBalances({ paths: [run()], cache });
    expect(cache.kept).toBe(0);
  });

  test('of a compressed log that breaks off', async () => {
    const folder = run();
    writeFileSync(firstLog(folder), gzipSync(readFileSync(firstLog(folder))).subarray(0, -12));
    expect((await twice({ paths: [folder] })).cache.kept).toBe(0);
  });

  test('of a question that cannot be answered', async () => {
    const cache = new Remembered();
    await expect(checkBalances({ paths: [run()], until: 'peer9:1:1', cache })).rejects.toThrow('peer9');
    expect(cache.kept).toBe(0);
  });

  test.each(['log', 'mapping'])('of a run whose %s changes while it is read', async (changing) => {
    const folder = run();
    const mapping = join(emptyFolder(), 'rules.json');
    writeFileSync(mapping, '{"rules":[]}');
    const cache = new Remembered();
    let asked = 0;
    cache.find = async () => {
      asked += 1;
      // At first for the key by which bytes are told apart.
      if (asked === 1) return undefined;
      if (changing === 'mapping') appendFileSync(mapping, '\n');
      else
        writeFileSync(
          firstLog(folder),
          readFileSync(firstLog(folder), 'utf8').replace('"delta":"100"', '"delta":"101"'),
        );
      return undefined;
    };
    await checkBalances({ paths: [folder], mapping, cache });
    expect(cache.kept).toBe(0);
  });
});

test('bytes are compared once, and again where somebody touched a log meanwhile', async () => {
  const looks = async (touch: (log: string) => void) => {
    const folder = run();
    const cache = new Remembered();
    cache.find = async () => {
      touch(firstLog(folder));
      return undefined;
    };
    let count = 0;
    const onProgress = () => {
      count += 1;
    };
    await checkBalances({ paths: [folder], cache, onProgress });
    expect(cache.kept).toBe(1);
    return count;
  };
  const once = await looks(() => {});
  // Each of the two logs is one look more.
  expect((await looks((log) => utimesSync(log, new Date(), new Date()))) - once).toBe(2);
});

test('an answer that is not one is replaced', async () => {
  const cache = new Remembered();
  const question = { paths: [run()], cache };
  const [first] = await checkBalances(question);
  for (const key of cache.answers.keys()) cache.answers.set(key, bytesOf('{"run":'));
  expect((await checkBalances(question))[0]).toEqual(first);
  expect([...cache.answers.values()].map(textOf)).toEqual([JSON.stringify(first)]);
});

test('progress comes to its end also where nothing is read', async () => {
  const folder = run();
  const cache = new Remembered();
  const ask = async () => {
    let last = { bytes: 0, totalBytes: null as number | null };
    await checkBalances({ paths: [folder], cache, onProgress: (progress) => (last = progress) });
    return last;
  };
  expect(await ask()).toEqual(await ask());
  expect(cache.found).toBe(1);
});

describe('round trips', () => {
  test.each<Partial<RoundTripOptions>>([
    { budgets: { pay: { total: 1 } } },
    { operations: ['pay'] },
    { whatIf: 'op' },
    { seed: 2 },
    { until: 'peer1:1:2' },
    { maxProblems: 3 },
  ])('are counted anew for another question: %j', async (other) => {
    const cache = new Remembered();
    const question = { paths: [run()], cache };
    await countRoundTrips(question);
    cache.lie();
    expect((await countRoundTrips(question))[0]?.run).toBe(lie);
    expect((await countRoundTrips({ ...question, ...other }))[0]?.run).toBe('run-1');
    expect((await checkBalances(question))[0]?.run).toBe('run-1');
  });
});
