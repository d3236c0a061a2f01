import { afterEach, describe, expect, test, vi } from 'vitest';
import { ReplayError } from '../../src/base/errors.ts';
import { reporters } from '../../src/report/index.ts';
import type { RunReport } from '../../src/results.ts';
import { clean, cut, explanation, inspection, notChecked, resurrected } from '../report/fixtures.ts';
import { replay } from './world.ts';

const checkBalances = vi.hoisted(() => vi.fn());
const inspectRuns = vi.hoisted(() => vi.fn());
const showCut = vi.hoisted(() => vi.fn());
const explainFinding = vi.hoisted(() => vi.fn());
vi.mock('../../src/check.ts', () => ({ checkBalances }));
vi.mock('../../src/inspect.ts', () => ({ inspectRuns }));
vi.mock('../../src/show.ts', () => ({ showCut }));
vi.mock('../../src/explain.ts', () => ({ explainFinding }));
vi.mock('../../src/invariants/index.ts', () => ({
  invariants: [{ name: 'ledgers-agree' }, { name: 'balance-reads' }, { name: 'conservation' }],
}));

afterEach(() => vi.resetAllMocks());

function answer(...reports: readonly RunReport[]): void {
  checkBalances.mockResolvedValue(reports);
}

describe('the exit code', () => {
  test.each([
    [0, [clean]],
    [1, [resurrected]],
    [3, [notChecked]],
    [1, [clean, notChecked, resurrected]],
    [3, [clean, notChecked]],
    [3, []],
  ])('is %i', async (code, reports) => {
    answer(...reports);
    expect(await replay('check-balances a')).toMatchObject({ code, stderr: '' });
  });

  test('of too little evidence is 0 where that is allowed, and the answer is still there', async () => {
    answer(notChecked);
    const { code, stdout } = await replay('check-balances a --allow-inconclusive');
    expect(code).toBe(0);
    expect(stdout).toContain('? run-3 not checked');
    answer(notChecked, resurrected);
    expect((await replay('check-balances a b --allow-inconclusive')).code).toBe(1);
  });

  test('is 2 for what the user can mend, with the way out', async () => {
    checkBalances.mockRejectedValue(new ReplayError('run-9: no such run', 'runs here: run-1 run-2; or name a file'));
    expect(await replay('check-balances run-9')).toEqual({
      code: 2,
      stdout: '',
      stderr: 'replay: run-9: no such run\n  runs here: run-1 run-2; or name a file\n',
    });
  });

  test('is 70 for a fault of ours, with the stack', async () => {
    checkBalances.mockRejectedValue(new TypeError('x is not a function'));
    const { code, stdout, stderr } = await replay('check-balances run-1');
    expect({ code, stdout }).toEqual({ code: 70, stdout: '' });
    expect(stderr).toMatch(/^replay: x is not a function\nTypeError: x is not a function\n {4}at .*commands\.test\.ts/);
    expect(stderr).toContain('this is a fault of replay itself: please report it');
  });

  test('is 130 when the user interrupts, and nothing is printed', async () => {
    const interruption = new AbortController();
    checkBalances.mockImplementation(async () => {
      interruption.abort();
      await new Promise((resolve) => setTimeout(resolve, 50));
      return [resurrected];
    });
    expect(await replay('check-balances run-1', { interrupted: interruption.signal })).toEqual({
      code: 130,
      stdout: '',
      stderr: '',
    });
  });
});

describe('check-balances', () => {
  test('hands its flags to the use case', async () => {
    answer(clean);
    await replay(
      'check-balances a 1 - b --device x,y --device z --coin UCT --check conservation,balance-reads --until bob:1:7 --all --mapping m.json --max-problems 0',
    );
    expect(checkBalances).toHaveBeenCalledWith({
      paths: ['a', '1', '-', 'b'],
      devices: ['x', 'y', 'z'],
      coins: ['UCT'],
      checks: ['conservation', 'balance-reads'],
      until: 'bob:1:7',
      all: true,
      mapping: ['m.json'],
      maxProblems: 0,
      onProgress: expect.any(Function),
      onRefused: expect.any(Function),
    });
  });

  test('asks for ten problems and nothing else where nothing is said', async () => {
    answer(clean);
    await replay('check-balances a');
    expect(checkBalances).toHaveBeenCalledWith({
      paths: ['a'],
      all: false,
      mapping: undefined,
      maxProblems: 10,
      onProgress: expect.any(Function),
      onRefused: expect.any(Function),
    });
  });

  test('takes flags before the command, and paths that look like flags after --', async () => {
    answer(clean);
    await replay('--json check-balances -- --odd');
    expect(checkBalances).toHaveBeenCalledWith(expect.objectContaining({ paths: ['--odd'] }));
  });

  test('prints one object for one run, an array for several', async () => {
    answer(clean);
    expect(JSON.parse((await replay('check-balances a --json')).stdout)).toEqual(clean);
    answer(resurrected, clean);
    expect(JSON.parse((await replay('check-balances a b --json')).stdout)).toEqual([resurrected, clean]);
  });

  test.each([
    ['--json', 'json'],
    ['--ndjson', 'ndjson'],
    ['-q', 'quiet'],
    ['--quiet', 'quiet'],
  ])('%s is --reporter %s', async (flag, name) => {
    answer(resurrected);
    const { stdout } = await replay(`check-balances run-1/ ${flag}`);
    expect(stdout).toBe((await replay(`check-balances run-1/ --reporter ${name}`)).stdout);
    expect(stdout).not.toBe('');
  });

  test.each(reporters.map(({ name }) => name))('knows the reporter %s', async (name) => {
    answer(resurrected);
    expect((await replay(`check-balances a --reporter ${name}`)).stdout).not.toBe('');
  });

  test('refuses two ways to print at once', async () => {
    expect(await replay('check-balances a --json -q')).toMatchObject({
      code: 2,
      stderr: 'replay: json and quiet: two ways to print at once\n  choose one of them\n',
    });
  });

  test('suggests the command that looks closer, with the path as it was named', async () => {
    answer(resurrected);
    const { stdout } = await replay('check-balances ./logs/run-1 --mapping m.json');
    expect(stdout).toContain('  next: replay explain ./logs/run-1 F1 --mapping m.json\n');
    expect(stdout).toContain('        replay show ./logs/run-1 --at F1 --step --mapping m.json\n');
  });
});

describe('colour', () => {
  test.each<[boolean, string, Record<string, string>, boolean]>([
    [true, '', {}, true],
    [false, '', {}, false],
    [true, '', { NO_COLOR: '1' }, false],
    [true, '', { NO_COLOR: '' }, true],
    [true, '', { TERM: 'dumb' }, false],
    [false, '', { FORCE_COLOR: '1' }, true],
    [true, '', { FORCE_COLOR: '0' }, false],
    [false, '', { FORCE_COLOR: '1', NO_COLOR: '1' }, true],
    [false, '--color always', { NO_COLOR: '1' }, true],
    [true, '--color=never', { FORCE_COLOR: '1' }, false],
    [true, '--no-color', {}, false],
    [true, '--color auto', {}, true],
  ])('on a terminal: %s, flags "%s", variables %o: %s', async (terminal, flags, env, colored) => {
    answer(resurrected);
    const { stdout } = await replay(`check-balances a ${flags}`, { terminal, env });
    expect(stdout.includes('\u001b[')).toBe(colored);
  });

  test('never gets into JSON', async () => {
    answer(resurrected);
    expect((await replay('check-balances a --json --color always')).stdout).not.toContain('\u001b');
  });
});

test('a text fits the terminal, and a pipe gets 80 columns', async () => {
  answer(resurrected);
  const widest = async (world: object) =>
    Math.max(...(await replay('check-balances run-1/', world)).stdout.split('\n').map((line) => [...line].length));
  expect(await widest({})).toBeLessThanOrEqual(80);
  expect(await widest({ columns: 200 })).toBeGreaterThan(80);
  expect(await widest({ columns: 200 })).toBeLessThanOrEqual(120);
});

describe('inspect', () => {
  test('says what a run holds', async () => {
    inspectRuns.mockResolvedValue([inspection]);
    const { code, stdout } = await replay('inspect run-1/ --mapping m.json');
    expect(code).toBe(0);
    expect(stdout).toContain('bob-peer2.ndjson');
    expect(stdout).toContain('next: replay check-balances run-1/ --mapping m.json\n');
    expect(inspectRuns).toHaveBeenCalledWith(
      expect.objectContaining({ paths: ['run-1/'], mapping: ['m.json'], maxProblems: 10 }),
    );
    expect(JSON.parse((await replay('inspect run-1/ --json')).stdout)).toEqual(inspection);
  });
});

describe('show', () => {
  test.each([
    ['', undefined],
    ['--step', 3],
    ['--step=7', 7],
    ['--step 0', 0],
  ])('with "%s" asks for %s steps', async (flags, steps) => {
    showCut.mockResolvedValue(cut);
    const { code, stdout } = await replay(`show run-1/ --at bob-peer2:2:12 --device bob-peer2 ${flags}`);
    expect(code).toBe(0);
    expect(stdout).toContain('run-1 at bob-peer2:2:12');
    expect(showCut).toHaveBeenCalledWith(
      expect.objectContaining({ paths: ['run-1/'], at: 'bob-peer2:2:12', steps, devices: ['bob-peer2'] }),
    );
  });

  test('prints JSON', async () => {
    showCut.mockResolvedValue(cut);
    expect(JSON.parse((await replay('show run-1/ --at bob-peer2:2:12 --json')).stdout)).toEqual(cut);
  });

  test.each([
    ['show run-1/', 'show: --at is missing'],
    ['show run-1/ --at', '--at: needs a value'],
    ['show run-1/ --at a:1:2 --at b:1:2', '--at: given 2 times'],
    ['show run-1/ run-2/ --at a:1:2', 'show: one <run> at a time, got run-1/ run-2/'],
    ['show --at a:1:2 --step run-1/', '--step: expected a whole number from 0 up, got run-1/'],
  ])('%s: %s', async (line, message) => {
    const { code, stdout, stderr } = await replay(line);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`replay: ${message}\n`);
  });
});

describe('explain', () => {
  test('hands its words to the use case, and prints the story', async () => {
    explainFinding.mockResolvedValue(explanation);
    const { code, stdout } = await replay('explain run-1/ F1 --check conservation --until bob:1:7 --mapping m.json');
    expect(code).toBe(0);
    expect(stdout).toContain('had bob-peer2 applied e17');
    expect(stdout).toContain('next: replay show run-1/ --at bob-peer2:2:12 --step --mapping m.json\n');
    expect(explainFinding).toHaveBeenCalledWith({
      paths: ['run-1/'],
      finding: 'F1',
      checks: ['conservation'],
      until: 'bob:1:7',
      mapping: ['m.json'],
      maxProblems: 10,
      onProgress: expect.any(Function),
    });
  });

  test('prints JSON', async () => {
    explainFinding.mockResolvedValue(explanation);
    expect(JSON.parse((await replay('explain run-1/ F1 --json')).stdout)).toEqual(explanation);
  });

  test.each([
    ['explain run-1/', 'explain: <run> <finding> is missing'],
    ['explain run-1/ F1 F2', 'explain: one <run> <finding> at a time, got run-1/ F1 F2'],
    ['explain run-1/ F1 --check zzz', '--check: no such choice: zzz'],
  ])('%s: %s', async (line, message) => {
    const { code, stderr } = await replay(line);
    expect(code).toBe(2);
    expect(stderr).toContain(`replay: ${message}\n`);
  });
});

test('a run that was judged in part has findings of its own, which the next commands must find again', async () => {
  answer(resurrected);
  const { stdout } = await replay('check-balances a --until bob-peer2:2:40 --check conservation');
  expect(stdout).toContain('next: replay explain a F1 --until bob-peer2:2:40 --check conservation\n');
  expect(stdout).toContain('      replay show a --at bob-peer2:2:12 --step\n');
});

describe('progress', () => {
  const steps = async (onProgress: (progress: object) => void) => {
    for (let bytes = 0; bytes <= 1000; bytes += 250) onProgress({ bytes, totalBytes: 1000 });
    return [clean];
  };

  test('is drawn after a second on a terminal, on standard error, and erased', async () => {
    checkBalances.mockImplementation(({ onProgress }) => steps(onProgress));
    let time = 0;
    const now = () => (time += 400);
    const { stdout, stderr } = await replay('check-balances a', { terminal: true, now });
    expect(stderr).toContain('  50 %  500 B of 1.0 kB');
    expect(stderr).not.toContain('   0 %');
    expect(stderr.endsWith('\r\x1b[K')).toBe(true);
    expect(stdout).not.toContain('%');
  });

  test('says nothing of what is quick, and nothing to a pipe', async () => {
    checkBalances.mockImplementation(({ onProgress }) => steps(onProgress));
    expect((await replay('check-balances a', { terminal: true })).stderr).toBe('');
    let time = 0;
    expect((await replay('check-balances a', { now: () => (time += 5000) })).stderr).toBe('');
  });

  test('is erased when the work fails, before the message', async () => {
    let time = 0;
    checkBalances.mockImplementation(async ({ onProgress }) => {
      onProgress({ bytes: 1, totalBytes: null });
      throw new ReplayError('a: is gone');
    });
    const { stderr } = await replay('check-balances a', { terminal: true, now: () => (time += 5000) });
    expect(stderr).toBe('\r\x1b[Kreading  1 B\r\x1b[Kreplay: a: is gone\n');
  });
});
