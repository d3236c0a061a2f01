// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a mapping's references look like a template's
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { formatAmount, parseAmount } from '../../../src/base/amount.ts';
import { joinMappings } from '../../../src/events/mapping/mapping.ts';
import { parseMapping } from '../../../src/events/mapping/parse-mapping.ts';
import { shiftAmount } from '../../../src/events/mapping/value.ts';
import { essence, readText } from '../readers/reading.ts';

const mappingOf = (mapping: object, name = 'm.json') => parseMapping(JSON.stringify(mapping), name);

async function read(rules: object[], text: string, path = 'a.log', more: object = {}) {
  const reading = await readText(text, path, { mapping: mappingOf({ ...more, rules }) });
  return { ...reading, found: reading.events.map(essence) };
}

test('any text becomes events by a pattern and its captures', async () => {
  const rule = {
    when: '^(?<at>\\S+) credit (?<token>\\w+) (?<amount>[\\d.]+) (?<coin>[A-Z]+)$',
    emit: {
      type: 'balance',
      time: { from: 'at', time: true },
      tokenId: '${token}',
      coin: '${coin}',
      delta: '${amount}',
      effect: 'credit:${token}',
    },
  };
  const { format, found, skipped, events } = await read([rule], '2026-05-30T22:03:16Z credit T1 1.50 UCT\nhello\n');
  expect(format).toBe('text');
  expect(found).toEqual([
    {
      type: 'balance',
      device: 'a',
      time: Date.parse('2026-05-30T22:03:16Z'),
      tokenId: 'T1',
      coin: 'UCT',
      delta: { units: 150n, scale: 2 },
      effect: 'credit:T1',
    },
  ]);
  expect(events[0]).toMatchObject({ seq: 1, stream: undefined });
  expect(skipped).toBe(1);
});

test('key tests: equal, pattern, one of, there or not; all must hold', async () => {
  const rule = (name: string, when: object) => ({
    name,
    when,
    emit: { type: 'section', section: name, title: '${m}' },
  });
  const rules = [
    rule('equal', { 'a.b': 1, c: null }),
    rule('pattern', { s: { pattern: '^x(?<n>\\d)' }, n: { exists: false } }),
    rule('one of', { s: { oneOf: ['y', 'z'] } }),
    rule('there', { 'list.1.k': { exists: true } }),
    rule('dotted key', { 'd.e': true }),
  ];
  const lines = [
    { a: { b: 1 }, c: null },
    { s: 'x1' },
    { s: 'x1', n: 1 },
    { s: 'z' },
    { list: [0, { k: 0 }] },
    { 'd.e': true },
    { d: { e: true } },
  ];
  const { events, skipped } = await read(
    rules,
    `${lines.map((line) => JSON.stringify({ m: 'm', ...line })).join('\n')}\n`,
  );
  expect(events.map((event) => event.type === 'section' && event.section)).toEqual([
    'equal',
    'pattern',
    'one of',
    'there',
    'dotted key',
    'dotted key',
  ]);
  expect(skipped).toBe(1);
});

test('a reference alone keeps its type; among text it becomes text; what is absent leaves the field out', async () => {
  const emit = {
    type: 'request',
    kind: '${k} ${n}',
    attempt: '${n}',
    ok: '${ok}',
    durationMs: { from: 'ms', number: true },
    requestId: 'r-${none}',
    bytes: { from: 'none', default: 7 },
  };
  const { found } = await read([{ when: { k: { exists: true } }, emit }], '{"k":"pin","n":2,"ok":false,"ms":"1.5"}\n');
  expect(found).toEqual([
    { type: 'request', device: 'a', time: null, kind: 'pin 2', attempt: 2, ok: false, durationMs: 1.5, bytes: 7 },
  ]);
});

test('conversions: matches, map, shift and negate', async () => {
  const emit = {
    type: 'balance',
    tokenId: { from: '${a}-${b}', map: { 'x-1': 'mapped' } },
    coin: { from: 'c', map: { u: 'UCT' }, default: 'OTHER' },
    delta: { from: 'amt', shift: -18, negate: true },
  };
  const lines = ['{"a":"x","b":1,"c":"u","amt":"209999999999989000000"}', '{"a":"y","b":2,"c":"q","amt":5}'];
  const { found } = await read([{ when: { a: { exists: true } }, emit }], `${lines.join('\n')}\n`);
  expect(found).toMatchObject([
    { tokenId: 'mapped', coin: 'UCT', delta: { units: -209999999999989n, scale: 12 } },
    { tokenId: 'y-2', coin: 'OTHER', delta: { units: -5n, scale: 18 } },
  ]);
});

test('plus: a time and a duration make the end of what took it', async () => {
  const emit = {
    type: 'request',
    kind: 'get',
    attempt: 1,
    ok: true,
    durationMs: '${ms}',
    time: { from: 'ts', time: true, plus: 'ms' },
  };
  const lines = ['{"ts":"1970-01-01T00:00:01.000Z","ms":15}', '{"ts":2000,"ms":"15.5"}', '{"ts":3000,"ms":"no"}'];
  const { events } = await read([{ when: { ts: { exists: true } }, emit }], `${lines.join('\n')}\n`);
  expect(events.map(({ time }) => time)).toEqual([1015, 2015.5, 3000]);
});

test('what cannot be converted is a problem with file, line, rule and reason, and the line keeps its place', async () => {
  const emit = {
    type: 'balance.read',
    coin: 'UCT',
    amount: { from: 'amt', shift: -18 },
    tokens: 1,
    time: { from: 'at', time: true },
  };
  const lines = ['{"amt":"[REDACTED]","at":1}', '{"amt":1e30,"at":1}', '{"amt":"1","at":"noon"}', '{"at":1}'];
  const { sentences, events } = await read(
    [{ name: 'shown', when: { at: { exists: true } }, emit }],
    `${lines.join('\n')}\n`,
  );
  expect(sentences).toEqual([
    'a.log:1: rule "shown": balance.read: amount: expected a decimal string such as "-1.25", got "[REDACTED]"',
    'a.log:2: rule "shown": balance.read: amount: amount is a JSON number and may have lost digits; log it as a string',
    'a.log:3: rule "shown": time: expected a time such as "2026-05-30T22:03:16.123Z", got "noon"',
    'a.log:4: rule "shown": balance.read: amount: expected a decimal string such as "-1.25", got nothing',
  ]);
  expect(events.map(({ type, seq }) => [type, seq])).toEqual([
    ['unreadable', 1],
    ['unreadable', 2],
    ['balance.read', 3],
    ['unreadable', 4],
  ]);
});

test('each gives one event per entry, of an object or a list', async () => {
  const reading = { type: 'balance.read', each: 'bal', coin: '${key}', amount: '${item}', tokens: '${n}' };
  const held = { type: 'tokens.read', each: 'list', tokens: [{ tokenId: '${item.id}' }], tombstones: '${index}' };
  const { found } = await read(
    [{ when: { n: { exists: true } }, emit: [reading, held] }],
    '{"n":2,"bal":{"A":"1","B":"2"},"list":[{"id":"t"}]}\n{"n":0}\n',
  );
  expect(found).toMatchObject([
    { coin: 'A' },
    { coin: 'B', tokens: 2 },
    { type: 'tokens.read', tokens: [{ tokenId: 't' }], tombstones: 0 },
  ]);
});

test('in a log of several devices, events are numbered in its one order, effects per device', async () => {
  const emit = { type: 'write', device: '${dev}', effect: '${id}', originSeq: { count: 'writes' }, key: 'k' };
  const lines = ['a', 'b', 'a', 'a'].map((dev, index) => JSON.stringify({ dev, id: `e${index}` }));
  const { events } = await read([{ when: { dev: { exists: true } }, emit }], `${lines.join('\n')}\n`, 'hub.log');
  expect(events.map((event) => event.type === 'write' && [event.device, event.seq, event.originSeq])).toEqual([
    ['a', 1, 1],
    ['b', 2, 1],
    ['a', 3, 2],
    ['a', 4, 3],
  ]);
  expect(new Set(events.map(({ stream }) => stream))).toEqual(new Set(['hub.log']));
});

test('the first rule that names a line decides, unless it says also; an empty emit skips the line', async () => {
  const section = (title: string) => ({ type: 'section', section: 's', title });
  const rules = [
    { when: 'also', also: true, emit: section('one') },
    { when: 'quiet', emit: [] },
    { when: '.', emit: section('two') },
    { when: '.', emit: section('never') },
  ];
  const { events, skipped } = await read(rules, 'also\nquiet\nplain\n');
  expect(events.map((event) => event.type === 'section' && event.title)).toEqual(['one', 'two', 'two']);
  expect(skipped).toBe(1);
});

test('files say which logs a mapping is for, and whose they are', async () => {
  const mapping = mappingOf({
    files: [
      { path: '(?<who>\\w+)-(?<n>\\d)\\.log$', device: '${who}${n}', identity: '${who}', incarnation: 2 },
      { path: 'plain\\.log$' },
    ],
    rules: [{ when: 'x', emit: { type: 'clear' } }],
  });
  const seen = async (path: string) => {
    const { events, problems } = await readText('x\n', path, { mapping });
    return events[0] ? [events[0].device, events[0].identity, events[0].incarnation] : problems.length;
  };
  expect(await seen('deep/bob-1.log')).toEqual(['bob1', 'bob', 2]);
  expect(await seen('plain.log')).toEqual(['plain', '', 1]);
  expect(await seen('other.log')).toBe(1);
});

test('several mappings are one, and a rule that never matched can be told', async () => {
  const one = mappingOf(
    { files: [{ path: 'a' }], rules: [{ name: 'a', when: 'x', emit: { type: 'clear' } }] },
    'one.json',
  );
  const two = mappingOf(
    {
      rules: [
        { when: 'y', emit: { type: 'clear' } },
        { name: 'idle', when: 'z', emit: { type: 'log' } },
      ],
    },
    'two.json',
  );
  const mapping = joinMappings([one, two]);
  expect((await readText('x\ny\n', 'a.log', { mapping })).events).toHaveLength(2);
  expect((await readText('x\ny\n', 'b.log', { mapping })).events).toHaveLength(1);
  expect(mapping.uses()).toEqual([
    { mapping: 'one.json', rule: 'a', matched: 1 },
    { mapping: 'two.json', rule: 'rules[0]', matched: 2 },
    { mapping: 'two.json', rule: 'idle', matched: 0 },
  ]);
});

test('moving the point there and back is exact', () => {
  const amount = fc.tuple(fc.bigInt({ min: -(10n ** 60n), max: 10n ** 60n }), fc.nat(20));
  fc.assert(
    fc.property(amount, fc.integer({ min: 0, max: 30 }), ([units, scale], places) => {
      const text = formatAmount({ units, scale });
      fc.pre(parseAmount(text) !== undefined);
      const there = shiftAmount(text, -places);
      fc.pre(parseAmount(String(there)) !== undefined);
      expect(shiftAmount(there, places)).toBe(text);
    }),
  );
});
