import { join } from 'node:path';
import fc from 'fast-check';
import { afterEach, expect, test, vi } from 'vitest';
import { planColumns } from '../../../src/events/columns/wants.ts';
import { Kernel } from '../../../src/events/readers/pino/kernel/kernel.ts';
import { pino } from '../../../src/events/readers/pino.ts';
import { glanceWants } from '../../../src/replay/glance/layout.ts';
import { bin, execute } from '../../built.ts';
import { simulate } from '../../simulator/index.ts';
import { root } from '../../source.ts';
import { areAlikeInColumns, readInColumns } from '../columns/in-columns.ts';
import { decodeAll, everything } from '../columns/rows.ts';
import { sourceOf } from './reading.ts';

afterEach(() => vi.restoreAllMocks());

/** Counts the lines that the kernel takes from now on. */
function watchKernel(): { lines(): number } {
  const read = vi.spyOn(Kernel.prototype, 'read');
  return { lines: () => read.mock.results.reduce((sum, { value }) => sum + (value as number), 0) };
}

/** Reads lines by every way, which must come to the same. Returns how many the kernel took. */
async function readByAll(lines: readonly string[], chunk = 1 << 20, plan = everything): Promise<number> {
  const kernel = watchKernel();
  const bytes = Buffer.from(lines.map((line) => `${line}\n`).join(''));
  const { measure, ...ways } = await readInColumns(() => sourceOf(bytes, 'peer1.log', chunk), {}, plan);
  if (!areAlikeInColumns({ measure, ...ways })) {
    for (const [way, rows] of Object.entries(ways)) expect({ way, ...rows }).toStrictEqual({ way, ...measure });
  }
  const taken = kernel.lines();
  vi.restoreAllMocks();
  return taken;
}

test('the code of the kernel is that of its source', { timeout: 60_000 }, () => {
  const { code, stderr } = execute(process.execPath, [join(root, 'scripts/kernel.mjs'), '--check'], { cwd: root });
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
});

const head = (seq: number, type: string) =>
  `{"level":30,"time":${1748642400000 + seq},"v":1,"type":"${type}","device":"peer1","identity":"b","seq":${seq}`;
/** Lines of every shape, so that each is learned. */
const taught = (type: string, rest: (seq: number) => string, count = 40) =>
  Array.from({ length: count }, (_, index) => `${head(index + 1, type)},${rest(index + 1)}}`);

/** What the kernel takes of one more line, behind those that it was taught by. */
async function takesAlso(type: string, rest: (seq: number) => string, more: string): Promise<number> {
  const known = taught(type, rest);
  return (await readByAll([...known, `${head(41, type)},${more}}`])) - (await readByAll(known));
}

const movement = (seq: number) => `"tokenId":"T${seq}","coin":"UCT","delta":"${seq}","effect":"e${seq}"`;
const moved = (token: string, delta: string) => `"tokenId":${token},"coin":"UCT","delta":${delta},"effect":"e1"`;

test.each([
  ['a text of 255 bytes', moved(`"${'x'.repeat(255)}"`, '"1"'), 1],
  ['a text of 256 bytes, which is too long for it', moved(`"${'x'.repeat(256)}"`, '"1"'), 0],
  ['a text that is no ASCII', moved('"é🪙"', '"1"'), 1],
  ['a text with an escape', moved('"\\u0041"', '"1"'), 0],
  ['an empty text', moved('""', '"1"'), 0],
  ['a text that does not end', moved('"T', '"1"'), 0],
  ['an amount of 78 digits', moved('"T"', `"${'9'.repeat(78)}"`), 1],
  ['an amount of 79 digits', moved('"T"', `"${'9'.repeat(79)}"`), 0],
  ['a negative amount with decimals', moved('"T"', '"-0.000000000000000001"'), 1],
  ['an amount that begins with a zero', moved('"T"', '"01"'), 0],
  ['an amount without decimals behind its point', moved('"T"', '"1."'), 0],
  ['an amount that is a number', moved('"T"', '1'), 0],
  ['an amount without digits', moved('"T"', '"-"'), 0],
])('of %s it takes what it is sure of', async (_, more, taken) => {
  expect(await takesAlso('balance', movement, more)).toBe(taken);
});

const duration = (seq: number) => `"effect":"e${seq}","attempt":${seq},"ok":${seq % 2 === 0},"durationMs":${seq}.5`;
const lasting = (attempt: string, ok: string, ms: string) =>
  `"effect":"e","attempt":${attempt},"ok":${ok},"durationMs":${ms}`;

test.each([
  ['a whole number of nine digits', lasting('999999999', 'true', '1.5'), 1],
  ['a whole number of ten digits', lasting('1000000000', 'true', '1.5'), 0],
  ['a whole number that is too small', lasting('0', 'true', '1.5'), 0],
  ['a whole number that begins with a zero', lasting('01', 'true', '1.5'), 0],
  ['no digits at all', lasting('', 'true', '1.5'), 0],
  ['a number that is a safe integer but for its point', lasting('1', 'false', '900719925474.0991'), 1],
  ['a number that is none', lasting('1', 'false', '900719925474.0992'), 0],
  ['a number of eighteen digits', lasting('1', 'false', '0.00000000000000001'), 1],
  ['a number of nineteen digits', lasting('1', 'false', '0.000000000000000001'), 0],
  ['a number with an exponent', lasting('1', 'false', '1e3'), 0],
  ['a number without decimals', lasting('1', 'false', '17'), 1],
  ['a number without decimals behind its point', lasting('1', 'false', '1.'), 0],
  ['a negative duration, which is none', lasting('1', 'false', '-1.5'), 1],
  ['a flag that is a word', lasting('1', 'trut', '1.5'), 0],
  ['a flag that is nearly one', lasting('1', 'fals2', '1.5'), 0],
  ['null for a flag', lasting('1', 'null', '1.5'), 0],
])('of %s it takes what it is sure of, too', async (_, more, taken) => {
  expect(await takesAlso('verify', duration, more)).toBe(taken);
});

const action = (seq: number) =>
  `"effect":"e${seq}","origin":"p","originSeq":${seq},"action":"${seq % 2 === 0 ? 'received' : 'applied'}"`;

test.each([
  ['a word that others did not have', 'deduplicated', 1],
  ['a word that is none of these', 'receive', 0],
  ['a word that is longer than one of these', 'receivedd', 0],
])('of %s it takes what it is sure of as well', async (_, word, taken) => {
  expect(await takesAlso('replication', action, `"effect":"e","origin":"p","originSeq":1,"action":"${word}"`)).toBe(
    taken,
  );
});

const output = (seq: number) => `{"tokenId":"T${seq}","coin":"UCT","amount":"${seq}"}`;
const writing = (inputs: string, outputs: string) =>
  `"effect":"e","originSeq":1,"key":"k","kind":"transfer","inputs":${inputs},"outputs":${outputs}`;
const written = (seq: number) =>
  writing(`["T${seq}"]`, `[${output(seq)},${output(seq + 1)}]`).replace('"e"', `"e${seq}"`);
const many = (count: number, item: (index: number) => string) =>
  `[${Array.from({ length: count }, (_, index) => item(index)).join(',')}]`;

test.each([
  ['lists without items', writing('[]', '[]'), 1],
  ['members in another order', writing('[]', '[{"amount":"1","coin":"UCT","tokenId":"T"}]'), 1],
  ['a member twice', writing('[]', '[{"amount":"1","coin":"UCT","tokenId":"T","coin":"USDU"}]'), 0],
  ['a member that is missing', writing('[]', '[{"amount":"1","coin":"UCT"}]'), 0],
  ['a member that nobody knows', writing('[]', '[{"amount":"1","coin":"UCT","tokenId":"T","x":1}]'), 0],
  ['an object without members', writing('[]', '[{}]'), 0],
  ['a comma behind the last item', writing('["T1",]', '[]'), 0],
  ['a comma behind the last member', writing('[]', '[{"amount":"1","coin":"UCT","tokenId":"T",}]'), 0],
  ['blanks in a list', writing('["T1", "T2"]', '[]'), 0],
  ['a list in a list', writing('[["T1"]]', '[]'), 0],
  ['items of another kind', writing('[1]', '[]'), 0],
  ['a list that does not end', writing('["T1"', '[]'), 0],
  [
    'hundreds of items',
    writing(
      many(600, (index) => `"T${index}"`),
      many(300, output),
    ),
    1,
  ],
  [
    'more items than it has room for',
    writing(
      many(4100, (index) => `"T${index}"`),
      '[]',
    ),
    0,
  ],
  [
    'more texts than it has room for',
    writing(
      many(900, () => `"${'x'.repeat(250)}"`),
      '[]',
    ),
    0,
  ],
])('of %s it takes what it is sure of', async (_, more, taken) => {
  expect(await takesAlso('write', written, more)).toBe(taken);
});

const text = fc.oneof(
  fc.nat({ max: 280 }).map((length) => 'x'.repeat(length)),
  fc.string({ unit: 'grapheme', maxLength: 20 }),
);
const shapes = fc.oneof(
  fc
    .tuple(text, fc.integer(), fc.nat())
    .map(([id, whole, part]) => ['balance', moved(JSON.stringify(id), `"${whole}.${part}"`)] as const),
  fc
    .tuple(fc.nat(), fc.boolean(), fc.float({ noNaN: true, noDefaultInfinity: true }))
    .map(([attempt, ok, ms]) => ['verify', lasting(String(attempt), String(ok), JSON.stringify(ms))] as const),
  fc
    .tuple(fc.array(text, { maxLength: 4 }), fc.nat({ max: 5 }))
    .map(([inputs, outputs]) => ['write', writing(JSON.stringify(inputs), many(outputs, output))] as const),
);

test('it comes to the same rows as the plain scanner, wherever bytes are cut, and takes most lines', {
  timeout: 120_000,
}, async () => {
  let [lines, taken] = [0, 0];
  await fc.assert(
    fc.asyncProperty(
      fc.array(shapes, { minLength: 60, maxLength: 200 }),
      fc.integer({ min: 500, max: 60_000 }),
      async (made, chunk) => {
        const log = made.map(([type, rest], index) => `${head(index + 1, type)},${rest}}`);
        lines += log.length;
        taken += await readByAll(log, chunk);
      },
    ),
    { numRuns: 60 },
  );
  expect(taken / lines).toBeGreaterThan(0.4);
});

test('it takes more lines at once than it has room for, in several goes', { timeout: 60_000 }, async () => {
  const log = taught('balance', (seq) => movement(seq).replace('"e', `"${'e'.repeat(200)}`), 6000);
  expect(await readByAll(log, 2 << 20)).toBeGreaterThan(5900);
});

test('nearly every line of a wallet is read by it', async () => {
  const kernel = watchKernel();
  let rows = 0;
  for (let seed = 1; seed <= 6; seed += 1) {
    for (const { name, content } of simulate({ seed, steps: 2000, layout: 'per-device', manifest: false }).files) {
      const source = sourceOf(content, name);
      const read = pino.columns?.(name, { defaults: {} }, planColumns(glanceWants)).read(source);
      for await (const batch of read ?? []) rows += batch.rows;
    }
  }
  expect(rows).toBeGreaterThan(10_000);
  expect(kernel.lines() / rows).toBeGreaterThan(0.9);
});

test('two files that are read by turns do not disturb each other', async () => {
  const kernel = watchKernel();
  const log = (name: string) => taught('balance', movement, 400).join('\n').replaceAll('"e', `"${name}`);
  const plan = everything;
  const read = (name: string) => {
    const source = sourceOf(`${log(name)}\n`, name, 5000);
    return decodeAll(pino.columns?.(name, { defaults: {} }, plan).read(source) as never, plan);
  };
  const alone = [await read('a'), await read('b')];
  expect(await Promise.all([read('a'), read('b')])).toStrictEqual(alone);
  expect(kernel.lines()).toBeGreaterThan(1400);
});

test('REPLAY_SLOW=plain keeps every line from it', async () => {
  const kernel = watchKernel();
  vi.stubEnv('REPLAY_SLOW', 'plain');
  const source = sourceOf(`${taught('balance', movement).join('\n')}\n`);
  await decodeAll(pino.columns?.('x', { defaults: {} }, everything).read(source) as never, everything);
  expect(kernel.lines()).toBe(0);
  vi.unstubAllEnvs();
});

test('where there is no WebAssembly, the answer is the same', { timeout: 60_000 }, () => {
  const asked = [bin, 'check-balances', 'logs-sample/missed-spend', '--json', '--no-cache'];
  const { code, stdout } = execute(process.execPath, ['--jitless', ...asked]);
  expect(JSON.parse(stdout)).toMatchObject({ verdict: 'violated' });
  expect({ code, stdout }).toEqual({ code: 1, stdout: execute(process.execPath, asked).stdout });
});
