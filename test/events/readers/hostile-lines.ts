import fc from 'fast-check';
import type { Field } from '../../../src/events/field.ts';
import { eventTypes } from '../../../src/events/types/index.ts';
import { simulate } from '../../simulator/index.ts';

/** JSON as it is written, value by value: with whatever a writer, a disk or an enemy may do to it. */
type Written = fc.Arbitrary<string>;

const blank: Written = fc.oneof(
  { weight: 300, arbitrary: fc.constant('') },
  { weight: 4, arbitrary: fc.constantFrom(' ', '\t', '  ') },
  { weight: 1, arbitrary: fc.constant('\r') },
);

/** Texts that lie close to each other, so that lines share some and differ in others, and some that hide what JSON means. */
const plainText = fc.oneof(
  {
    weight: 20,
    arbitrary: fc.constantFrom('bob-peer1', 'bob-peer2', 'zdpu01', 'zdpu02', 'T1', 'UCT', 'a', 'op-1', 'run-1'),
  },
  { weight: 1, arbitrary: fc.string({ unit: 'grapheme', maxLength: 90 }) },
  { weight: 1, arbitrary: fc.string({ unit: 'binary', maxLength: 6 }) },
  {
    weight: 1,
    arbitrary: fc.constantFrom(
      '',
      '\ufffd',
      '\u2028',
      '__proto__',
      'constructor',
      '"v":1',
      '\0',
      'é',
      '🪙',
      'x'.repeat(79),
    ),
  },
);

const string: Written = fc.oneof(
  { weight: 60, arbitrary: plainText.map((text) => JSON.stringify(text)) },
  { weight: 1, arbitrary: plainText.map(escapedOf) },
  // Bytes of these are written as they are: `\xff` is no UTF-8.
  {
    weight: 1,
    arbitrary: fc.constantFrom('"\\ud800"', '"\\q"', '"\\u12"', '"\\/"', '"\x01"', '"\u00ff!"', '"open', '"\t"'),
  },
);

const numeral: Written = fc.oneof(
  { weight: 30, arbitrary: fc.constantFrom('1', '2', '3', '0', '12.5', '1748642400123', '1748642400123.456', '205.3') },
  fc.double({ noNaN: true, noDefaultInfinity: true }).map((value) => JSON.stringify(value)),
  fc.maxSafeInteger().map(String),
  fc.tuple(fc.nat(), fc.nat({ max: 999_999_999 })).map(([whole, fraction]) => `${whole}.${fraction}`),
  fc.constantFrom(
    ...[
      '1.0',
      '1e3',
      '1E+2',
      '-0',
      '-1',
      '0.0',
      '-0.0',
      '01',
      '00',
      '1.',
      '.5',
      '+1',
      '-',
      '1e',
      '1e999',
      '0.1e-7',
      '--1',
      '1_0',
    ],
    ...[
      '9007199254740991',
      '9007199254740992',
      '9007199254740993',
      '123456789012345678901234567890',
      '0.30000000000000004',
    ],
    ...[
      '1.7976931348623157e308',
      '5e-324',
      '0.00000000000000000000000001',
      '4503599627370496.5',
      '9007199254740993.0',
      'NaN',
      'Infinity',
    ],
  ),
);

const decimal: Written = fc.oneof(
  {
    weight: 9,
    arbitrary: fc.constantFrom(
      '"1"',
      '"-99.999999999989"',
      '"99.999999999989"',
      '"0.000000000011"',
      '"-0"',
      '"0.10"',
      '7',
      '-3',
    ),
  },
  fc.bigInt({ min: -(10n ** 20n), max: 10n ** 20n }).map((units) => `"${units}"`),
  fc.tuple(fc.bigInt({ min: 0n, max: 10n ** 79n }), fc.nat({ max: 99 })).map(([units, more]) => `"${units}.${more}"`),
  fc.constantFrom(
    '"01"',
    '"1."',
    '".5"',
    '"1e3"',
    '"+1"',
    '""',
    '" 1"',
    '1.5',
    '1.0',
    '1e2',
    '12345678901234567890',
    `"${'9'.repeat(79)}"`,
  ),
);

const anything: Written = fc.oneof(
  string,
  numeral,
  fc.constantFrom(
    'null',
    'true',
    'false',
    '[]',
    '{}',
    '[1,[2,{"a":"\\n"}]]',
    '{"a":{"b":[null]}}',
    'nul',
    'True',
    '[1,]',
    '{,}',
    '[',
    '{"a"}',
  ),
  fc.constant(`${'['.repeat(40)}${']'.repeat(40)}`),
);

function escapedOf(text: string): string {
  return `"${[...text].map((char) => (char.length === 1 ? `\\u${char.charCodeAt(0).toString(16).padStart(4, '0')}` : char)).join('')}"`;
}

/** A value for a field, in most cases one that fits: whatever is added to the family is tried here, too. */
function valueFor({ form }: Field<unknown, never>): Written {
  switch (form?.kind) {
    case 'string':
      return string;
    case 'flag':
      return fc.constantFrom('true', 'false');
    case 'number':
      return numeral;
    case 'whole':
      return fc.oneof({ weight: 20, arbitrary: fc.nat({ max: 99 }).map(String) }, numeral);
    case 'amount':
      return decimal;
    case 'words':
      return fc.oneof(
        { weight: 9, arbitrary: fc.constantFrom(...form.words.map((word) => JSON.stringify(word))) },
        string,
      );
    case 'list':
      return fc.array(valueFor(form.item), { maxLength: 3 }).chain((items) => joined('[', items, ']'));
    case 'table':
      return fc
        .array(member(string, valueFor(form.item)), { maxLength: 3 })
        .chain((members) => joined('{', members, '}'));
    case 'shape':
      return object(Object.entries(form.fields));
    case undefined:
      return anything;
  }
}

function member(key: Written, value: Written): Written {
  return fc.tuple(key, blank, blank, value).map(([name, before, after, text]) => `${name}${before}:${after}${text}`);
}

function joined(open: string, parts: readonly string[], close: string): Written {
  return blank.map((between) => `${open}${between}${parts.join(`${between},${between}`)}${between}${close}`);
}

type Entry = readonly [string, Field<unknown, never>];

function keyOf(name: string): Written {
  return fc.oneof(
    { weight: 400, arbitrary: fc.constant(`"${name}"`) },
    fc.constantFrom(escapedOf(name), `"${name} "`, name, `"${name}`),
  );
}

/** The members of fields, each there in most cases, now and then of another kind, `null`, or twice. */
function membersOf(entries: readonly Entry[]): fc.Arbitrary<string[]> {
  const each = entries.map(([name, field]) =>
    fc.oneof(
      { weight: 150, arbitrary: member(keyOf(name), valueFor(field)).map((one) => [one]) },
      { weight: field.optional ? 80 : 1, arbitrary: fc.constant([]) },
      { weight: 1, arbitrary: member(keyOf(name), anything).map((one) => [one]) },
      { weight: 1, arbitrary: fc.constant([`"${name}":null`]) },
      { weight: 1, arbitrary: fc.array(member(keyOf(name), valueFor(field)), { minLength: 2, maxLength: 2 }) },
    ),
  );
  return fc.tuple(...each).map((members) => members.flat());
}

function object(entries: readonly Entry[]): Written {
  return shuffled(membersOf(entries)).chain((members) => joined('{', members, '}'));
}

/** Members in another order, one time in four. */
function shuffled(members: fc.Arbitrary<string[]>): fc.Arbitrary<string[]> {
  return fc
    .tuple(members, fc.nat({ max: 3 }))
    .chain(([all, chance]) => (chance > 0 ? fc.constant(all) : fc.shuffledSubarray(all, { minLength: all.length })));
}

const rarely = (value: Written, often: string): Written =>
  fc.oneof({ weight: 120, arbitrary: fc.constant(often) }, { weight: 1, arbitrary: value });

const stranger = fc.oneof(
  member(fc.constantFrom('"__proto__"', '"err"', '"amount"', '"delta"', '"tokens"', '"effect"', '"x"', '""'), anything),
  member(string, anything),
);

const pinoMembers = fc.tuple(
  rarely(anything, '30').map((level) => `"level":${level}`),
  fc.oneof({ weight: 9, arbitrary: numeral }, anything).map((time) => `"time":${time}`),
  fc.constantFrom('"pid":4211', '"pid":4212'),
  rarely(anything, '"host"').map((host) => `"hostname":${host}`),
  fc.oneof(fc.constant('"msg"'), string).map((msg) => `"msg":${msg}`),
);

const headerMembers = (type: string) =>
  fc.tuple(
    rarely(anything, '1').map((v) => `"v":${v}`),
    rarely(anything, JSON.stringify(type)).map((name) => `"type":${name}`),
    rarely(anything, '"bob-peer1"').map((device) => `"device":${device}`),
    rarely(anything, '"bob"').map((identity) => `"identity":${identity}`),
    rarely(anything, '1').map((incarnation) => `"incarnation":${incarnation}`),
    fc
      .oneof({ weight: 20, arbitrary: fc.nat({ max: 99_999 }).map(String) }, { weight: 1, arbitrary: anything })
      .map((seq) => `"seq":${seq}`),
    rarely(anything, '"run-1"').map((run) => `"run":${run}`),
  );

const more = fc.array(
  fc.oneof(
    string.map((id) => `"opId":${id}`),
    numeral.map((mono) => `"mono":${mono}`),
    stranger,
  ),
  { maxLength: 2 },
);

const names = eventTypes.map(({ name, fields }) => ({
  name: name as string,
  entries: Object.entries(fields) as Entry[],
}));

const record: Written = fc
  .constantFrom(...names, { name: 'no.such.type', entries: [] as Entry[] })
  .chain(({ name, entries }) =>
    shuffled(fc.tuple(pinoMembers, headerMembers(name), more, membersOf(entries)).map((parts) => parts.flat())),
  )
  // One in ten lacks a member.
  .chain((members) => fc.nat({ max: 10 * members.length }).map((gone) => members.filter((_, index) => index !== gone)))
  .chain((members) => joined('{', members, '}'));

/** A line, and what may become of it on its way: torn, glued to another, zeros in it, another line end, no UTF-8. */
const line: Written = fc.oneof(
  { weight: 24, arbitrary: record },
  {
    weight: 1,
    arbitrary: fc
      .tuple(record, fc.double({ min: 0, max: 1, noNaN: true }))
      .map(([text, part]) => text.slice(0, text.length * part)),
  },
  { weight: 1, arbitrary: fc.tuple(record, record).map((pair) => pair.join('')) },
  { weight: 1, arbitrary: record.map((text) => `\0\0${text}`) },
  { weight: 1, arbitrary: record.map((text) => `${text} \t\r`) },
  { weight: 1, arbitrary: record.map((text) => ` ${text}`) },
  { weight: 1, arbitrary: record.map((text) => text.replace('{', `{"msg":"${'x'.repeat(3000)}",`)) },
  { weight: 1, arbitrary: fc.constantFrom('', '\r', '42', '[]', 'npm WARN', '{"level":30,"msg":"hello"}', '{}') },
);

/** A line that was changed in one place. */
function edited(text: string, place: number, change: string, by: string): string {
  const at = Math.floor(place * text.length);
  return change === 'put' ? text.slice(0, at) + by + text.slice(at) : text.slice(0, at) + by + text.slice(at + 1);
}

const edit = fc.tuple(
  fc.double({ min: 0, max: 1, noNaN: true }),
  fc.constantFrom('put', 'replace'),
  fc.constantFrom(...'0123456789ab"\\,:{}[] \t\r.e-é\u00ff'.split(''), '', '', '\n', '"x":1,'),
);

const wallets = Array.from({ length: 8 }, (_, seed) =>
  simulate({ seed }).files.flatMap(({ name, content }) => (name === 'run.json' ? [] : content.split('\n'))),
);

/** A stretch of a wallet's log, in which what lines have in common is soon known; some of them were changed somewhere. */
export const tamperedLog: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.constantFrom(...wallets),
    fc.nat(),
    fc.array(fc.oneof({ weight: 3, arbitrary: fc.constant([]) }, fc.array(edit, { maxLength: 2 })), {
      minLength: 10,
      maxLength: 80,
      size: 'max',
    }),
  )
  .map(([lines, start, edits]) =>
    Buffer.from(
      edits
        .map((changes, index) => {
          const line = lines[(start + index) % lines.length] as string;
          return `${changes.reduce((text, change) => edited(text, ...change), line)}\n`;
        })
        .join(''),
    ),
  );

/** A log of such lines as bytes; about one in four has bytes that are no UTF-8. */
export const hostileLog: fc.Arbitrary<Buffer> = fc
  .tuple(
    fc.array(fc.tuple(line, fc.constantFrom('\n', '\n', '\n', '\r\n')), { minLength: 1, maxLength: 80, size: 'max' }),
    fc.nat({ max: 3 }),
    fc.boolean(),
  )
  .map(([lines, encoding, ends]) => {
    const text = lines.flat().join('');
    const whole = ends ? text : text.trimEnd();
    return encoding === 0 ? Buffer.from(whole, 'latin1') : Buffer.from(whole);
  });
