import type { ToolVersion } from '../results.ts';
import type {
  CounterRow,
  CounterTable,
  GrowthAnswer,
  GrowthRow,
  IdentityAnswer,
  IdentityTerm,
  LostWindow,
  SectionRow,
  TallyRow,
  TopReport,
} from '../results-top.ts';
import { input } from './schema.ts';
import { bool, count, list, nullable, number, object, position, type Schema, text } from './schema-parts.ts';

const integer = { type: 'integer' };
const ms = { type: 'number', minimum: 0, description: 'Milliseconds, exact to the microsecond.' };
const verdict = { enum: ['held', 'violated', 'not-checked'] };
const source = { enum: ['counter', 'op', 'verify', 'request', 'write', 'publish'] };
const measure = { enum: ['total', 'calls', 'max'] };

const row = object<CounterRow>({
  source,
  name: text,
  calls: count,
  totalMs: { ...ms, description: 'Summed over calls: concurrent ones add up, so that it is no share of anything.' },
  selfMs: { ...nullable(ms), description: 'null where the log does not say what lies in what.' },
  meanMs: nullable(ms),
  p95Ms: { ...nullable(ms), description: 'null where there are no single calls.' },
  maxMs: ms,
  busyMs: { ...ms, description: 'The union of the intervals of its calls on each device, added over devices.' },
  busyExact: { ...bool, description: 'false: busyMs is the most that it can be.' },
  busyShare: { ...nullable(number), description: 'busyMs of the deviceMs of its table.' },
  straddling: { ...count, description: 'Windows or calls that lie in several groups, shared out by time.' },
  over: list(ms),
});

const tally = object<TallyRow>({ source, name: text, count, straddling: count, over: list(count) });

const table = object<CounterTable>({
  group: nullable(text),
  deviceMs: ms,
  timed: list(row),
  counted: list(tally),
  omitted: object({ timed: count, counted: count }),
});

const section = object<SectionRow>({
  section: nullable(text),
  title: nullable(text),
  wallMs: ms,
  deviceMs: ms,
  spansMs: ms,
  countersMs: ms,
  uncountedMs: ms,
  unattributedMs: ms,
  straddling: count,
});

const lost = object<LostWindow>({
  device: text,
  incarnation: position,
  unseenMs: ms,
  windowMs: nullable(ms),
  estimateMs: nullable(ms),
});

const growth = object<GrowthAnswer>({
  against: text,
  measure,
  perCall: bool,
  level: number,
  rows: list(
    object<GrowthRow>({
      source,
      name: text,
      over: { enum: ['windows', 'operations'] },
      points: count,
      shape: { enum: ['linear', 'quadratic', 'grows', 'falls', 'flat', 'not-decided'] },
      slope: nullable(object({ value: number, low: number, high: number })),
      square: nullable(number),
      reason: nullable(text),
    }),
  ),
});

const term = object<IdentityTerm>({
  term: text,
  kind: nullable({ enum: ['counter', 'request', 'op', 'event', 'number'] }),
  count,
});

const side = object<IdentityAnswer['left']>({ count, terms: list(term) });

const identity = object<IdentityAnswer>({
  identity: text,
  verdict,
  left: side,
  right: side,
  difference: { ...integer, description: 'right − left' },
  reason: nullable(text),
});

const run = object<TopReport>({
  schema: { const: 1 },
  tool: object<ToolVersion>({ name: { const: 'ledger-replay' }, version: text }),
  run: text,
  verdict: { ...nullable(verdict), description: 'Of the identities; null where none was stated.' },
  input,
  by: measure,
  grouping: { enum: ['counter', 'device', 'op', 'section'] },
  wallMs: ms,
  deviceMs: ms,
  processes: count,
  windows: count,
  tables: list(table),
  sections: list(section),
  lost: list(lost),
  growth: nullable(growth),
  identities: list(identity),
});

/** The JSON Schema (2020-12) of what `replay top --json` prints: one object, or an array of them. Its objects are open. */
export const topSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'The answer of `replay top --json`',
  anyOf: [{ $ref: '#/$defs/run' }, { type: 'array', items: { $ref: '#/$defs/run' } }],
  $defs: { run },
};
