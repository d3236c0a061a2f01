import { describe, expect, test } from 'vitest';
import { reportSchema } from '../../src/report/schema.ts';
import { schemaFaults } from '../report/schema-faults.ts';
import { replay } from './world.ts';

const payments = 'logs-sample/round-trips';

describe('round-trips', () => {
  test('counts, and has a shorter name', async () => {
    const { code, stdout, stderr } = await replay(`round-trips ${payments}`);
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('✓ round-trips held   537 round trips · 2 retries · 31 operations of 3 names');
    expect(await replay(`rt ${payments}`)).toEqual({ code, stdout, stderr });
  });

  test('a budget that is exceeded is 1, one that is kept is 0, one for nothing is 3', async () => {
    expect((await replay(['rt', payments, '--budget', 'pay<=1'])).code).toBe(1);
    expect((await replay(['rt', payments, '--budget', 'pay<=40,pay.retries<=2'])).code).toBe(0);
    expect((await replay(['rt', payments, '--budget', 'recover<=1'])).code).toBe(3);
    expect((await replay(['rt', payments, '--budget', 'recover<=1', '--allow-inconclusive'])).code).toBe(0);
  });

  test.each([
    [['--budget', 'pay'], '--budget: expected an operation and its limit, got pay'],
    [['--what-if', 'never'], '--what-if: '],
    [['--seed', '-1'], '--seed: expected a whole number from 0 up, got -1'],
  ])('%j is the user’s to mend', async (words, message) => {
    const { code, stdout, stderr } = await replay(['rt', payments, ...words]);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toContain(`replay: ${message}`);
  });

  test('prints the report with its round trips as JSON', async () => {
    const { stdout } = await replay(['rt', payments, '--json', '--what-if', 'op', '--op', 'pay-3']);
    const { run, verdict, roundTrips } = JSON.parse(stdout);
    expect(schemaFaults(JSON.parse(stdout), reportSchema)).toEqual([]);
    expect({ run, verdict }).toEqual({ run: 'round-trips', verdict: 'held' });
    expect(roundTrips).toMatchObject({ operations: 31, trips: 537, retries: 2, whatIf: { batching: 'op', seed: 1 } });
    expect(roundTrips.listed.map(({ opId }: { opId: string }) => opId)).toEqual(['pay-3']);
  });

  test('a run by the name of a command is a run', async () => {
    expect((await replay('inspect rt')).stderr).toContain('rt: ');
  });
});
