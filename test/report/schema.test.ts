import { expect, test } from 'vitest';
import { reporters } from '../../src/report/index.ts';
import { reportSchema, type Schema } from '../../src/report/schema.ts';
import type { RunReport } from '../../src/results.ts';
import { aborted, clean, crowded, finding, hostile, lostUpdate, notChecked, report, resurrected } from './fixtures.ts';

const all = [resurrected, lostUpdate, clean, notChecked, aborted, crowded, hostile];

test.each(all.map((story) => [story.run, story]))('the report of %s is as the schema says', (_run, story) => {
  expect(faults(printed([story]))).toEqual([]);
});

test('so are several reports, and none', () => {
  expect(faults(printed(all))).toEqual([]);
  expect(faults([])).toEqual([]);
});

test('so are places in a JSON document and fractions of a millisecond', () => {
  const at = { file: 'trace.json', item: 7, device: 'bob-peer1', incarnation: 1, seq: 9, time: 1_748_642_400_123.5 };
  const evidence = [{ file: 'trace.json', item: 7, role: 'writes e1' }];
  expect(faults(printed([report({ findings: [finding({ at, evidence })] })]))).toEqual([]);
});

test.each<[string, (report: Record<string, unknown>) => void]>([
  ['a missing key', (broken) => delete broken.verdict],
  ['an unknown verdict', (broken) => Object.assign(broken, { verdict: 'fine' })],
  [
    'an amount that is a number',
    (broken) =>
      Object.assign(broken, { devices: [{ ...clean.devices[0], balances: [{ coin: 'UCT', amount: 1, tokens: 1 }] }] }),
  ],
  [
    'a finding without a place',
    (broken) => Object.assign(broken, { findings: [finding({ evidence: [{ file: 'x', role: 'y' } as never] })] }),
  ],
  [
    'a code that is no word',
    (broken) => Object.assign(broken, { findings: [finding({ code: 'Gremlins!' as never })] }),
  ],
])('%s is not', (_what, breakIt) => {
  const broken = structuredClone(clean) as unknown as Record<string, unknown>;
  breakIt(broken);
  expect(faults(broken)).not.toEqual([]);
});

function printed(reports: readonly RunReport[]): unknown {
  const json = reporters.find(({ name }) => name === 'json');
  return JSON.parse(json?.print(reports, { width: 80, color: false, all: false, paths: [], flags: [] }) ?? '');
}

function faults(value: unknown): string[] {
  return faultsOf(value, reportSchema, '$');
}

/** A checker of the keywords that the schema uses. It is stricter in one point: a key that the schema does not name is a fault. */
function faultsOf(value: unknown, schema: Schema, path: string): string[] {
  const found: string[] = [];
  for (const [keyword, operand] of Object.entries(schema)) {
    const rule = keywords[keyword];
    if (rule === undefined) throw new Error(`${path}: the checker does not know ${keyword}`);
    found.push(...rule(value, operand as never, path));
  }
  const named = schema.properties as object | undefined;
  if (named && isRecord(value)) {
    for (const key of Object.keys(value)) if (!(key in named)) found.push(`${path}.${key}: is not in the schema`);
  }
  return found;
}

type Rule = (value: unknown, operand: never, path: string) => string[];

const none: Rule = () => [];
const keywords: Readonly<Record<string, Rule>> = {
  $schema: none,
  $defs: none,
  title: none,
  description: none,
  $ref: (value, ref: string, path) => faultsOf(value, definition(ref), path),
  type: (value, type: string, path) => (typeOf(value, type) ? [] : [`${path}: is no ${type}`]),
  const: (value, wanted, path) => (value === wanted ? [] : [`${path}: is not ${wanted}`]),
  enum: (value, wanted: unknown[], path) => (wanted.includes(value) ? [] : [`${path}: is none of ${wanted}`]),
  minimum: (value, least: number, path) =>
    typeof value !== 'number' || value >= least ? [] : [`${path}: under ${least}`],
  pattern: (value, pattern: string, path) =>
    typeof value !== 'string' || new RegExp(pattern).test(value) ? [] : [`${path}: does not match ${pattern}`],
  required: (value, keys: string[], path) =>
    isRecord(value) ? keys.filter((key) => !(key in value)).map((key) => `${path}.${key}: is missing`) : [],
  properties: (value, schemas: Record<string, Schema>, path) =>
    isRecord(value)
      ? Object.entries(schemas).flatMap(([key, schema]) =>
          key in value ? faultsOf(value[key], schema, `${path}.${key}`) : [],
        )
      : [],
  items: (value, schema: Schema, path) =>
    Array.isArray(value) ? value.flatMap((item, index) => faultsOf(item, schema, `${path}[${index}]`)) : [],
  anyOf: (value, schemas: Schema[], path) => {
    const answers = schemas.map((schema) => faultsOf(value, schema, path));
    return answers.some(({ length }) => length === 0) ? [] : answers.flat();
  },
};

function definition(ref: string): Schema {
  const definitions = reportSchema.$defs as Record<string, Schema>;
  const schema = definitions[ref.replace('#/$defs/', '')];
  if (schema === undefined) throw new Error(`no ${ref}`);
  return schema;
}

function typeOf(value: unknown, type: string): boolean {
  if (type === 'null') return value === null;
  if (type === 'array') return Array.isArray(value);
  if (type === 'object') return isRecord(value);
  return type === 'integer' ? Number.isInteger(value) : typeof value === type;
}

function isRecord(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
