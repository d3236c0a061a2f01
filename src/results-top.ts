import type { InputSummary, ToolVersion, Verdict } from './results.ts';

/** What a figure was made from: aggregated counters, or lines that tell of one call each. */
export type CounterSource = 'counter' | 'op' | 'verify' | 'request' | 'write' | 'publish';

/** By what the rows of a table are kept apart, beside their names. */
export type CounterGrouping = 'counter' | 'device' | 'op' | 'section';

/** By which figure rows are ordered. */
export type CounterMeasure = 'total' | 'calls' | 'max';

/** Figures of one name. Times are milliseconds, exact to the microsecond. */
export interface CounterRow {
  readonly source: CounterSource;
  readonly name: string;
  readonly calls: number;
  /** Summed over calls; concurrent ones add up, so that it is no share of anything. */
  readonly totalMs: number;
  /** The time in which none of its recorded parts was under way; `null` where the log does not say what lies in what. */
  readonly selfMs: number | null;
  /** `null` where nothing was called. */
  readonly meanMs: number | null;
  /** `null` where there are no single calls, as in aggregated counters. */
  readonly p95Ms: number | null;
  /** The longest call; of a window that lies in several groups, each of them has it. */
  readonly maxMs: number;
  /** When any call was under way: on each device the union of the intervals, added over devices. */
  readonly busyMs: number;
  /** Whether `busyMs` is what it says, or the most that it can be, which is all that aggregated counters tell. */
  readonly busyExact: boolean;
  /** `busyMs` of the time for which processes ran; `null` where that is not known. */
  readonly busyShare: number | null;
  /** Windows or calls that lie in several groups, of which this one has its share by time. */
  readonly straddling: number;
  /** The summed time, over equal steps of the run's time. */
  readonly over: readonly number[];
}

/** A counter that counts and takes no time, such as bytes or blocks. */
export interface TallyRow extends Pick<CounterRow, 'source' | 'name' | 'straddling' | 'over'> {
  readonly count: number;
}

/** One table of figures. */
export interface CounterTable {
  /** The device, operation or section; `null` for the table of all, and for what belongs to none. */
  readonly group: string | null;
  /** For how long processes ran in it, added over processes. */
  readonly deviceMs: number;
  readonly timed: readonly CounterRow[];
  readonly counted: readonly TallyRow[];
  /** Rows beyond those that were asked for. */
  readonly omitted: { readonly timed: number; readonly counted: number };
}

/** A section of the scenario, and how much of it is accounted for. */
export interface SectionRow {
  /** `null` for what lies before the first section, and for a run without any. */
  readonly section: string | null;
  readonly title: string | null;
  /** By the clock of who tells the sections. */
  readonly wallMs: number;
  /** For how long processes ran in it, added over processes. */
  readonly deviceMs: number;
  /** When any single call was under way, added over devices. */
  readonly spansMs: number;
  /** The most that aggregated counters can have covered. */
  readonly countersMs: number;
  /** The least that no counter covers, and that neither a counter nor a single call does. */
  readonly uncountedMs: number;
  readonly unattributedMs: number;
  /** Counter windows that lie in this section and in others: they are shared out by time. */
  readonly straddling: number;
}

/** What a process did after its counters were dumped last: nobody counted it. */
export interface LostWindow {
  readonly device: string;
  readonly incarnation: number;
  /** From the last dump, or, where there was none, from its start, to its last line. */
  readonly unseenMs: number;
  /** Its usual window; `null` where it never dumped. */
  readonly windowMs: number | null;
  /** Summed time that is missing, if the process went on as before; `null` where there is no before. */
  readonly estimateMs: number | null;
}

/** How one thing grows with another. */
export type GrowthShape = 'linear' | 'quadratic' | 'grows' | 'falls' | 'flat' | 'not-decided';

/** Whether the figure of one name grows with what was asked about. */
export interface GrowthRow {
  readonly source: CounterSource;
  readonly name: string;
  readonly over: 'windows' | 'operations';
  readonly points: number;
  readonly shape: GrowthShape;
  /** By how much the figure rises where the other rises by one: milliseconds, or calls. With its interval; `null` where it has none. */
  readonly slope: { readonly value: number; readonly low: number; readonly high: number } | null;
  /** Of a quadratic one: the factor of the square. */
  readonly square: number | null;
  /** Why nothing is decided. */
  readonly reason: string | null;
}

/** The answer to `--against`. */
export interface GrowthAnswer {
  readonly against: string;
  readonly measure: CounterMeasure;
  /** Whether figures are per call, because the other is a ratio. */
  readonly perCall: boolean;
  /** How sure the intervals are: 0.99. */
  readonly level: number;
  readonly rows: readonly GrowthRow[];
}

/** One name on a side of an identity, and how often it occurs. */
export interface IdentityTerm {
  readonly term: string;
  /** `null` where no counter, request, operation or event has the name; then nothing is checked. */
  readonly kind: 'counter' | 'request' | 'op' | 'event' | 'number' | null;
  readonly count: number;
}

/** The answer to one `--check`. */
export interface IdentityAnswer {
  readonly identity: string;
  readonly verdict: Verdict;
  readonly left: { readonly count: number; readonly terms: readonly IdentityTerm[] };
  readonly right: { readonly count: number; readonly terms: readonly IdentityTerm[] };
  /** right − left. */
  readonly difference: number;
  readonly reason: string | null;
}

/** The answer to `replay top` for one run. */
export interface TopReport {
  readonly schema: 1;
  readonly tool: ToolVersion;
  readonly run: string;
  /** Of the identities; `null` where none was stated. */
  readonly verdict: Verdict | null;
  readonly input: InputSummary;
  readonly by: CounterMeasure;
  readonly grouping: CounterGrouping;
  /** From the first to the last moment in the logs, by the devices' own clocks. */
  readonly wallMs: number;
  /** For how long processes ran, added over processes. */
  readonly deviceMs: number;
  readonly processes: number;
  readonly windows: number;
  readonly tables: readonly CounterTable[];
  readonly sections: readonly SectionRow[];
  readonly lost: readonly LostWindow[];
  readonly growth: GrowthAnswer | null;
  readonly identities: readonly IdentityAnswer[];
}
