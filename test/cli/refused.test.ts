import { describe, expect, test } from 'vitest';
import { replay } from './world.ts';

const clean = 'logs-sample/clean-run';
const wrong = 'logs-sample/missed-spend';
const nowhere = 'logs-sample/no-such-run';

describe('a run that cannot be read beside others that can', () => {
  test('is told after the answers for the others, and weighs as 2', async () => {
    const { code, stdout, stderr } = await replay(`check-balances ${nowhere} ${clean} -q`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^replay: logs-sample\/no-such-run: /);
    const both = await replay(`check-balances ${clean} ${nowhere} ${wrong} -q`);
    expect(both.code).toBe(1);
    expect(both.stdout).toContain('self-filtered');
    expect(both.stderr).toMatch(/^replay: logs-sample\/no-such-run: /);
  });

  test.each(['round-trips', 'inspect', 'top'])('is told by %s, too', async (command) => {
    const { code, stdout, stderr } = await replay(`${command} ${nowhere} logs-sample/round-trips`);
    expect(code).toBe(2);
    expect(stdout).toContain('round-trips');
    expect(stderr).toMatch(/^replay: logs-sample\/no-such-run: /);
  });

  test('is all that is told where none can be read', async () => {
    const { code, stdout, stderr } = await replay(`check-balances ${nowhere} ${nowhere}`);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr.match(/^replay: /gm)).toHaveLength(1);
  });
});
