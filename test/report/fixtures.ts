import type {
  CheckResult,
  CutView,
  DeviceSummary,
  Finding,
  InputSummary,
  Inspection,
  LedgerSide,
  Moment,
  RunReport,
} from '../../src/results.ts';
import type { Explanation, SliceLine } from '../../src/results-explanation.ts';

const spent = '7c1e4b0d93aa5f6e8c2b1d0f7e6a5948372615f4e3d2c1b0a9f8e7d6c5b4a90f';
const successor = '65ab20c1d7e84f93b6a5029187364554637281909fa8b7c6d5e4f30211aa33dd';

/** The published story: a recovered device holds a token that it spent before. */
export const resurrected: RunReport = report({
  run: 'run-1',
  verdict: 'violated',
  input: { files: 4, bytes: 12_345_678, events: 48_210 },
  devices: [
    device('alice-peer1', 'alice', 9_104, [{ coin: 'UCT', amount: '0.000000000011', tokens: 1 }]),
    device('bob-peer1', 'bob', 20_110, [{ coin: 'UCT', amount: '99.999999999989', tokens: 1 }]),
    device('bob-peer2', 'bob', 18_996, [{ coin: 'UCT', amount: '199.999999999989', tokens: 2 }], 2),
  ],
  clocks: [{ device: 'bob-peer2', reference: 'bob-peer1', offsetMs: -180, errorMs: 40, pairs: 311 }],
  checks: [
    check('ledgers-agree', 'bob', 'violated'),
    check('ledgers-agree', 'alice', 'held', { detail: 'one device, nothing to agree with' }),
    check('conservation', null, 'held', { detail: '6 coins, 1,204 transfers' }),
    check('writes-verified', 'alice', 'held', { detail: '1,877 of 1,877' }),
    check('writes-verified', 'bob', 'held', { detail: '1,877 of 1,877' }),
    check('arbiters-word', null, 'not-checked', {
      reason:
        'no `arbiter` line in this run; one per submitted token would say which side the outside authority accepted',
    }),
    check('recovery-fresh', null, 'not-checked', { reason: 'no clear line in this run', lacks: ['clear'] }),
  ],
  findings: [
    finding({
      id: 'F1',
      code: 'resurrected',
      tokenId: spent,
      opId: 'op-31',
      stage: { at: 'published' },
      blame: { device: 'bob-peer2', by: 'lineage' },
      difference: {
        left: side('bob-peer1', 1, 'before clear', '99.999999999989', 1),
        right: side('bob-peer2', 2, 'after recovery', '199.999999999989', 2),
        delta: '100',
        tokens: [{ tokenId: spent, coin: 'UCT', left: null, right: '100' }],
      },
      message: `bob-peer2 holds 100 UCT in ${spent}, which op-31 spent on bob-peer1: it recovered from a snapshot that was captured before e17 was durable`,
      at: moment('bob-peer2.ndjson', 97, 'bob-peer2', 2, 12),
      evidence: [
        { file: 'bob-peer1.ndjson', line: 412, role: `writes e17: spends ${spent}, makes ${successor}` },
        {
          file: 'bob-peer1.ndjson',
          line: 419,
          role: 'publishes snapshot s88, which claims e17 and does not contain it',
          first: true,
        },
        { file: 'bob-peer1.ndjson', line: 421, role: 'verifies e17 as durable, 38 ms after the snapshot' },
        { file: 'bob-peer2.ndjson', line: 96, role: 'clears' },
        { file: 'bob-peer2.ndjson', line: 97, role: 'imports s88' },
        { file: 'bob-peer2.ndjson', line: 101, role: `balance +100 UCT ${spent}` },
      ],
      consequences: 3,
    }),
  ],
});

/** An update that a sibling device lacks, with a finding that follows from it and a note. */
export const lostUpdate: RunReport = report({
  run: 'run-7',
  verdict: 'violated',
  input: { files: 3, bytes: 4_096, events: 31 },
  devices: [
    device('bob-peer1', 'bob', 16, [{ coin: 'UCT', amount: '99.999999999989', tokens: 1 }]),
    device('bob-peer2', 'bob', 15, [{ coin: 'UCT', amount: '199.999999999989', tokens: 2 }]),
  ],
  checks: [
    check('ledgers-agree', 'bob', 'violated'),
    check('conservation', null, 'held', { detail: '1 coin, 3 transfers' }),
  ],
  findings: [
    finding({
      id: 'F1',
      code: 'lost-update',
      effect: 'e17',
      stage: { after: 'written', before: 'received', decides: 'a replication line of bob-peer2 that names e17' },
      blame: { device: null, by: 'cannot-tell' },
      difference: {
        left: side('bob-peer1', 1, 'at the end', '99.999999999989', 1),
        right: side('bob-peer2', 1, 'at the end', '199.999999999989', 2),
        delta: '100',
        tokens: [
          { tokenId: 'T1', coin: 'UCT', left: null, right: '100' },
          { tokenId: 'T2', coin: 'UCT', left: '5', right: '7.5' },
        ],
      },
      message: 'bob-peer2 never received e17 of bob-peer1, although both logs ended quiescent',
      at: moment('bob-peer2.ndjson', 15, 'bob-peer2', 1, 15),
      evidence: [{ file: 'bob-peer1.ndjson', line: 9, role: 'writes e17', first: true }],
      consequences: 1,
    }),
    finding({
      id: 'F2',
      code: 'balance-read',
      detail: 'other',
      check: 'balance-reads',
      message: 'bob-peer2 showed 199.999999999989 UCT where its siblings would have shown 99.999999999989',
      at: moment('bob-peer2.ndjson', 14, 'bob-peer2', 1, 14),
      follows: 'F1',
    }),
    finding({
      id: 'F3',
      code: 'foreign-file',
      verdict: 'note',
      check: 'completeness',
      identity: null,
      device: null,
      coin: null,
      message: 'old.ndjson belongs to run-6 and was set aside',
      evidence: [{ file: 'old.ndjson', line: 1, role: 'names run-6' }],
    }),
  ],
});

/** Nothing to find. */
export const clean: RunReport = report({
  run: 'run-2',
  verdict: 'held',
  input: { files: 2, bytes: 1_204, events: 31 },
  devices: [
    device('bob-peer1', 'bob', 16, [
      { coin: 'UCT', amount: '99.999999999989', tokens: 1 },
      { coin: 'ALPHA', amount: '7', tokens: 3 },
    ]),
    device('bob-peer2', 'bob', 15, [
      { coin: 'UCT', amount: '99.999999999989', tokens: 1 },
      { coin: 'ALPHA', amount: '7', tokens: 3 },
    ]),
  ],
  checks: [
    check('ledgers-agree', 'bob', 'held', { detail: '2 devices, 2 coins' }),
    check('conservation', null, 'held', { detail: '2 coins, 12 transfers' }),
  ],
});

/** A log with a hole that hides the deciding line. */
export const notChecked: RunReport = report({
  run: 'run-3',
  verdict: 'not-checked',
  input: {
    files: 2,
    bytes: 1_204,
    events: 28,
    problems: [{ file: 'bob-peer2.ndjson', line: 9, reason: 'JSON: unexpected end of the line' }],
  },
  devices: [
    device('bob-peer1', 'bob', 16, [{ coin: 'UCT', amount: '99.999999999989', tokens: 1 }]),
    { ...device('bob-peer2', 'bob', 12, [{ coin: 'UCT', amount: '199.999999999989', tokens: 2 }]), complete: false },
  ],
  checks: [
    check('ledgers-agree', 'bob', 'not-checked', {
      reason: 'bob-peer2 may have applied e17 in the hole seq 9–11; a `replication` line for e17 would answer it',
    }),
    check('conservation', null, 'held', { detail: '1 coin, 3 transfers' }),
  ],
  findings: [
    finding({
      id: 'F1',
      code: 'seq-gap',
      verdict: 'not-checked',
      check: 'completeness',
      coin: null,
      message: 'seq 9–11 of incarnation 1 is missing',
      at: moment('bob-peer2.ndjson', 10, 'bob-peer2', 1, 12),
    }),
  ],
});

/** A run that was killed on all devices: agreement at the end is not asked. */
export const aborted: RunReport = report({
  run: 'run-4',
  verdict: 'not-checked',
  input: { files: 2, bytes: 980, events: 19 },
  devices: [
    device('bob-peer1', 'bob', 10, [{ coin: 'UCT', amount: '100', tokens: 1 }]),
    device('bob-peer2', 'bob', 9, []),
  ],
  checks: [
    check('ledgers-agree', 'bob', 'not-checked', {
      reason: 'the run was aborted: no device logged `device.end`, and e1 was still under way to bob-peer2',
    }),
    check('conservation', null, 'not-checked', { reason: 'no `write` line with inputs and outputs' }),
  ],
});

/** More of everything than a page can take. */
export const crowded: RunReport = report({
  run: 'run-5',
  verdict: 'violated',
  input: {
    files: 12,
    bytes: 3_210_987_654,
    events: 5_000_000,
    problems: Array.from({ length: 10 }, (_, index) => ({
      file: 'carol-phone.ndjson',
      line: 100 + index,
      reason: 'balance: delta: amount is a JSON number and may have lost digits; log it as a string',
    })),
    problemsOmitted: 1_234,
  },
  devices: Array.from({ length: 8 }, (_, index) => device(`peer${index}`, `wallet-${index % 4}`, 625_000, [])),
  clocks: Array.from({ length: 6 }, (_, index) => ({
    device: `peer${index + 1}`,
    reference: 'peer0',
    offsetMs: 1_500 * index,
    errorMs: index === 2 ? null : 12.5,
    pairs: 4_000 + index,
  })),
  checks: [
    check('ledgers-agree', 'wallet-0', 'violated'),
    ...Array.from({ length: 9 }, (_, index) =>
      check('balance-reads', `wallet-${index}`, 'held', { detail: 'all 12 readings' }),
    ),
  ],
  findings: Array.from({ length: 20 }, (_, index) =>
    finding({
      id: `F${index + 1}`,
      code: 'not-applied',
      identity: 'wallet-0',
      device: 'peer4',
      effect: `zdpuAm${'x'.repeat(36)}${String(index).padStart(4, '0')}`,
      message: `peer4 received zdpuAm${'x'.repeat(36)}${String(index).padStart(4, '0')} and never applied it`,
      at: moment('a/rather/deep/folder/of/the/harness/peer4.ndjson', 5_000 + index, 'peer4', 1, 5_000 + index),
      ...(index === 0 && {
        difference: {
          left: side('peer0', 1, 'at the end', `${'123456789'.repeat(5)}.${'987654321'.repeat(3)}`, 40),
          right: side('peer4', 1, 'at the end', '-0.5', 12),
          delta: `-${'123456789'.repeat(5)}.4`,
          tokens: Array.from({ length: 28 }, (_, token) => ({
            tokenId: `T${token}`,
            coin: 'UCT',
            left: '1.25',
            right: null,
          })),
        },
        evidence: Array.from({ length: 40 }, (_, line) => ({
          file: 'a/rather/deep/folder/of/the/harness/peer0.ndjson',
          line: line + 1,
          role: `writes e${line}`,
          ...(line === 20 && { first: true as const }),
        })),
      }),
    }),
  ),
});

/** What a hostile or broken log could put into names: nothing of it may reach the terminal as it is. */
export const hostile: RunReport = report({
  run: 'run\u001b[2J',
  verdict: 'violated',
  devices: [device('bob\u0007', 'bob', 1, [])],
  checks: [check('ledgers-agree', 'bob', 'violated')],
  findings: [
    finding({ id: 'F1', code: 'undetermined', device: 'bob\u0007', message: 'says \u001b]0;owned\u0007 and\nmore' }),
  ],
});

/** What `replay inspect` says of the story. */
export const inspection: Inspection = {
  run: 'run-1',
  input: input({
    files: 3,
    bytes: 12_345_678,
    events: 48_210,
    skipped: 1_204,
    problems: [{ file: 'bob-peer2.ndjson', line: 9, reason: 'JSON: unexpected end of the line' }],
  }),
  files: [
    {
      file: 'bob-peer1.ndjson',
      format: 'pino',
      bytes: 7_345_678,
      events: 20_110,
      skipped: 0,
      problems: 0,
      devices: ['bob-peer1'],
    },
    {
      file: 'bob-peer2.ndjson',
      format: 'pino',
      bytes: 5_000_000,
      events: 28_100,
      skipped: 4,
      problems: 1,
      devices: ['bob-peer2'],
    },
    { file: 'script.log', format: 'soak-script', bytes: 812, events: 0, skipped: 1_200, problems: 0, devices: [] },
  ],
  incarnations: [
    {
      device: 'bob-peer1',
      identity: 'bob',
      incarnation: 1,
      events: 20_110,
      firstSeq: 1,
      lastSeq: 20_110,
      gaps: [],
      end: 'quiescent',
    },
    {
      device: 'bob-peer2',
      identity: 'bob',
      incarnation: 1,
      events: 27_000,
      firstSeq: 1,
      lastSeq: 27_003,
      gaps: [{ from: 9, to: 11 }],
      end: 'none',
    },
    {
      device: 'bob-peer2',
      identity: 'bob',
      incarnation: 2,
      events: 1_100,
      firstSeq: 1,
      lastSeq: 1_100,
      gaps: [],
      end: 'orderly',
    },
  ],
  types: [
    { type: 'balance', events: 40_000 },
    { type: 'write', events: 8_209 },
    { type: 'clear', events: 1 },
  ],
  clocks: [{ device: 'bob-peer2', reference: 'bob-peer1', offsetMs: -180, errorMs: null, pairs: 311 }],
  checks: [
    { name: 'ledgers-agree', promise: 'Devices of one identity hold the same tokens.', possible: true, missing: [] },
    {
      name: 'arbiters-word',
      promise: 'The outside authority agrees.',
      possible: false,
      missing: ['arbiter', 'request'],
    },
  ],
};

/** What `replay show --at` says of the story. */
export const cut: CutView = {
  run: 'run-1',
  at: 'bob-peer2:2:12',
  devices: [
    {
      device: 'bob-peer1',
      identity: 'bob',
      at: moment('bob-peer1.ndjson', 421, 'bob-peer1', 1, 421),
      balances: [{ coin: 'UCT', amount: '99.999999999989', tokens: 1 }],
      tokens: [{ tokenId: successor, coin: 'UCT', amount: '99.999999999989' }],
    },
    {
      device: 'bob-peer2',
      identity: 'bob',
      at: moment('bob-peer2.ndjson', 97, 'bob-peer2', 2, 12),
      balances: [{ coin: 'UCT', amount: '199.999999999989', tokens: 2 }],
      tokens: [
        { tokenId: successor, coin: 'UCT', amount: '99.999999999989' },
        { tokenId: spent, coin: 'UCT', amount: '100' },
      ],
    },
    { device: 'carol', identity: 'carol', at: null, balances: [], tokens: [] },
  ],
  steps: [
    {
      at: moment('bob-peer2.ndjson', 96, 'bob-peer2', 2, 11),
      type: 'clear',
      summary: 'clear',
      changes: [{ tokenId: successor, coin: 'UCT', before: '99.999999999989', after: null }],
      side: 'before',
    },
    {
      at: moment('bob-peer2.ndjson', 98, 'bob-peer2', 2, 13),
      type: 'balance',
      summary: `+100 UCT ${spent}`,
      changes: [{ tokenId: spent, coin: 'UCT', before: null, after: '100' }],
      side: 'after',
    },
  ],
};

/** What `replay explain` says of the story. */
export const explanation: Explanation = {
  run: 'run-1',
  finding: {
    ...(resurrected.findings[0] as Finding),
    stage: { after: 'durable', before: 'received', decides: 'a replication line of bob-peer2 that names e17' },
  },
  lines: [
    line('bob-peer1', 412, `writes e17: spends ${spent}, makes ${successor}`),
    line('bob-peer1', 413, `moves ${spent} by -100 UCT`, {
      changes: [{ coin: 'UCT', before: { amount: '100', tokens: 1 }, after: { amount: '0', tokens: 0 } }],
    }),
    line('bob-peer1', 419, 'publishes snapshot s88, which claims e17 and does not contain it', {
      evidence: true,
      first: true,
    }),
    line('bob-peer2', 97, 'imports s88'),
    line('bob-peer2', 101, `moves ${spent} by +100 UCT`, {
      changes: [
        {
          coin: 'UCT',
          before: { amount: '99.999999999989', tokens: 1 },
          after: { amount: '199.999999999989', tokens: 2 },
        },
      ],
    }),
    line('bob-peer2', 102, 'shows 200 UCT', {
      changes: [
        {
          coin: 'UCT',
          before: { amount: '199.999999999989', tokens: 2 },
          after: { amount: '199.999999999989', tokens: 2 },
        },
      ],
    }),
  ],
  linesOmitted: 0,
  counterfactual: {
    sentence: 'had bob-peer2 applied e17, both would hold 99.999999999989 UCT in 1 token',
    outcome: 'agree',
    ledgers: [
      { device: 'bob-peer1', coin: 'UCT', amount: '99.999999999989', tokens: 1 },
      { device: 'bob-peer2', coin: 'UCT', amount: '99.999999999989', tokens: 1 },
    ],
    gone: ['F1', 'F2'],
    remaining: ['F4'],
  },
};

/** A report with little in it, to be filled. */
export function report({
  input: counts = {},
  ...parts
}: Partial<Omit<RunReport, 'input'>> & { readonly input?: Partial<InputSummary> }): RunReport {
  return {
    schema: 1,
    tool: { name: 'ledger-replay', version: '0.1.0' },
    run: 'run',
    verdict: 'held',
    input: input(counts),
    devices: [],
    clocks: [],
    checks: [],
    findings: [],
    roundTrips: null,
    ...parts,
  };
}

function input(counts: Partial<InputSummary>): InputSummary {
  return { files: 1, bytes: 0, events: 0, problems: [], problemsOmitted: 0, skipped: 0, ...counts };
}

function device(
  name: string,
  identity: string,
  events: number,
  balances: DeviceSummary['balances'],
  incarnations = 1,
): DeviceSummary {
  return { device: name, identity, incarnations, events, complete: true, balances };
}

function check(
  name: string,
  subject: string | null,
  verdict: CheckResult['verdict'],
  { reason = null, detail = null, lacks = null }: Partial<Pick<CheckResult, 'reason' | 'detail' | 'lacks'>> = {},
): CheckResult {
  return { name, subject, verdict, reason, detail, lacks };
}

/** A violation of bob-peer2's in UCT, but for what is given. */
export function finding(parts: Partial<Finding>): Finding {
  return {
    id: 'F1',
    code: 'undetermined',
    verdict: 'violated',
    check: 'ledgers-agree',
    identity: 'bob',
    device: 'bob-peer2',
    coin: 'UCT',
    tokenId: null,
    effect: null,
    opId: null,
    detail: null,
    stage: null,
    blame: null,
    difference: null,
    message: 'something is wrong',
    at: null,
    evidence: [],
    consequences: 0,
    follows: null,
    ...parts,
  };
}

function side(name: string, incarnation: number, phase: string, amount: string, tokens: number): LedgerSide {
  return { device: name, incarnation, phase, amount, tokens };
}

function line(name: string, at: number, role: string, more: Partial<SliceLine> = {}): SliceLine {
  const place = { file: `${name}.ndjson`, line: at };
  return { ...place, device: name, incarnation: 1, seq: at, time: null, role, evidence: false, changes: [], ...more };
}

function moment(file: string, line: number, name: string, incarnation: number, seq: number): Moment {
  return { file, line, device: name, incarnation, seq, time: 1_780_178_596_123 };
}
