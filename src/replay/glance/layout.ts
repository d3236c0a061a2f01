import { cell, planColumns, type Wants } from '../../events/columns/wants.ts';

/** What a glance reads of a log, and a close look. Types that are not named are counted: they say nothing about ledgers. */
export const glanceWants = {
  write: ['effect', 'originSeq', 'kind', 'inputs', 'outputs', 'cid', 'deps'],
  replication: ['effect', 'origin', 'originSeq', 'action', 'headsOnly'],
  balance: ['tokenId', 'coin', 'delta', 'effect', 'snapshot'],
  verify: ['effect', 'cid', 'ok'],
  arbiter: ['tokenId'],
  'balance.read': ['coin', 'amount', 'tokens'],
  'tokens.read': 'whole',
  'device.end': 'whole',
  publish: 'whole',
  import: 'whole',
  clear: 'whole',
  assertion: 'whole',
} satisfies Wants;

/** How rows are laid out for both. */
export const glancePlan = planColumns(glanceWants);
const kindOf = (name: keyof typeof glanceWants): number => glancePlan.kinds.get(name) as number;
/** The kinds of the rows that a glance looks into. */
export const kinds = {
  write: kindOf('write'),
  replication: kindOf('replication'),
  balance: kindOf('balance'),
  verify: kindOf('verify'),
  arbiter: kindOf('arbiter'),
  read: kindOf('balance.read'),
};
const { field } = cell;
/** Where their fields stand. */
export const cells = {
  write: {
    ...{ effect: field, originSeq: field + 1, kind: field + 2 },
    ...{ inputs: field + 3, outputs: field + 4, cid: field + 5, deps: field + 6 },
  },
  replication: { effect: field, origin: field + 1, originSeq: field + 2, action: field + 3, headsOnly: field + 4 },
  balance: { token: field, coin: field + 1, delta: field + 2, effect: field + 3, snapshot: field + 4 },
  verify: { effect: field, cid: field + 1, ok: field + 2 },
  arbiter: { token: field },
  read: { coin: field, amount: field + 1, tokens: field + 2 },
} as const;
/** The actions of a replication line, as their cells hold them. */
export const action = { received: 1, applied: 2, skipped: 3, deduplicated: 4 } as const;
/** A flag that is true. */
export const flagged = 2;
