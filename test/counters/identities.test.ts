import { describe, expect, test } from 'vitest';
import { parseIdentity } from '../../src/counters/identities.ts';
import type { TopReport } from '../../src/results-top.ts';
import { topCounters } from '../../src/top.ts';
import { type Files, inFolder } from '../story.ts';
import { dump, filesOf, type Line, logOf, operation, request } from './log.ts';

describe('an identity', () => {
  test.each([
    ['a == b', ['a'], ['b']],
    ['a + b == c + 3', ['a', 'b'], ['c', '3']],
    [' dag/put==x+y ', ['dag/put'], ['x+y']],
    ['GET /a b == 1', ['GET /a b'], ['1']],
  ])('%j has two sides', (text, left, right) => expect(parseIdentity(text)).toMatchObject({ left, right }));

  test.each(['a', 'a ==', '== b', 'a == b == c', 'a + == b', '', 'a = b'])('%j is none', (text) => {
    expect(() => parseIdentity(text)).toThrow(/--check: expected an identity/);
  });
});

const end: Line = ['device.end', 1000, { quiescent: true }];
const pins = [request('pin', 200, 5), request('pin', 300, 5), request('pin', 400, 5)];

async function ask(files: Files, ...identities: readonly string[]): Promise<string[]> {
  return inFolder(files, 'run-1', async (folder) => {
    const [report] = await topCounters({ paths: [folder], identities });
    return (report as TopReport).identities.map(
      ({ verdict, left, right, reason }) => `${verdict} ${left.count} ${right.count}${reason ? ` ${reason}` : ''}`,
    );
  });
}

describe('a check', () => {
  const dumpedAtExit = [['device.start', 0] as Line, ...pins, dump(999, 999, { blocks: [3], other: [4] }), end];

  test('holds, is violated, or is not checked', async () => {
    const answers = await ask(
      filesOf({ peer1: dumpedAtExit }),
      ...[
        'blocks == pin',
        'other == pin',
        'blocks + 1 == other',
        'blocks == pins',
        'device.end == 1',
        'counter:blocks == 3',
      ],
    );
    expect(answers).toEqual([
      'held 3 3',
      'violated 4 3',
      'held 4 4',
      'not-checked 3 0 pins does not occur; there is pin',
      'held 1 1',
      'held 3 3',
    ]);
  });

  test('counts operations by name, and events by type', async () => {
    const lines = [...operation('pay', 'o1', [0, 100], pins), ...operation('pay', 'o2', [500, 600]), end];
    expect(await ask(filesOf({ peer1: lines }), 'op:pay == 2', 'op.end == pay', 'request == 3')).toEqual([
      'held 2 2',
      'held 2 2',
      'held 3 3',
    ]);
  });

  test('asks which one is meant where several have the name', async () => {
    const lines = [request('verify', 100, 1), ['verify', 200, { attempt: 1, ok: true, durationMs: 1 }] as Line];
    await expect(ask(filesOf({ peer1: lines }), 'verify == 1')).rejects.toThrow(
      'verify: several things have this name',
    );
    expect(await ask(filesOf({ peer1: lines }), 'request:verify == event:verify')).toEqual(['held 1 1']);
  });

  test('does not accuse what a lost last window could hold, and accuses what it could not', async () => {
    const killed = [['device.start', 0] as Line, ...pins, dump(500, 500, { blocks: [2], many: [9] }), end];
    const [fewer, more] = await ask(filesOf({ peer1: killed }), 'blocks == pin', 'many == pin');
    expect(fewer).toMatch(/^not-checked 2 3 what is short .* 1 process ended without a last dump of its counters$/);
    expect(more).toBe('violated 9 3');
  });

  test('does not accuse what a hole in the log could hold', async () => {
    const whole = logOf('peer1', dumpedAtExit).split('\n');
    const holed = whole.filter((line) => !line.includes('"seq":3,')).join('\n');
    const [answer] = await ask({ 'peer1.ndjson': holed }, 'blocks == pin');
    expect(answer).toMatch(/^not-checked 3 2 .*lines are missing or cannot be read in 1 place$/);
  });

  test('does not accuse what a log that was cut off could hold', async () => {
    const files = filesOf({ peer1: dumpedAtExit, peer2: [request('pin', 100, 5), dump(200, 200, { blocks: [2] })] });
    expect((await ask(files, 'blocks == pin'))[0]).toMatch(/^not-checked 5 4 .*1 process left a log without an end$/);
  });
});
