import { expect, test } from 'vitest';
import { parseMapping } from '../../../src/events/mapping/parse-mapping.ts';
import { sidesFromName } from '../../../src/events/readers/soak-script/sides.ts';
import { essence, readText } from './reading.ts';

const rule = '='.repeat(64);
const banner = (stamp: string, title: string) => `\n${rule}\n${stamp}\n${title}\n${rule}\n`;
const first = banner('[2026-05-30T22:03:16+02:00] +12s (prev section §A.1 Setup took 7s)', '§C.2 Bob pays');
const time = Date.parse('2026-05-30T20:03:16Z');

async function read(text: string, context = {}) {
  const { format, events, sentences, skipped } = await readText(text, 'script.log', context);
  expect(format).toBe('soak-script');
  expect(events.every(({ stream }) => stream === 'script.log')).toBe(true);
  return { events: events.map(essence), lines: events.map((event) => event.line), sentences, skipped };
}

test('a banner is a section, with the time of its own line', async () => {
  const { events, lines, skipped } = await read(`${first}${banner('[2026-05-30T22:03:20.500Z] +16s', 'ALL DONE')}`);
  expect(events).toEqual([
    { type: 'section', device: 'script', time, section: '§C.2', title: 'Bob pays' },
    {
      type: 'section',
      device: 'script',
      time: Date.parse('2026-05-30T22:03:20.500Z'),
      section: 'ALL DONE',
      title: 'ALL DONE',
    },
  ]);
  expect(lines).toEqual([4, 9]);
  expect(skipped).toBe(2);
});

test('a failed assertion keeps its diff, and the diff says what each device showed', async () => {
  const diff = [' BTC: 1 (1 token)', '-UCT: 99.999999999989 (1 token)', '+UCT: 199.999999999989 (2 tokens)'];
  const { events, lines } = await read(
    `${first}ASSERT FAIL (peer1-vs-peer2-before):\n${diff.join('\n')}\nASSERT OK (rest)\n`,
  );
  expect(events.slice(1)).toMatchObject([
    { type: 'assertion', name: 'peer1-vs-peer2-before', ok: false, detail: diff.join('\n'), time },
    { type: 'balance.read', device: 'peer1', coin: 'BTC', amount: { units: 1n }, tokens: 1 },
    { type: 'balance.read', device: 'peer2', coin: 'BTC', tokens: 1 },
    { type: 'balance.read', device: 'peer1', coin: 'UCT', amount: { units: 99999999999989n, scale: 12 }, tokens: 1 },
    { type: 'balance.read', device: 'peer2', coin: 'UCT', amount: { units: 199999999999989n, scale: 12 }, tokens: 2 },
    { type: 'assertion', name: 'rest', ok: true },
  ]);
  expect(lines.slice(1)).toEqual([6, 7, 7, 8, 9, 10]);
});

test("the driver's form counts in smallest units, and only a mapping knows how small they are", async () => {
  const text = `${first}ASSERT FAIL (peer1-vs-peer2):\n-{"n":7,"bal":{"UCT":"209999999999989000000"}}\n+{"n":8,"bal":{"UCT":"219999999999989000000"}}\n`;
  expect((await read(text)).events.slice(2)).toMatchObject([
    { device: 'peer1', amount: { units: 209999999999989000000n, scale: 0 }, tokens: 7 },
    { device: 'peer2', amount: { units: 219999999999989000000n, scale: 0 }, tokens: 8 },
  ]);
  const mapping = parseMapping('{"amounts":{"shift":-18},"rules":[]}', 'm.json');
  expect((await read(text, { mapping })).events.slice(2)).toMatchObject([
    { amount: { units: 209999999999989n, scale: 12 } },
    { amount: { units: 219999999999989n, scale: 12 } },
  ]);
});

test('the headers of a diff name the sides better than the assertion does', async () => {
  const text = `${first}ASSERT FAIL (cross-device):\n--- /tmp/x/bob-peer1.before.txt\t2026-05-30\n+++ /tmp/x/bob-peer2-before.txt\n@@ -1 +1 @@\n-UCT: 1 (1 token)\n+UCT: 2 (2 tokens)\n`;
  expect((await read(text)).events.slice(2)).toMatchObject([{ device: 'bob-peer1' }, { device: 'bob-peer2' }]);
});

test('without sides there is an assertion and no reading', async () => {
  const { events } = await read(`${first}ASSERT FAIL (balance settled)\n-UCT: 1 (1 token)\n+UCT: 2 (2 tokens)\n`);
  expect(events.map(({ type }) => type)).toEqual(['section', 'assertion']);
});

test('sides are read from a name by the shape of its words', () => {
  const sides = (name: string) => {
    const found = sidesFromName(name);
    return found && `${found.left} ${found.right}`;
  };
  expect(sides('peer1-vs-peer2-before')).toBe('peer1 peer2');
  expect(sides('bob-peer1-vs-peer2-after')).toBe('bob-peer1 bob-peer2');
  expect(sides('bob-peer1-vs-bob-peer2-after-recovery')).toBe('bob-peer1 bob-peer2');
  expect(sides('recovered1-vs-recovered2')).toBe('recovered1 recovered2');
  expect(sides('phone-vs-laptop-after')).toBe('phone laptop');
  expect(sides('balance settled')).toBeUndefined();
});

test('other lines are skipped, and every line is accounted for', async () => {
  const { events, skipped } = await read(
    `${first}[2026-05-30T22:03:17Z] peer1 mint {} -> {}\n\n${rule}\nno banner\nASSERT OK (a)\n`,
  );
  expect(events.map(({ type }) => type)).toEqual(['section', 'assertion']);
  // the blank line before the banner, the driver's line, a blank line, a ruler and the line behind it
  expect(skipped).toBe(5);
});
