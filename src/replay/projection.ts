import { getOrCreate } from '../base/order.ts';
import { CausalClock } from './causal-clock.ts';
import type { HistoryEvent } from './causal-order.ts';
import type { Mark } from './mark.ts';

/** What a handler may ask for beside the state that it is lent. */
export interface EventContext {
  /** The event at hand as evidence: with what its device knew at that point. Costs an object, once per event. */
  mark<Event extends HistoryEvent>(event: Event): Mark<Event>;
  /** The state of a projection named in `uses`, as it is after the event at hand. */
  read<State>(projection: Projection<State>): State;
  /** How many devices the run has of an identity, as far as is known from the start. */
  devicesOf(identity: string): number;
  /** Whether a projection must keep what it could forget, because it was found to matter. */
  readonly retainsAll: boolean;
}

/** The functions of a projection by event type; also `gap`, `unknown` and `unreadable`, which are no types of the contract. */
export type Handlers<State> = {
  readonly [Type in HistoryEvent['type']]?: (
    state: State,
    event: Extract<HistoryEvent, { type: Type }>,
    context: EventContext,
  ) => void;
};

/**
 * A fold over a history: a state, and functions that change the state which they are lent. Who lends it decides the
 * price: in bulk it is the state itself, for time travel an immer draft. A state is made of objects, arrays and maps.
 */
export interface Projection<State> {
  readonly name: string;
  /** Projections whose state the handlers read. */
  readonly uses: readonly AnyProjection[];
  initial(): State;
  readonly on: Handlers<State>;
  /** Called for every event whatever its type, before the handler of its type. */
  readonly each?: ((state: State, event: HistoryEvent, context: EventContext) => void) | undefined;
}

/** A projection whatever its state: what a list of projections holds. */
export interface AnyProjection extends Pick<Projection<never>, 'name' | 'uses' | 'on' | 'each'> {
  initial(): unknown;
  /** The projection that this one stands in for: whoever asks for the state of that one gets the state of this. */
  readonly inPlaceOf?: AnyProjection | undefined;
}

/** Declares a projection. */
export function defineProjection<State>(
  projection: Omit<Projection<State>, 'uses'> & { readonly uses?: readonly AnyProjection[] },
): Projection<State> {
  return { uses: [], ...projection };
}

/** The states of projections, each found by the projection itself. */
export interface States {
  read<State>(projection: Projection<State>): State;
}

type Handler = (state: unknown, event: HistoryEvent, context: EventContext) => void;

/** A function of a projection, with the state that it is lent. */
interface Bound {
  readonly state: unknown;
  readonly handle: Handler;
}

/** Runs projections over events, one after the other. Each handler is found once by event type, not per event. */
class Machine implements States {
  protected readonly states = new Map<AnyProjection, unknown>();
  private readonly projections: readonly AnyProjection[];
  private readonly handlers = new Map<HistoryEvent['type'], readonly Bound[]>();
  private readonly context: EventContext;

  constructor(projections: readonly AnyProjection[], context: Omit<EventContext, 'read'>) {
    this.projections = withUsed(projections);
    for (const projection of this.projections) this.states.set(askedBy(projection), projection.initial());
    this.context = { ...context, read: (projection) => this.read(projection) };
  }

  /** Changes the states in place. */
  apply(event: HistoryEvent): void {
    for (const { state, handle } of this.handlersOf(event.type)) handle(state, event, this.context);
  }

  read<State>(projection: Projection<State>): State {
    const state = this.states.get(projection);
    if (state === undefined) throw new Error(`projection ${projection.name} is not part of this replay`);
    return state as State;
  }

  private handlersOf(type: HistoryEvent['type']): readonly Bound[] {
    return getOrCreate(this.handlers, type, () =>
      this.projections.flatMap((projection) => {
        const state = this.states.get(askedBy(projection));
        return handlersOf(projection, type).map((handle) => ({ state, handle }));
      }),
    );
  }
}

/** Runs projections over a history. */
export class Replayer extends Machine {
  private readonly clock: CausalClock;

  constructor(projections: readonly AnyProjection[], devicesOf: (identity: string) => number, retainsAll: boolean) {
    const clock = new CausalClock(devicesOf);
    super(projections, { mark: (event) => clock.mark(event), devicesOf, retainsAll });
    this.clock = clock;
  }

  override apply(event: HistoryEvent): void {
    this.clock.advance(event);
    super.apply(event);
  }
}

/** Runs projections over events that stand in no history: nobody can say what a device knew at one of them. */
export class Fold extends Machine {
  constructor(projections: readonly AnyProjection[], devicesOf: (identity: string) => number) {
    super(projections, { mark: unmarked, devicesOf, retainsAll: false });
  }

  /** These states, and others behind them. */
  over(others: States): States {
    return { read: (projection) => (this.states.has(projection) ? this : others).read(projection) };
  }
}

/** Runs projections over events that were picked out of a history, with their marks. None of them is to be forgotten. */
export class Retelling extends Machine {
  constructor(
    projections: readonly AnyProjection[],
    devicesOf: (identity: string) => number,
    marks: ReadonlyMap<HistoryEvent, Mark>,
  ) {
    const mark = <Event extends HistoryEvent>(event: Event) => marks.get(event) as Mark<Event>;
    super(projections, { mark, devicesOf, retainsAll: true });
  }
}

function unmarked(event: HistoryEvent): never {
  throw new Error(`${event.type}: an event outside of a history has no mark`);
}

function handlersOf({ each, on }: AnyProjection, type: HistoryEvent['type']): readonly Handler[] {
  return [each, on[type]].filter((handler) => handler !== undefined) as readonly unknown[] as readonly Handler[];
}

/** The object by which a projection's state is asked for. */
function askedBy(projection: AnyProjection): AnyProjection {
  return projection.inPlaceOf ?? projection;
}

/** The projections and all that they use, each once, the used ones first. */
function withUsed(projections: readonly AnyProjection[]): readonly AnyProjection[] {
  const ordered = new Map<AnyProjection, AnyProjection>();
  const visit = (projection: AnyProjection): void => {
    for (const used of projection.uses) visit(used);
    if (!ordered.has(askedBy(projection))) ordered.set(askedBy(projection), projection);
  };
  for (const projection of projections) visit(projection);
  return [...ordered.values()];
}
