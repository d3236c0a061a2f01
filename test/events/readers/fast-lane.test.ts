import fc from 'fast-check';
import { expect, test, vi } from 'vitest';
import type { LogSource, ReadContext } from '../../../src/events/reader.ts';
import { LineScanner } from '../../../src/events/readers/pino/line-scanner.ts';
import { simulate } from '../../simulator/index.ts';
import { areAlike, readBy } from './both-lanes.ts';
import { hostileLog, tamperedLog } from './hostile-lines.ts';
import { sourceOf } from './reading.ts';

const defaults = fc.constantFrom<ReadContext['defaults']>(
  {},
  { device: 'default-device', identity: 'alice', incarnation: 3, run: 'run-9' },
  { device: '', incarnation: 0 },
);

async function expectAgreement(source: () => LogSource, stated: ReadContext['defaults']): Promise<void> {
  const slow = await readBy('slow', source(), stated);
  const fast = await readBy('fast', source(), stated);
  expect(fast.text).toBe(slow.text);
  expect(areAlike(fast, slow)).toBe(true);
}

test.each([
  ['whatever the lines', hostileLog],
  ['where a log was tampered with', tamperedLog],
])('both lanes come to the same %s, and however they are cut into chunks', { timeout: 240_000 }, async (_, logs) => {
  let lines = 0;
  await fc.assert(
    fc.asyncProperty(logs, fc.integer({ min: 1, max: 20_000 }), defaults, async (bytes, size, stated) => {
      await expectAgreement(() => sourceOf(bytes, 'peer1.log', size), stated);
      lines += bytes.filter((value) => value === 10).length;
    }),
    { numRuns: 700 },
  );
  expect(lines).toBeGreaterThan(20_000);
});

const line = (seq: number | string, more: string, type = 'balance') =>
  `{"level":30,"time":1,"v":1,"type":"${type}","device":"a","identity":"b","seq":${seq},${more}}`;
const balance = '"tokenId":"T1","coin":"UCT"';

test.each([
  [
    'a key twice',
    [line(1, `${balance},"delta":"1","effect":"e","effect":null`), line(2, `${balance},"delta":"1","delta":"2"`)],
  ],
  [
    'the type twice',
    [line(1, `${balance},"delta":"1","type":"clear"`), line(2, '"opId":"o","op":"x","type":"clear"', 'op.start')],
  ],
  [
    'a key twice in a table',
    [line(1, '"snapshot":"s","frontier":{"b":1,"2":1,"a":2,"b":3,"1":1,"__proto__":4}', 'publish')],
  ],
  ['digits that are no number', [line('01', '"x":1', 'clear'), line(2, '"x":01', 'clear'), line(3, '"x":1.', 'clear')]],
  [
    'escapes that are none',
    [line(1, '"x":"\\u12g4"', 'clear'), line(2, '"x":"\\q"', 'clear'), line(3, '"x":"\\u00zz"', 'clear')],
  ],
  [
    'digits lost elsewhere on the line',
    [
      ...[1, 2, 3].map((seq) => line(seq, `${balance},"delta":"${seq}","x":{"amount":${seq}}`)),
      line(4, `${balance},"delta":7,"x":{"amount":1.5}`),
      line(5, `${balance},"delta":7,"x":{"amount":15}`),
      ...[6, 7, 8].map((seq) => line(seq, `${balance},"delta":${seq},"x":"y"`)),
    ],
  ],
  [
    'what lines had in common and have no longer',
    [
      ...[1, 2, 3, 4].map((seq) => line(seq, `${balance},"delta":"1","effect":"e${seq}"`)),
      line(5, `${balance},"delta":"1","effect":"e5","snapshot":"s"`),
      line(6, `${balance},"delta":"1","effect":""`),
      line(7, `${balance},"delta":"1","effect":null`),
      `${line(8, `${balance},"delta":"1","effect":"e8"`)}{}`,
      `${line(9, `${balance},"delta":"1","effect":"e9"`)} `,
      `${line(10, `${balance},"delta":"1","effect":"e10"`)}\r`,
      line(11, `${balance},"delta":"1","effect":"e1\ufffd"`),
      line(12, `${balance},"delta" :"1","effect":"e2"`),
    ],
  ],
])('both lanes come to the same for %s', async (_, lines) => {
  await expectAgreement(() => sourceOf(`${lines.join('\n')}\n`), {});
});

test('REPLAY_SLOW=1 keeps every line from the fast lane', async () => {
  const read = vi.spyOn(LineScanner.prototype, 'read');
  const source = () => sourceOf(`${line(1, `${balance},"delta":"1"`)}\n`);
  await readBy('slow', source(), {});
  expect(read).not.toHaveBeenCalled();
  await readBy('fast', source(), {});
  expect(read).toHaveReturnedWith(expect.objectContaining({ type: 'balance', seq: 1 }));
  read.mockRestore();
});

/** How many lines of a log take the fast lane. */
function fastLines(log: string): { fast: number; all: number } {
  const bytes = Buffer.from(log);
  const scanner = new LineScanner({ path: 'x', unit: 'line' }, {});
  scanner.begin(bytes);
  let [fast, all] = [0, 0];
  for (let start = 0; start < bytes.length; all++) {
    const event = scanner.read(start, all + 1);
    start = event ? scanner.next : bytes.indexOf('\n', start) + 1;
    fast += Number(event !== undefined);
  }
  return { fast, all };
}

test('nearly every line of a wallet takes the fast lane', () => {
  let [fast, all] = [0, 0];
  for (let seed = 1; seed <= 20; seed++) {
    const logs = simulate({ seed }).files.filter(({ name }) => name !== 'run.json');
    const lines = logs.flatMap(({ content }) => content.split('\n')).filter((line) => line.includes('"v":1'));
    const taken = fastLines(lines.map((line) => `${line}\n`).join(''));
    fast += taken.fast;
    all += taken.all;
  }
  expect(all).toBeGreaterThan(1000);
  expect(fast / all).toBeGreaterThan(0.999);
});
