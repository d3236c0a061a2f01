import { getOrCreate } from '../../base/order.ts';
import type { ReplayEvent } from '../../events/event.ts';
import type { Mark } from '../mark.ts';
import { defineProjection, type EventContext } from '../projection.ts';

/** A line by which a device certainly knew an effect from then on, until it is cleared. */
export interface Learned {
  readonly effect: string;
  readonly phase: number;
  readonly position: number;
}

/** What the devices of one identity wrote, and what each of them certainly knew of it. */
export interface Supply {
  /**
   * Whether a device logs `balance` lines, or more was written than is kept. Then its ledger is judged by those lines, and nothing is
   * kept here: bounded by the lines that a log without ledgers has.
   */
  dropped: 'ledgers' | 'size' | null;
  /** How many lines said something that is kept. */
  lines: number;
  readonly writes: Map<string, Mark<ReplayEvent<'write'>>>;
  /** By device, in order. */
  readonly learned: Map<string, Learned[]>;
  /** By device, how often it was cleared. */
  readonly phases: Map<string, number>;
  /** Effects that a line names as another device's, and snapshots that were taken over: what is not written or published here is unknown. */
  readonly named: Set<string>;
  readonly imported: Set<string>;
  readonly published: Set<string>;
}

/** More effects, or lines about them, are not kept: to hold readings against them would take longer than anybody waits. */
const mostEffects = 20_000;
const mostLines = 500_000;

/** By identity: the effects out of which its balances are made, where no `balance` line says what became of them. */
export const supply = defineProjection<Map<string, Supply>>({
  name: 'supply',
  initial: () => new Map(),
  on: {
    write(states, event, context) {
      const of = kept(states, event);
      if (!of || of.writes.has(event.effect)) return;
      of.writes.set(event.effect, context.mark(event));
      learn(of, event, [event.effect], context);
    },
    replication(states, event, context) {
      const of = kept(states, event);
      of?.named.add(event.effect);
      if (of && event.action === 'applied' && event.headsOnly !== true) learn(of, event, [event.effect], context);
    },
    publish(states, event) {
      kept(states, event)?.published.add(event.snapshot);
    },
    import(states, event, context) {
      const of = kept(states, event);
      of?.imported.add(event.snapshot);
      if (of) learn(of, event, event.contents ?? [], context);
    },
    clear(states, event) {
      const phases = kept(states, event)?.phases;
      phases?.set(event.device, (phases.get(event.device) ?? 0) + 1);
    },
    balance(states, event) {
      const of = supplyOf(states, event);
      if (event.stream === undefined && of.dropped !== 'ledgers') drop(of, 'ledgers');
    },
  },
});

function supplyOf(states: Map<string, Supply>, { identity }: { identity: string }): Supply {
  return getOrCreate(states, identity, newSupply);
}

/** What is known of an identity that wrote nothing. */
export function newSupply(): Supply {
  return {
    dropped: null,
    lines: 0,
    writes: new Map(),
    learned: new Map(),
    phases: new Map(),
    named: new Set(),
    imported: new Set(),
    published: new Set(),
  };
}

/** Where what a line says is kept; `undefined` for an observer's line, and where nothing is kept any more. */
function kept(
  states: Map<string, Supply>,
  event: { identity: string; stream: string | undefined },
): Supply | undefined {
  if (event.stream !== undefined) return undefined;
  const of = supplyOf(states, event);
  if (of.dropped === null && (of.writes.size > mostEffects || ++of.lines > mostLines)) drop(of, 'size');
  return of.dropped === null ? of : undefined;
}

function learn(of: Supply, event: ReplayEvent, effects: readonly string[], context: EventContext): void {
  const phase = of.phases.get(event.device) ?? 0;
  const learned = getOrCreate(of.learned, event.device, (): Learned[] => []);
  for (const effect of effects) learned.push({ effect, phase, position: context.mark(event).position });
}

function drop(of: Supply, why: 'ledgers' | 'size'): void {
  of.dropped = why;
  for (const each of [of.writes, of.learned, of.phases, of.named, of.imported, of.published]) each.clear();
}
