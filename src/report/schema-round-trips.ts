import type {
  Attribution,
  BatchRace,
  Candidate,
  ConcurrencyLevel,
  CountSpread,
  Estimate,
  Hypothesis,
  KindCost,
  OperationCost,
  OperationInstance,
  RoundTrips,
  Spread,
  WhatIf,
  WhatIfOperation,
} from '../results-round-trips.ts';
import { count, list, nullable, number, object, position, type Schema, text } from './schema-parts.ts';

const ms = { type: 'number', minimum: 0, description: 'Milliseconds.' };
const share = { type: 'number', minimum: 0, maximum: 1 };
const op = { ...nullable(text), description: 'The name of the operation; null where only steps name it.' };

const place = {
  type: 'object',
  properties: { file: text, line: position, item: position },
  required: ['file'],
  anyOf: [{ required: ['line'] }, { required: ['item'] }],
};

const spread = object<Spread>({ count, meanMs: ms, p50Ms: ms, p95Ms: ms, maxMs: ms });
const counts = object<CountSpread>({ total: count, p50: count, p95: count, max: count });
const estimate = object<Estimate>({ value: number, low: number, high: number });
const kind = object<KindCost>({ kind: text, trips: count, retries: count, timeMs: ms });

const instanceKeys: Readonly<Record<keyof OperationInstance, Schema>> = {
  opId: text,
  op,
  device: text,
  writes: count,
  trips: { ...count, description: 'Round trips at their first attempt.' },
  retries: { ...count, description: 'Round trips at a later attempt.' },
  wallMs: nullable(ms),
  byKind: list(kind),
  from: nullable(place),
  to: nullable(place),
};
const instance = object<OperationInstance>(instanceKeys);

const attribution = object<Attribution>({
  byId: { ...count, description: 'Trips whose line names its operation.' },
  inferred: { ...count, description: 'Trips of the one operation that was open on the device.' },
  unattributed: count,
  share: nullable(share),
  toldTwice: count,
});

const cost = object<OperationCost>({
  op,
  operations: count,
  failed: count,
  unfinished: count,
  writes: counts,
  trips: counts,
  retries: count,
  inferred: count,
  byKind: list(kind),
  timeMs: { ...ms, description: 'Time in trips, summed: concurrent ones add up.' },
  wall: nullable(spread),
  waiting: { ...nullable(share), description: 'The share of wall time with at least one trip under way.' },
  overlap: { ...nullable(number), description: 'Time in trips over the union of their intervals.' },
  chain: nullable(object({ trips: count, timeMs: ms, instance })),
  worst: list(instance),
});

const candidate = object<Candidate>({
  id: { type: 'string', pattern: '^R[1-9][0-9]*$' },
  op,
  kind: text,
  operations: count,
  inRow: counts,
  fix: text,
  savedMs: ms,
  wallMs: ms,
  worst: object<Candidate['worst']>({ ...instanceKeys, inRow: count, savedMs: ms }),
});

const hypothesis = object<Hypothesis>({
  op,
  operations: count,
  answer: { enum: ['supported', 'not-supported', 'not-decided'] },
  perWriteMs: nullable(estimate),
  fixedMs: nullable(number),
  verifyMs: nullable(spread),
  reason: nullable(text),
});

const durable = nullable(object({ p50Ms: ms, maxMs: ms }));

const whatIf = object<WhatIf>({
  batching: text,
  seed: count,
  byOperation: list(
    object<WhatIfOperation>({
      op,
      operations: count,
      verifiesNow: count,
      verifiesThen: count,
      wallNowMs: ms,
      wallThenMs: estimate,
      durableNow: durable,
      durableThen: durable,
    }),
  ),
  races: list(
    object<BatchRace>({
      op,
      opId: nullable(text),
      device: text,
      snapshot: text,
      effect: text,
      effects: { ...count, description: 'How many effects of the snapshot would be late.' },
      lateMs: ms,
      at: place,
    }),
  ),
  racesOmitted: count,
});

/** The JSON Schema of `roundTrips` in a report. */
export const roundTripsSchema: Schema = object<RoundTrips>({
  operations: count,
  trips: count,
  retries: count,
  timeMs: ms,
  attribution,
  verify: nullable(spread),
  byOperation: list(cost),
  listed: list(instance),
  byKind: list(kind),
  unattributed: list(kind),
  candidates: list(candidate),
  hypotheses: list(hypothesis),
  concurrency: list(object<ConcurrencyLevel>({ from: position, to: position, time: spread })),
  whatIf: nullable(whatIf),
});
