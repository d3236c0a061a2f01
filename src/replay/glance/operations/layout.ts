import type { ColumnPlan, Wants } from '../../../events/columns/wants.ts';

/** What operations need of their lines. Where ledgers go by the book, nobody asks for more of the others than a glance. */
export const operationWants = {
  'op.start': ['op', 'parentOpId', 'opId'],
  'op.end': ['op', 'ok', 'durationMs', 'opId'],
  write: ['effect', 'originSeq', 'key', 'durationMs', 'bytes', 'cid', 'deps', 'inputs', 'outputs', 'kind', 'opId'],
  verify: ['effect', 'cid', 'gateway', 'attempt', 'ok', 'durationMs', 'opId'],
  request: ['kind', 'requestId', 'attempt', 'ok', 'durationMs', 'bytes', 'blocks', 'opId'],
} as const satisfies Wants;

type OperationLine = keyof typeof operationWants;

/** Where the fields of these lines stand in the rows of a plan. */
export function operationCells(plan: ColumnPlan) {
  const kindOf = (type: OperationLine) => plan.kinds.get(type) as number;
  const cellOf = <Type extends OperationLine>(type: Type, name: (typeof operationWants)[Type][number]): number => {
    const field = plan.types[kindOf(type)]?.fields.find((each) => each.name === name);
    if (!field) throw new Error(`${type} is laid out without ${name}`);
    return field.cell;
  };
  const trip = (type: 'verify' | 'request') => ({
    kind: kindOf(type),
    attempt: cellOf(type, 'attempt'),
    ok: cellOf(type, 'ok'),
    durationMs: cellOf(type, 'durationMs'),
  });
  /** By kind; 0 where lines of the kind are none of these. */
  const opId = plan.types.map(({ name }) => (name in operationWants ? cellOf(name as OperationLine, 'opId') : 0));
  return {
    opId,
    start: { kind: kindOf('op.start'), parentOpId: cellOf('op.start', 'parentOpId') },
    end: {
      kind: kindOf('op.end'),
      op: cellOf('op.end', 'op'),
      ok: cellOf('op.end', 'ok'),
      durationMs: cellOf('op.end', 'durationMs'),
    },
    write: { kind: kindOf('write'), effect: cellOf('write', 'effect'), cid: cellOf('write', 'cid') },
    verify: { ...trip('verify'), effect: cellOf('verify', 'effect'), cid: cellOf('verify', 'cid') },
    request: { ...trip('request'), word: cellOf('request', 'kind') },
  } as const;
}

/** Where the fields of operations' lines stand. */
export type OperationCells = ReturnType<typeof operationCells>;
