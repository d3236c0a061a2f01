/** The library: everything that the command does, typed. This is the package's only door. */
export type { Amount } from './base/amount.ts';
export { add, compareAmounts, formatAmount, parseAmount, subtract, zero } from './base/amount.ts';
export { ReplayError } from './base/errors.ts';
export type { AnswerCache } from './cache/answer-cache.ts';
export { type CheckOptions, checkBalances } from './check.ts';
export { type Additions, type Config, defineConfig, loadConfig } from './config.ts';
export type { EventInput, EventName, ReplayEvent } from './events/event.ts';
export type { EventRecord, MappedLine, MappingFunction } from './events/mapping/function-mapping.ts';
export type { Mapping } from './events/mapping/mapping.ts';
export { loadMapping, parseMapping } from './events/mapping/parse-mapping.ts';
export type { EventBatch, LogReader, LogSource, ReadContext, SourceHead } from './events/reader.ts';
export { defineReader, type LineFormat, type LineParser } from './events/readers/line-reader.ts';
export {
  createRecorder,
  createSink,
  type EventMethods,
  type MappedEvent,
  type Recorder,
  type RecorderOptions,
  type RecordInput,
  RefusedEvent,
  type Sink,
  type SinkMapping,
} from './events/recorder/index.ts';
export { type ExplainOptions, explainFinding } from './explain.ts';
export { type ExportOptions, type ExportSummary, exportRun } from './export.ts';
export { type FollowOptions, followBalances } from './follow.ts';
export { inspectRuns } from './inspect.ts';
export type { CaseFile } from './invariants/evidence/case-file.ts';
export { invariants } from './invariants/index.ts';
export { defineInvariant, type FindingDraft, type Invariant, type Judgement } from './invariants/invariant.ts';
export { type ReadOptions, type ReadRun, readRun } from './read.ts';
export type { Mark } from './replay/mark.ts';
export {
  type AnyProjection,
  defineProjection,
  type EventContext,
  type Projection,
  type States,
} from './replay/projection.ts';
export { ledger } from './replay/projections/ledger.ts';
export type * from './results.ts';
export type {
  Counterfactual,
  Explanation,
  Held,
  LedgerChange,
  SliceLine,
} from './results-explanation.ts';
export type * from './results-round-trips.ts';
export type * from './results-top.ts';
export { type Budget, type Budgets, countRoundTrips, parseBudgets, type RoundTripOptions } from './round-trips.ts';
export type { Progress, RunOptions } from './run-options.ts';
export { type ShowOptions, showCut } from './show.ts';
export { type TopOptions, topCounters } from './top.ts';
