import { describe, expect, test } from 'vitest';
import { topSchema } from '../../src/report/schema-top.ts';
import { dump, filesOf, type Line, operation, request } from '../counters/log.ts';
import { schemaFaults } from '../report/schema-faults.ts';
import { inFolder } from '../story.ts';
import { replay } from './world.ts';

const lines: readonly Line[] = [
  ['device.start', 0],
  ...operation('pay', 'o1', [0, 500], [request('pin', 200, 40, 'o1'), request('pin', 400, 60, 'o1')]),
  dump(1000, 1000, { 'put.totalMs': [2, 80, 50], get: [9, 30], blocks: [2] }),
  ['device.end', 1000, { quiescent: true }],
];

/** Runs `replay top run-1 …` over a run of one device. */
async function top(...words: readonly string[]) {
  return inFolder(filesOf({ peer1: lines }), 'run-1', (folder) => replay(['top', folder, ...words]));
}

describe('the exit code', () => {
  test.each([
    [0, []],
    [0, ['--check', 'blocks == pin']],
    [1, ['--check', 'blocks == get']],
    [3, ['--check', 'blocks == nothing']],
    [1, ['--check', 'blocks == nothing', '--check', 'blocks == get', '--check', 'blocks == pin']],
    [0, ['--check', 'blocks == nothing', '--allow-inconclusive']],
    [0, ['--against', 'blocks']],
  ])('is %i for %j', async (code, words) => {
    expect(await top(...words)).toMatchObject({ code, stderr: '' });
  });

  test.each([
    [['--check', 'blocks = pin'], "--check: expected an identity such as 'a == b' or 'a + b == c', got blocks = pin"],
    [['--check', ''], '--check: needs a value'],
    [['--against', 'nothing'], '--against: nothing does not occur'],
    [['-n', '0'], '--rows: expected a whole number from 1 up, got 0'],
    [['-n', 'all'], '--rows: expected a whole number from 1 up, got all'],
    [['--by', 'name'], '--by: no such choice: name'],
    [['--group', 'name'], '--group: no such choice: name'],
  ])('is 2 for %j', async (words, message) => {
    const { code, stdout, stderr } = await top(...words);
    expect({ code, stdout, first: stderr.split('\n')[0] }).toEqual({
      code: 2,
      stdout: '',
      first: `replay: ${message}`,
    });
  });

  test('is 2 where there is no such run', async () => {
    expect(await replay('top no-such-run')).toMatchObject({ code: 2, stdout: '' });
  });
});

describe('the flags', () => {
  test('-n cuts every table; --json and --all show all rows where nothing is said', async () => {
    expect((await top('-n', '1')).stdout).toContain('… and 3 more names (-n 4)');
    expect((await top()).stdout).not.toContain('more names');
    const rows = async (...words: string[]) =>
      JSON.parse((await top('--json', ...words)).stdout).tables[0].timed.length;
    expect([await rows(), await rows('--rows', '2')]).toEqual([4, 2]);
  });

  test('--by and --group are told in the table', async () => {
    const { stdout } = await top('--by', 'calls', '--group', 'device');
    expect(stdout).toContain('  peer1   ran 1.0 s, by calls\n');
    expect(stdout.indexOf('get')).toBeLessThan(stdout.indexOf('put.totalMs'));
  });
});

test('what --json prints is as the schema says', async () => {
  const { stdout } = await top('--json', '--against', 'blocks', '--check', 'blocks == pin', '--check', 'x == 1');
  expect(schemaFaults(JSON.parse(stdout), topSchema)).toEqual([]);
  expect(schemaFaults({ ...JSON.parse(stdout), verdict: 'fine' }, topSchema)).not.toEqual([]);
  const two = await inFolder(filesOf({ peer1: lines }), 'run-1', (folder) => replay(['top', folder, folder, '--json']));
  const reports = JSON.parse(two.stdout);
  expect(reports).toHaveLength(2);
  expect(schemaFaults(reports, topSchema)).toEqual([]);
  expect(JSON.parse((await replay('schema top')).stdout)).toEqual(topSchema);
});
