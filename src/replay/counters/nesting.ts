import { getOrCreate } from '../../base/order.ts';
import { type Coverage, cover, coveredWithin, noCoverage } from './coverage.ts';
import type { Span } from './span.ts';

/** An operation of which the end was not yet read, or of which so far only its parts are known. */
export interface OpenOperation {
  /** `null` until a line of its own names it. */
  name: string | null;
  parent: string | undefined;
  /** When its parts were under way. */
  readonly parts: Coverage;
  /** Whether it has a parent or parts, and whether one of the parts cannot be placed in time. */
  nested: boolean;
  unplaced: boolean;
  /** How often what is asked about happened in it. */
  asked: number;
  /** Parts that wait for the operation's name, by which they are grouped. */
  readonly waiting: Call[];
}

/** A call on its way to the figures of its name. */
export interface Call {
  readonly span: Span;
  readonly selfUs: number | null;
  /** Whether the log says what it lies in, or what lies in it. */
  readonly nested: boolean;
  readonly hash: number;
}

/** The operations that are open in one log, by id; plain data. */
export interface Nesting {
  incarnation: number;
  readonly open: Map<string, OpenOperation>;
  /** Names of operations that ended lately, for parts that come late. */
  readonly ended: Map<string, string>;
  /** Whether open operations had to be forgotten, so that nothing more can be said of what lies in what. */
  forgot: boolean;
}

/** Beyond it, the operations that were opened first are forgotten: a log in which nothing ends must not fill the memory. */
const mostOpen = 10_000;
const mostEnded = 1_000;

/** A log in which nothing is open. */
export function newNesting(): Nesting {
  return { incarnation: 0, open: new Map(), ended: new Map(), forgot: false };
}

/** The open operation of this id; one that was never heard of is opened, because a log may tell of the parts first. */
export function openOperation(nesting: Nesting, opId: string): OpenOperation {
  return getOrCreate(nesting.open, opId, () => ({
    ...{ name: null, parent: undefined, nested: false, unplaced: false, asked: 0 },
    ...{ parts: noCoverage(), waiting: [] },
  }));
}

/** The operation opened first, taken out, where too many are open. */
export function forgetOldest(nesting: Nesting): OpenOperation | undefined {
  if (nesting.open.size <= mostOpen) return undefined;
  const [first] = nesting.open;
  if (first === undefined) return undefined;
  nesting.open.delete(first[0]);
  nesting.forgot = true;
  return first[1];
}

/** Takes an operation out that ended, and remembers its name for a while. */
export function closeOperation(nesting: Nesting, opId: string, name: string): void {
  nesting.open.delete(opId);
  nesting.ended.set(opId, name);
  if (nesting.ended.size <= mostEnded) return;
  const [oldest] = nesting.ended.keys();
  nesting.ended.delete(oldest as string);
}

/** Adds a part that is over. What ends after its operation was not waited for, and comes too late to count. */
export function addPart(operation: OpenOperation, { us, end }: Span): void {
  operation.nested = true;
  if (us === null) return;
  if (end === null) operation.unplaced = true;
  else cover(operation.parts, end - us, end);
}

/** The time of an operation in which none of its parts was under way; `null` where that cannot be known. */
export function selfOf({ unplaced, parts }: OpenOperation, { us, end }: Span): number | null {
  if (unplaced || us === null || parts.foldedUntil !== Number.NEGATIVE_INFINITY) return null;
  if (parts.starts.length === 0) return us;
  return end === null ? null : us - coveredWithin(parts, end - us, end);
}
