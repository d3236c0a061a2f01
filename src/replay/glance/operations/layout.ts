import { type ColumnPlan, cellOf, type Wants } from '../../../events/columns/wants.ts';

/** What operations need of their lines. */
export const operationWants = {
  'op.start': ['op', 'parentOpId', 'opId'],
  'op.end': ['op', 'ok', 'durationMs', 'opId'],
  write: ['effect', 'originSeq', 'key', 'durationMs', 'bytes', 'cid', 'deps', 'inputs', 'outputs', 'kind', 'opId'],
  verify: ['effect', 'cid', 'gateway', 'attempt', 'ok', 'durationMs', 'opId'],
  request: ['kind', 'requestId', 'attempt', 'ok', 'durationMs', 'bytes', 'blocks', 'opId'],
} as const satisfies Wants;

/** What is read of a log whose round trips are counted: what operations need, what each device holds in the end, and when messages came. */
export const roundTripWants = {
  ...operationWants,
  replication: ['effect', 'origin', 'originSeq'],
  balance: ['tokenId', 'coin', 'delta'],
  'device.end': 'whole',
  publish: 'whole',
  import: 'whole',
  clear: 'whole',
} as const satisfies Wants;

/** Where the fields of all these lines stand in the rows of a plan. */
export function roundTripCells(plan: ColumnPlan) {
  const { kinds } = plan;
  return {
    operations: operationCells(plan),
    replication: {
      kind: kinds.get('replication') as number,
      effect: cellOf(plan, 'replication', 'effect'),
      origin: cellOf(plan, 'replication', 'origin'),
      originSeq: cellOf(plan, 'replication', 'originSeq'),
    },
    balance: {
      kind: kinds.get('balance') as number,
      token: cellOf(plan, 'balance', 'tokenId'),
      coin: cellOf(plan, 'balance', 'coin'),
      delta: cellOf(plan, 'balance', 'delta'),
    },
  } as const;
}

/** Where they stand. */
export type RoundTripCells = ReturnType<typeof roundTripCells>;

/** Where the fields of operations' lines stand in the rows of a plan. */
export function operationCells(plan: ColumnPlan) {
  const kindOf = (type: keyof typeof operationWants) => plan.kinds.get(type) as number;
  const trip = (type: 'verify' | 'request') => ({
    kind: kindOf(type),
    attempt: cellOf(plan, type, 'attempt'),
    ok: cellOf(plan, type, 'ok'),
    durationMs: cellOf(plan, type, 'durationMs'),
  });
  /** By kind; 0 where lines of the kind are none of these. */
  const opId = plan.types.map(({ name }) => (name in operationWants ? cellOf(plan, name, 'opId') : 0));
  return {
    opId,
    start: { kind: kindOf('op.start'), parentOpId: cellOf(plan, 'op.start', 'parentOpId') },
    end: {
      kind: kindOf('op.end'),
      op: cellOf(plan, 'op.end', 'op'),
      ok: cellOf(plan, 'op.end', 'ok'),
      durationMs: cellOf(plan, 'op.end', 'durationMs'),
    },
    write: {
      kind: kindOf('write'),
      effect: cellOf(plan, 'write', 'effect'),
      originSeq: cellOf(plan, 'write', 'originSeq'),
      cid: cellOf(plan, 'write', 'cid'),
    },
    verify: { ...trip('verify'), effect: cellOf(plan, 'verify', 'effect'), cid: cellOf(plan, 'verify', 'cid') },
    request: { ...trip('request'), word: cellOf(plan, 'request', 'kind') },
  } as const;
}

/** Where the fields of operations' lines stand. */
export type OperationCells = ReturnType<typeof operationCells>;
