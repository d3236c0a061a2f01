import { expect, test } from 'vitest';
import { essence, readText } from './reading.ts';

const read = (text: string) => readText(text, 'samples.tsv');

test('columns are found by name, in any order; a plain rss is in KiB', async () => {
  const { format, events, sentences, skipped } = await read(
    'epoch\tpid\tdevice\trss\t%cpu\n1748642400\t7\tpeer1\t2048\t12.5\n1748642401.5\t8\tpeer2\t1.5g\t3%\n',
  );
  expect([format, sentences, skipped]).toEqual(['samples', [], 1]);
  expect(events.map(essence)).toEqual([
    { type: 'sample', device: 'peer1', time: 1748642400000, cpuPercent: 12.5, rssBytes: 2048 * 1024 },
    { type: 'sample', device: 'peer2', time: 1748642401500, cpuPercent: 3, rssBytes: 1.5 * 1024 ** 3 },
  ]);
  expect(events.every(({ stream }) => stream === 'samples.tsv')).toBe(true);
});

test('a column may say its unit, a time may be ISO or milliseconds, and a pid stands in for a device', async () => {
  const { events } = await read(
    'time\tpid\tcpu_percent\trss_bytes\n2026-05-30T22:03:16Z\t7\t1\t100\n1748642400123\t7\t1\t100\n',
  );
  expect(events).toMatchObject([
    { device: '7', time: Date.parse('2026-05-30T22:03:16Z'), rssBytes: 100 },
    { device: '7', time: 1748642400123 },
  ]);
});

test('a row that does not fit is a problem; the last one, cut off, is torn', async () => {
  const { events, problems, sentences } = await read('time\tdevice\tcpu\trss\n1\ta\tx\t1\n1\ta\n1\ta\t1\t1\n1\ta\t1');
  expect(events.map(({ type }) => type)).toEqual(['unreadable', 'sample']);
  expect(problems.map(({ kind }) => kind)).toEqual(['unreadable', 'unreadable', 'torn']);
  expect(sentences).toEqual([
    'samples.tsv:2: sample: cpuPercent: expected a number, got "x"',
    'samples.tsv:3: expected 4 columns, got 2: "1\\ta"',
    'samples.tsv:5: the last line is cut off: expected 4 columns, got 3: "1\\ta\\t1"',
  ]);
});
