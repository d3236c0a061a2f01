import { enableMapSet, enablePatches, type Patch, produceWithPatches } from 'immer';
import type { HistoryEvent } from './causal-order.ts';
import type { EventContext, Projection } from './projection.ts';

enableMapSet();
enablePatches();

/** One event, the states before and after it, and what it changed as immer patches. */
export interface Change<State> {
  readonly event: HistoryEvent;
  readonly before: State;
  readonly after: State;
  readonly patches: readonly Patch[];
}

const nothing: EventContext = {
  mark: () => {
    throw new Error('time travel has no causal clock');
  },
  read: () => {
    throw new Error('time travel runs one projection alone');
  },
  devicesOf: () => 1,
  retainsAll: true,
};

/**
 * Replays one projection and keeps its last states apart. Events older than `depth` change the state in place, at the
 * price of a bulk replay; only the newest are run under immer, each with its patches. The projection must need neither
 * marks nor other projections.
 */
export class TimeTravel<State> {
  private readonly projection: Projection<State>;
  private readonly depth: number;
  private readonly base: State;
  private readonly recent: HistoryEvent[] = [];

  constructor(projection: Projection<State>, depth: number) {
    this.projection = projection;
    this.depth = depth;
    this.base = projection.initial();
  }

  /** Takes an event that is to be travelled through. */
  take(event: HistoryEvent): void {
    this.recent.push(event);
    if (this.recent.length > this.depth) this.settle(this.recent.shift() as HistoryEvent);
  }

  /** Takes an event whose change nobody will ask for. */
  settle(event: HistoryEvent): void {
    run(this.projection, this.base, event);
  }

  /** The newest events, one by one, with what each changed; then `later`, which were not taken, likewise. */
  changes(later: readonly HistoryEvent[]): readonly Change<State>[] {
    const changes: Change<State>[] = [];
    let before = this.base;
    for (const event of [...this.recent, ...later]) {
      const [after, patches] = produceWithPatches(before, (draft) => run(this.projection, draft as State, event));
      changes.push({ event, before, after, patches });
      before = after;
    }
    return changes;
  }

  /** The state after every event taken. */
  state(): State {
    return this.changes([]).at(-1)?.after ?? this.base;
  }
}

function run<State>({ each, on }: Projection<State>, state: State, event: HistoryEvent): void {
  each?.(state, event, nothing);
  const handler = on[event.type] as ((state: State, event: HistoryEvent, context: EventContext) => void) | undefined;
  handler?.(state, event, nothing);
}
