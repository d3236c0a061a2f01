import type { Place } from './results.ts';

/** What `replay round-trips` counts: plain data, and all that a reporter may see of it. Times are in milliseconds. */
export interface RoundTrips {
  /** Operations of the run, those nested in others included. */
  readonly operations: number;
  /** Round trips, `verify` and `request`, at their first attempt; `retries` are those at a later one. */
  readonly trips: number;
  readonly retries: number;
  /** Time in trips, summed: concurrent ones add up. */
  readonly timeMs: number;
  readonly attribution: Attribution;
  /** How long one verify takes; `null` where there is none. */
  readonly verify: Spread | null;
  /** Most time in trips first. */
  readonly byOperation: readonly OperationCost[];
  /** The operations that were asked for by name or id, most trips first; at most a hundred of each name. */
  readonly listed: readonly OperationInstance[];
  /** All trips of the run by kind, whether attributed or not; most trips first. */
  readonly byKind: readonly KindCost[];
  /** Trips of no operation, by kind. */
  readonly unattributed: readonly KindCost[];
  /** Like trips in a row that nothing in the log says must wait for each other; greatest saving first. */
  readonly candidates: readonly Candidate[];
  /** Whether the wall time of an operation grows with its writes, by operation name. */
  readonly hypotheses: readonly Hypothesis[];
  /** How long trips take while others are under way on the same device; empty where they never overlap. */
  readonly concurrency: readonly ConcurrencyLevel[];
  /** Present where it was asked for. */
  readonly whatIf: WhatIf | null;
}

/** By whose word trips belong to operations. Every line of a trip counts once, retries included. */
export interface Attribution {
  /** The line names its operation. */
  readonly byId: number;
  /** One operation alone was open on the device: at the line, or all the while by the clock. */
  readonly inferred: number;
  readonly unattributed: number;
  /** The attributed part, from 0 to 1; `null` where there are no trips. */
  readonly share: number | null;
  /** Trips that a device and a gateway both tell of, counted once. */
  readonly toldTwice: number;
}

/** A number of times, and where the middle and the worst of them lie. */
export interface Spread {
  readonly count: number;
  readonly meanMs: number;
  readonly p50Ms: number;
  readonly p95Ms: number;
  readonly maxMs: number;
}

/** The middle and the worst of a number of counts. */
export interface CountSpread {
  readonly total: number;
  readonly p50: number;
  readonly p95: number;
  readonly max: number;
}

/** Round trips of one kind. */
export interface KindCost {
  /** `verify`, or the kind of a request. */
  readonly kind: string;
  readonly trips: number;
  readonly retries: number;
  readonly timeMs: number;
}

/** All operations of one name. */
export interface OperationCost {
  /** `null` for operations that steps name and no `op.start` or `op.end`. */
  readonly op: string | null;
  readonly operations: number;
  readonly failed: number;
  /** Operations that never ended in this log. */
  readonly unfinished: number;
  readonly writes: CountSpread;
  readonly trips: CountSpread;
  readonly retries: number;
  /** Trips and retries that belong to them by inference. */
  readonly inferred: number;
  readonly byKind: readonly KindCost[];
  /** Time in trips, summed. */
  readonly timeMs: number;
  /** Of operations that ended. */
  readonly wall: Spread | null;
  /** The share of wall time with at least one trip under way, from 0 to 1. */
  readonly waiting: number | null;
  /** Time in trips over the union of their intervals: 1 where they go one after the other. */
  readonly overlap: number | null;
  /** The longest chain of trips that wait for each other in one operation. */
  readonly chain: { readonly trips: number; readonly timeMs: number; readonly instance: OperationInstance } | null;
  /** Those with most trips. */
  readonly worst: readonly OperationInstance[];
}

/** One operation and its lines. */
export interface OperationInstance {
  readonly opId: string;
  readonly op: string | null;
  readonly device: string;
  readonly writes: number;
  readonly trips: number;
  readonly retries: number;
  readonly wallMs: number | null;
  readonly byKind: readonly KindCost[];
  readonly from: Place | null;
  readonly to: Place | null;
}

/** Like trips in a row within operations of one name. A candidate: the log shows no need to wait, the code may know one. */
export interface Candidate {
  /** `R1`, `R2`, … */
  readonly id: string;
  readonly op: string | null;
  readonly kind: string;
  /** Operations that show it, and how many trips they have in a row. */
  readonly operations: number;
  readonly inRow: CountSpread;
  /** What to do, in a sentence. */
  readonly fix: string;
  /** Time that the trips would not take one after the other, over all these operations, and the wall time of these. */
  readonly savedMs: number;
  readonly wallMs: number;
  readonly worst: OperationInstance & { readonly inRow: number; readonly savedMs: number };
}

/** A number, and the interval in which it lies with 95 % confidence. */
export interface Estimate {
  readonly value: number;
  readonly low: number;
  readonly high: number;
}

/** Whether wall = a + b · writes, for operations of one name. */
export interface Hypothesis {
  readonly op: string | null;
  /** Operations that ended and were looked at. */
  readonly operations: number;
  readonly answer: 'supported' | 'not-supported' | 'not-decided';
  /** Milliseconds per write; `null` where nothing can be fitted. */
  readonly perWriteMs: Estimate | null;
  readonly fixedMs: number | null;
  /** The verify round trip that the slope is held against: of these operations, else of the run. */
  readonly verifyMs: Spread | null;
  /** Why it is not decided or not supported, as a clause. */
  readonly reason: string | null;
}

/** How long trips took that began while so many were under way on their device, themselves included. */
export interface ConcurrencyLevel {
  readonly from: number;
  readonly to: number;
  readonly time: Spread;
}

/** The recorded operations with their verifies batched. An upper bound: nothing but the verifies changes. */
export interface WhatIf {
  /** As it was asked: `window=50ms`, `op`, `blocks`. */
  readonly batching: string;
  readonly seed: number;
  readonly byOperation: readonly WhatIfOperation[];
  /** Snapshots that have to wait for a batch to be durable; published without waiting, each is a snapshot race. */
  readonly races: readonly BatchRace[];
  /** Races beyond those listed. */
  readonly racesOmitted: number;
}

/** Operations of one name, as recorded and with their writes batched. */
export interface WhatIfOperation {
  readonly op: string | null;
  /** Operations that were replayed: those that ended, with times on their lines. */
  readonly operations: number;
  readonly verifiesNow: number;
  readonly verifiesThen: number;
  /** Median wall time per operation. */
  readonly wallNowMs: number;
  readonly wallThenMs: Estimate;
  /** How long a write waits to be durable: the middle and the worst. */
  readonly durableNow: { readonly p50Ms: number; readonly maxMs: number } | null;
  readonly durableThen: { readonly p50Ms: number; readonly maxMs: number } | null;
}

/**
 * A snapshot that claims writes, was published when they were durable, and must wait for their batch to be so: published without
 * waiting, it is a snapshot race. In the replay the operation that publishes it waits.
 */
export interface BatchRace {
  /** The operation that publishes; `null` for a snapshot of no operation, or of one that was not replayed. */
  readonly op: string | null;
  readonly opId: string | null;
  readonly device: string;
  readonly snapshot: string;
  /** The write that would be durable last; of a batch, its first. */
  readonly effect: string;
  /** How many writes the snapshot would claim too early. */
  readonly effects: number;
  /** How much later than the publish the effect would be durable, with the slowest verification that was recorded. */
  readonly lateMs: number;
  readonly at: Place;
}
