import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { Ajv } from 'ajv';
import { parse } from 'csv-parse/sync';
import { beforeAll, describe, expect, test } from 'vitest';
import { throughOpenTelemetry } from '../exports/opentelemetry.ts';
import { importIntoSpeedscope, schema } from '../exports/speedscope-importer.ts';
import { exportedPaths } from '../exports/support.ts';

const real = resolve('../shared/real/sphere-two-devices');
const missing = !existsSync(real);
if (missing) console.log(`skipped: no real logs at ${real}`);

const mapping = ['examples/sphere-soak.mapping.json', 'examples/gateway-access.mapping.json'];
const exported = (to: string) => exportedPaths({ paths: [join(real, 'base-ok')], to, mapping });
const operations = 65;
const roundTrips = 3478;
const writes = 20;
const sections = 8;

describe.skipIf(missing)('base-ok', () => {
  let table: Record<string, string>[] = [];

  beforeAll(async () => {
    const { text, summary } = await exported('csv');
    expect(summary).toMatchObject({ run: 'base-ok', operations, roundTrips, writes, sections, counterWindows: 51 });
    table = parse(text, { columns: true, record_delimiter: '\r\n' });
  });

  test('is a table', () => {
    const of = (...types: string[]) => table.filter(({ type = '' }) => types.includes(type));
    expect(of('op')).toHaveLength(operations);
    expect(of('verify', 'request')).toHaveLength(roundTrips);
    const blocks = of('counters').filter(({ name }) => name === 'ipfs.pinCar.blocks');
    expect(blocks.reduce((sum, { count }) => sum + Number(count), 0)).toBe(963);
    const put = of('request').filter(({ name }) => name === 'dag/put');
    expect(put).toHaveLength(963);
    expect(put[0]).toMatchObject({ stream: 'access.jsonl', file: 'access.jsonl' });
  });

  test('opens in speedscope', async () => {
    const { text } = await exported('speedscope');
    const file = JSON.parse(text);
    expect(new Ajv().validate(schema, file)).toBe(true);
    const opened = file.profiles.flatMap(({ events }: { events: { type: string }[] }) =>
      events.filter(({ type }) => type === 'O'),
    );
    expect(opened).toHaveLength(operations + roundTrips + writes + sections);
    expect(await importIntoSpeedscope('base-ok.speedscope.json', text)).toHaveLength(file.profiles.length);
  });

  test('is a trace that an importer of such traces reads', async () => {
    const { text } = await exported('perfetto');
    const { traceEvents } = JSON.parse(text) as { traceEvents: { ph: string; tid: number }[] };
    const slices = traceEvents.filter(({ ph }) => ph === 'X');
    expect(slices).toHaveLength(operations + roundTrips + writes + sections);
    expect(await importIntoSpeedscope('base-ok.json', text)).toHaveLength(new Set(slices.map(({ tid }) => tid)).size);
  });

  test('is what OpenTelemetry calls traces', async () => {
    const { text } = await exported('otlp');
    let spans = 0;
    for (const line of text.split('\n').filter(Boolean)) {
      expect(line.length).toBeLessThan(1 << 20);
      const { given, back } = throughOpenTelemetry(line);
      expect(back).toEqual(given);
      spans += JSON.parse(line).resourceSpans[0].scopeSpans[0].spans.length;
    }
    expect(spans).toBe(operations + roundTrips + writes);
  });
});
