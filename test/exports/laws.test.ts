import { Ajv } from 'ajv';
import { parse } from 'csv-parse/sync';
import fc from 'fast-check';
import { afterEach, describe, expect, test, vi } from 'vitest';
import { exporters } from '../../src/exports/index.ts';
import { chance, relabel, rename, simulated } from '../invariants/mutate.ts';
import { cutting, recutting } from '../recut.ts';
import type { Files } from '../story.ts';
import { importIntoSpeedscope, schema } from './speedscope-importer.ts';
import { exportedFiles } from './support.ts';

vi.mock('../../src/events/sources/open.ts', (original) => recutting(original));

vi.setConfig({ testTimeout: 120_000 });

afterEach(() => {
  cutting.by = undefined;
});

const formats = exporters.map(({ name }) => name);
const all = async (files: Files, name?: string) =>
  Promise.all(formats.map(async (to) => (await exportedFiles(files, to, name)).text));

describe('the bytes of an export do not depend on', () => {
  const worlds = [1, 2, 3, 4, 5, 6].map((seed) => ({ seed, ...simulated({ seed }) }));

  test('how files are called and in which order they are read', async () => {
    for (const { seed, files: given, name } of worlds) {
      const { 'run.json': _, ...files } = given;
      const { files: renamed, oldByNew } = rename(files, chance(seed, 'names'));
      const texts = (await all(renamed, name)).map((text) => relabel(text, oldByNew));
      expect(texts, `seed ${seed}`).toEqual(await all(files, name));
    }
  });

  test('the size of the chunks in which files are read', async () => {
    for (const { seed, files, name } of worlds) {
      cutting.by = undefined;
      const whole = await all(files, name);
      cutting.by = chance(seed, 'chunks');
      expect(await all(files, name), `seed ${seed}`).toEqual(whole);
    }
  });

  test('whether each device has its file, a line comes twice, or all are mixed', async () => {
    for (const { seed, files: given, name } of worlds) {
      const { 'run.json': _, ...files } = given;
      const lines = Object.values(files).flatMap((text) => text.split('\n').filter(Boolean));
      const some = (from: number, step: number) => lines.filter((_, index) => index % step === from);
      const mixed = {
        'a.ndjson': `${[...some(0, 2), ...lines.slice(0, 3)].join('\n')}\n`,
        'b.ndjson': `${some(1, 2).reverse().join('\n')}\n`,
      };
      const one = { 'a.ndjson': `${lines.join('\n')}\n` };
      const table = async (of: Files) => withoutPlaces((await exportedFiles(of, 'csv', name)).text);
      expect(await table(mixed), `seed ${seed}`).toEqual(await table(one));
    }
  });
});

function withoutPlaces(text: string): Record<string, string>[] {
  return read(text).map(({ file: _, line: __, ...rest }) => rest);
}

const read = (text: string): Record<string, string>[] => parse(text, { columns: true, record_delimiter: '\r\n' });

const odd = fc.oneof(
  fc.constantFrom('pay', 'sync', '=1+1', '-', '"', ',', "'@", '\r\n', '\u0000\u001b[1m', '\u2028', '𝔘', '</script>'),
  fc.string({ unit: 'binary', minLength: 1, maxLength: 8 }),
);
const opId = fc.constantFrom('a', 'b', 'c', 'd');
const duration = fc.oneof(
  fc.integer({ min: 0, max: 80 }),
  fc.integer({ min: 0, max: 80_000 }).map((us) => us / 1000),
);
const maybe = <Value>(value: fc.Arbitrary<Value>) => fc.option(value, { nil: undefined, freq: 2 });

/** What a device does, as the fields of a line; a restart is a line, too. */
const step = fc.oneof(
  { weight: 4, arbitrary: fc.record({ type: fc.constant('op.start'), opId, op: odd, parentOpId: maybe(opId) }) },
  {
    weight: 4,
    arbitrary: fc.record({ type: fc.constant('op.end'), opId, op: odd, ok: fc.boolean(), durationMs: duration }),
  },
  {
    weight: 6,
    arbitrary: fc.record({
      ...{
        type: fc.constantFrom('verify', 'request'),
        kind: odd,
        opId: maybe(opId),
        attempt: fc.integer({ min: 1, max: 3 }),
      },
      ...{ ok: fc.boolean(), durationMs: duration, bytes: maybe(fc.nat()) },
    }),
  },
  {
    weight: 1,
    arbitrary: fc.record({
      ...{ type: fc.constant('publish'), snapshot: odd, frontier: fc.constant({}), opId: maybe(opId) },
      durationMs: maybe(duration),
    }),
  },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('section'), section: odd, title: odd }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('assertion'), name: odd, ok: fc.boolean() }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('device.start') }) },
);

type Line = Readonly<Record<string, unknown>>;

/** What devices did: each at some pace, by a clock with whole milliseconds or finer, and some lines without a time. */
const life = fc.array(
  fc.tuple(
    step,
    fc.oneof(
      fc.nat(40),
      fc.nat(40_000).map((us) => us / 1000),
    ),
    fc.nat(20),
  ),
  {
    minLength: 1,
    maxLength: 40,
  },
);
const world = fc.tuple(fc.array(life, { minLength: 1, maxLength: 3 }), fc.boolean());

interface Generated {
  readonly files: Files;
  /** Operations, round trips, snapshots with a duration and sections: `device incarnation seq type`, and their names. */
  readonly spans: ReadonlyMap<string, string>;
  readonly assertions: number;
}

function generate([lives, fine]: [(readonly [Line, number, number])[][], boolean]): Generated {
  const files: Record<string, string> = {};
  const spans = new Map<string, string>();
  let assertions = 0;
  for (const [number, steps] of lives.entries()) {
    const device = `device-${number}`;
    let [incarnation, seq, time] = [1, 0, 1_748_642_400_000];
    const open = new Map<string, string>();
    const lines = steps.map(([line, after, timeless]) => {
      if (line.type === 'device.start') {
        [incarnation, seq] = [incarnation + 1, 0];
        open.clear();
      }
      seq++;
      time += after;
      const place = `${device} ${incarnation} ${seq}`;
      const { type, opId: id } = line;
      if (type === 'op.start') {
        open.set(id as string, place);
        spans.set(`${place} op`, String(line.op));
      } else if (type === 'op.end') {
        const begun = open.get(id as string);
        open.delete(id as string);
        spans.set(`${begun ?? place} op`, String(line.op));
      } else if (type === 'verify') spans.set(`${place} verify`, 'verify');
      else if (type === 'request') spans.set(`${place} request`, String(line.kind));
      else if (type === 'publish' && line.durationMs !== undefined) spans.set(`${place} publish`, 'publish');
      else if (type === 'section') spans.set(`${place} section`, `${line.section} ${line.title}`);
      else if (type === 'assertion' && line.ok === false) assertions++;
      const clock = timeless === 0 ? {} : { time: fine ? time : Math.floor(time) };
      return JSON.stringify({ level: 30, v: 1, device, identity: 'bob', incarnation, seq, ...clock, ...line });
    });
    files[`${device}.ndjson`] = `${lines.join('\n')}\n`;
  }
  return { files, spans, assertions };
}

/** Checks the export of many generated runs. */
async function forAllRuns(
  to: string,
  check: (text: string, generated: Generated) => void | Promise<void>,
): Promise<void> {
  await fc.assert(
    fc.asyncProperty(world, async (drawn) => {
      const generated = generate(drawn);
      await check((await exportedFiles(generated.files, to)).text, generated);
    }),
    { numRuns: 40, seed: 20250530 },
  );
}

describe('every operation and round trip of a run is there once, by its name', () => {
  test('in csv', () =>
    forAllRuns('csv', (text, { spans, assertions }) => {
      const rows = read(text);
      expect(rows.filter(({ type }) => type === 'assertion')).toHaveLength(assertions);
      const found = rows
        .filter(({ type }) => type !== 'assertion')
        .map(({ device, incarnation, seq, type, name = '' }) => [
          `${device} ${incarnation} ${seq} ${type}`,
          name.replace(/^'(?='*[=+\-@\t\r\n])/, ''),
        ]);
      expect(found.sort()).toEqual([...spans].sort());
    }));

  test('in otlp, and what holds a span is in its trace', () =>
    forAllRuns('otlp', (text, { spans }) => {
      const ids = [...text.matchAll(/"traceId":"(\w+)","spanId":"(\w+)"(?:,"parentSpanId":"(\w+)")?/g)];
      const known = new Set(ids.map(([, traceId, spanId]) => `${traceId} ${spanId}`));
      expect(known.size).toBe(ids.length);
      for (const [, traceId, , parent] of ids)
        expect(parent === undefined || known.has(`${traceId} ${parent}`)).toBe(true);
      const found = text
        .split('\n')
        .filter(Boolean)
        .flatMap((line) => JSON.parse(line).resourceSpans)
        .flatMap(({ resource, scopeSpans }) => {
          const of = attributes(resource);
          return scopeSpans[0].spans.map((span: Span) => {
            const { 'replay.seq': seq, 'replay.type': type } = attributes(span);
            return [`${of['replay.device']} ${of['replay.incarnation']} ${seq} ${type}`, span.name];
          });
        });
      expect(found.sort()).toEqual([...spans].filter(([place]) => !place.endsWith('section')).sort());
    }));

  test('in perfetto, and slices of one thread nest', () =>
    forAllRuns('perfetto', (text, { spans }) => {
      const slices = JSON.parse(text).traceEvents.filter(({ ph }: { ph: string }) => ph === 'X') as Slice[];
      const found = slices.map(({ args, cat, name }) => [`${args.at.replaceAll(':', ' ')} ${cat}`, name]);
      expect(found.sort()).toEqual([...spans].sort());
      expect(crossings(slices)).toEqual([]);
      for (const { ts, dur, args } of slices) {
        if (args.endMs !== 'not logged') expect(Math.abs(ts + dur - Number(args.endMs) * 1000)).toBeLessThan(2001);
      }
    }));

  test('in speedscope, which reads it, and calls nest', async () => {
    const isSpeedscope = new Ajv().compile(schema);
    await forAllRuns('speedscope', async (text, { spans }) => {
      const file = JSON.parse(text);
      isSpeedscope(file);
      expect(isSpeedscope.errors).toBeNull();
      const frames = file.shared.frames.map(({ name }: { name: string }) => name);
      const opened: string[] = [];
      for (const { events, startValue, endValue } of file.profiles as Profile[]) {
        const stack: number[] = [];
        let now = startValue;
        for (const { type, frame, at } of events) {
          expect(at).toBeGreaterThanOrEqual(now);
          now = at;
          if (type === 'O') opened.push(frames[stack[stack.push(frame) - 1] as number]);
          else expect(stack.pop()).toBe(frame);
        }
        expect(stack).toEqual([]);
        expect(now).toBeLessThanOrEqual(endValue);
      }
      expect(opened.map((name) => name.replace(/ \(unfinished\)$/, '')).sort()).toEqual([...spans.values()].sort());
      if (spans.size > 0) {
        const profiles = await importIntoSpeedscope('run.speedscope.json', text);
        expect(profiles).toHaveLength(file.profiles.length);
      }
    });
  });
});

interface Span {
  readonly name: string;
  readonly attributes: readonly { readonly key: string; readonly value: Readonly<Record<string, string>> }[];
}

interface Slice {
  readonly tid: number;
  readonly ts: number;
  readonly dur: number;
  readonly name: string;
  readonly cat: string;
  readonly args: { readonly at: string; readonly endMs: string };
}

interface Profile {
  readonly startValue: number;
  readonly endValue: number;
  readonly events: readonly { readonly type: 'O' | 'C'; readonly frame: number; readonly at: number }[];
}

function attributes({ attributes: list }: Pick<Span, 'attributes'>): Record<string, string | undefined> {
  return Object.fromEntries(list.map(({ key, value }) => [key, Object.values(value)[0]]));
}

/** Pairs of slices of one thread of which one begins inside of the other and ends outside. */
function crossings(slices: readonly Slice[]): string[] {
  return slices.flatMap((slice) =>
    slices
      .filter(({ tid, ts }) => tid === slice.tid && ts > slice.ts && ts < slice.ts + slice.dur)
      .filter(({ ts, dur }) => ts + dur > slice.ts + slice.dur)
      .map(({ name }) => `${slice.name} and ${name}`),
  );
}
