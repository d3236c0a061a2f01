import type {
  Balance,
  Blame,
  CheckResult,
  ClockBound,
  DeviceSummary,
  Difference,
  Evidence,
  Finding,
  FindingCode,
  InputSummary,
  LedgerSide,
  Moment,
  RunReport,
  TokenDifference,
  ToolVersion,
} from '../results.ts';
import { bool, count, list, nullable, number, object, position, type Schema, text } from './schema-parts.ts';
import { roundTripsSchema } from './schema-round-trips.ts';

const amount = { type: 'string', pattern: '^-?(0|[1-9][0-9]*)(\\.[0-9]+)?$', description: 'An exact decimal number.' };
const verdict = { enum: ['held', 'violated', 'not-checked'] };

const codes: Readonly<Record<FindingCode, string>> = {
  'lost-update': 'owed, and no line says that it ever arrived',
  'self-filtered': "arrived, and was skipped as the device's own although a sibling device wrote it",
  'not-applied': 'arrived, owed, and nothing says it was applied, skipped or known',
  'duplicate-apply': 'applied twice, and the balance moved twice',
  'balance-missing': 'applied or written, but its balance change never happened, or is of another amount',
  'class-dropped': 'all effects of one key class are missing after an import that claims them',
  'snapshot-race': 'a snapshot claims an effect that it lacks and that became durable only after the publish',
  'snapshot-omits': 'a snapshot claims an effect that it lacks and that was durable before',
  'stale-recovery': 'a device recovered from an older snapshot although it could know of a newer one',
  ungrounded: 'a token is live, or is spent, without any event that brought it there',
  resurrected: 'a retired token is live again, or a token and its own successor are live together',
  'double-spend': 'one token was retired by two different effects',
  conservation: 'inputs and outputs of a transfer differ',
  'balance-read': 'what was shown differs from the ledger rebuilt at that point',
  masked: 'totals agree, token sets do not',
  'not-durable': 'a verify said ok, and the effect is gone after a restart',
  undetermined: 'ledgers differ and the evidence does not say why',
  'seq-gap': "a hole in a device's sequence",
  truncated: 'a log without its end, while others ended orderly',
  'torn-line': 'a last line that was cut off',
  'missing-device': 'a device that other logs name and that has none',
  'foreign-file': 'a file whose lines name another run',
  'duplicate-file': 'a file whose lines are all in another',
  'seq-conflict': 'the same seq with other content',
  'unknown-type': 'an event type that the contract does not know',
  'round-trip-budget': 'an operation made more round trips than its budget',
  'write-unverified': 'a write was never verified although the log ended orderly',
  'retry-storm': 'one request, repeated past the limit',
};

/** `line` in a log, `item` in a JSON document: one of the two. */
const place = { file: text };
const placed = { anyOf: [{ required: ['line'] }, { required: ['item'] }] };
const positions = { line: position, item: position };

const ledgerSide = object<LedgerSide>({ device: text, incarnation: position, phase: text, amount, tokens: count });

const tokenDifference = object<TokenDifference>({
  tokenId: text,
  coin: text,
  left: nullable(amount),
  right: nullable(amount),
});

const difference = object<Difference>({
  left: ledgerSide,
  right: ledgerSide,
  delta: { ...amount, description: 'right − left' },
  tokens: list(tokenDifference),
});

const blame = object<Blame>({
  device: nullable(text),
  by: { enum: ['arbiter', 'counterparty', 'lineage', 'conservation', 'cannot-tell'] },
});

const stage = { enum: ['written', 'durable', 'published', 'sent', 'received', 'accepted', 'applied', 'visible'] };

const failedStage = {
  anyOf: [object({ at: stage }), object({ after: stage, before: stage, decides: text })],
};

const moment = object<Omit<Moment, 'line' | 'item'>>(
  { ...place, device: text, incarnation: position, seq: position, time: nullable(number) },
  positions,
  placed,
);

const evidence = object<Omit<Evidence, 'line' | 'item' | 'first'>>(
  { ...place, role: text },
  { ...positions, first: { const: true, description: 'The line at which the devices part.' } },
  placed,
);

const finding = object<Finding>({
  id: { type: 'string', pattern: '^F[1-9][0-9]*$' },
  code: {
    anyOf: [
      ...Object.entries(codes).map(([code, description]) => ({ const: code, description })),
      { ...text, pattern: '^[a-z0-9]+(-[a-z0-9]+)*$', description: 'found by an invariant that a user added' },
    ],
  },
  verdict: { enum: ['violated', 'not-checked', 'note'] },
  check: text,
  identity: nullable(text),
  device: nullable(text),
  coin: nullable(text),
  tokenId: nullable(text),
  effect: nullable(text),
  opId: nullable(text),
  detail: nullable(text),
  stage: { ...nullable(failedStage), description: 'How far the effect came; null for what is about the logs.' },
  blame: nullable(blame),
  difference: nullable(difference),
  message: { type: 'string', description: 'One sentence that says what happened and why.' },
  at: nullable(moment),
  evidence: list(evidence),
  consequences: { ...count, description: 'How many other findings follow from this one.' },
  follows: nullable({ type: 'string', description: 'The id of the finding that this one follows from.' }),
});

const problem = object({ ...place, reason: text }, positions, placed);

/** What was read of a run. */
export const input = object<InputSummary>({
  files: count,
  bytes: count,
  events: count,
  problems: list(problem),
  problemsOmitted: { ...count, description: 'Problems that were counted and are not listed.' },
  skipped: count,
});

const balance = object<Balance>({ coin: text, amount, tokens: count });

const device = object<DeviceSummary>({
  device: text,
  identity: text,
  incarnations: count,
  events: count,
  complete: bool,
  balances: list(balance),
});

const clock = object<ClockBound>({
  device: text,
  reference: text,
  offsetMs: number,
  errorMs: nullable(number),
  pairs: count,
});

const check = object<CheckResult>({
  name: text,
  subject: nullable(text),
  verdict,
  reason: nullable(text),
  detail: nullable(text),
  lacks: nullable(list(text)),
});

const run = object<RunReport>({
  schema: { const: 1 },
  tool: object<ToolVersion>({ name: { const: 'ledger-replay' }, version: text }),
  run: text,
  verdict,
  input,
  devices: list(device),
  clocks: list(clock),
  checks: list(check),
  findings: list(finding),
  roundTrips: {
    ...nullable({ $ref: '#/$defs/roundTrips' }),
    description: 'Filled by `replay round-trips`; null elsewhere.',
  },
});

/**
 * The JSON Schema (2020-12) of what `--json` prints: one report, or an array of them. Its objects are open, so that a later
 * version may add keys; a key of the types that is missing here does not compile.
 */
export const reportSchema: Schema = {
  $schema: 'https://json-schema.org/draft/2020-12/schema',
  title: 'The answer of `replay check-balances --json` and of `replay round-trips --json`',
  anyOf: [{ $ref: '#/$defs/run' }, { type: 'array', items: { $ref: '#/$defs/run' } }],
  $defs: { run, roundTrips: roundTripsSchema },
};
