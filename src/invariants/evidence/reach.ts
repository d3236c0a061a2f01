import type { HistoryEvent } from '../../replay/causal-order.ts';
import type { Mark } from '../../replay/mark.ts';
import type { Effect } from '../../replay/projections/delivery.ts';

/** Why an effect is owed to a device. `by` is the line that proves it. */
export interface Obligation {
  readonly rule: 'refused' | 'follower-applied' | 'snapshot-imported' | 'snapshot-published' | 'quiescent';
  readonly by: Mark<HistoryEvent>;
}

/** From a line on, everything of one origin up to `originSeq` is claimed. */
interface Step {
  readonly originSeq: number;
  readonly by: Obligation;
}

/** A step of one origin, as one line proves it. */
export interface Claim extends Step {
  readonly origin: string;
}

/** Which effects an identity's logs name, in each origin's order, and by id. */
export interface EffectIndex {
  byOrigin(origin: string): readonly Effect[];
  byId(effect: string): Effect | undefined;
}

/**
 * How far one device's own lines prove that it got with each origin: one frontier per origin, which only grows, with
 * the line that moved it each time. What a claimed effect depends on is claimed by the same line.
 */
export class Reach {
  private readonly steps = new Map<string, Step[]>();

  /** `claims` in any order; the earliest line that claims an effect counts. */
  constructor(claims: readonly Claim[], effects: EffectIndex) {
    const followed = new Map<string, number>();
    for (const claim of claims.toSorted((left, right) => left.by.by.position - right.by.by.position)) {
      const open: Claim[] = [claim];
      for (let next = open.pop(); next; next = open.pop()) {
        if (this.extend(next)) open.push(...dependencies(next, effects, followed));
      }
    }
  }

  /** Whether anything is claimed at all. */
  get isEmpty(): boolean {
    return this.steps.size === 0;
  }

  /** The first line that claims the effect. */
  find({ origin, originSeq }: Effect): Obligation | undefined {
    return origin === null ? undefined : this.steps.get(origin)?.find((step) => step.originSeq >= originSeq)?.by;
  }

  private extend({ origin, originSeq, by }: Claim): boolean {
    const steps = this.steps.get(origin) ?? [];
    if ((steps.at(-1)?.originSeq ?? 0) >= originSeq) return false;
    steps.push({ originSeq, by });
    this.steps.set(origin, steps);
    return true;
  }
}

/** Adds what an applied or written effect claims: its origin's effects up to `originSeq`, and all that it depends on. */
export function claim(
  into: Claim[],
  effect: Effect,
  originSeq: number,
  line: Obligation['by'],
  effects: EffectIndex,
): void {
  const by: Obligation = { rule: 'follower-applied', by: line };
  if (effect.origin !== null) into.push({ origin: effect.origin, originSeq, by });
  if (effect.write?.event.deps) into.push(...dependenciesOf(effect, by, effects));
}

/** The claims that follow from newly claimed effects. `followed`: how far each origin's effects were followed already. */
function dependencies({ origin, originSeq, by }: Claim, effects: EffectIndex, followed: Map<string, number>): Claim[] {
  const ofOrigin = effects.byOrigin(origin);
  const claims: Claim[] = [];
  let next = followed.get(origin) ?? 0;
  for (; next < ofOrigin.length; next++) {
    const effect = ofOrigin[next] as Effect;
    if (effect.originSeq > originSeq) break;
    if (effect.write?.event.deps) claims.push(...dependenciesOf(effect, by, effects));
  }
  followed.set(origin, next);
  return claims;
}

function dependenciesOf({ write }: Effect, by: Obligation, effects: EffectIndex): Claim[] {
  return (write?.event.deps ?? []).flatMap((id) => {
    const dependency = effects.byId(id);
    return dependency?.origin ? [{ origin: dependency.origin, originSeq: dependency.originSeq, by }] : [];
  });
}
