import { type Amount, add, compareAmounts, equal, formatAmount, isZero, subtract, zero } from '../../base/amount.ts';
import { byText, getOrCreate } from '../../base/order.ts';
import type { ReplayEvent } from '../../events/event.ts';
import { happensBefore, type Mark } from '../../replay/mark.ts';
import type { Showing } from '../../replay/projections/shown.ts';
import type { Supply } from '../../replay/projections/supply.ts';

type Written = Mark<ReplayEvent<'write'>>;

/** A token of the identity: what it is worth, and which effects made and retired it. */
export interface SuppliedToken {
  readonly tokenId: string;
  readonly coin: string;
  readonly amount: Amount;
  readonly births: readonly Written[];
  readonly retirements: readonly Written[];
}

/** What would make an impossible reading true: retired tokens that count again, on top of what the device could hold. */
export interface Explanation {
  /** Sets of retired tokens, the smallest there are; each of them alone explains the reading. */
  readonly sets: readonly (readonly SuppliedToken[])[];
  /** What the device would show without them. */
  readonly expected: Amount;
}

/** How many states of the identity are tried, at most, to explain one reading. */
const mostStates = 4096;

/** Which effects a device may have known, and which it certainly knew, when it showed something. */
interface Knowledge {
  readonly certain: ReadonlySet<Written>;
  readonly possible: ReadonlySet<Written>;
}

/**
 * What can be alive of an identity's tokens, by its effects alone. A device knows some of them, whichever, and its own;
 * an effect is known as a whole, so that a token and what it was spent for are never alive together.
 */
export class TokenSupply {
  readonly tokens: ReadonlyMap<string, SuppliedToken>;
  /** Tokens that were spent, and that no effect made. */
  readonly unborn: readonly string[];
  private readonly supply: Supply;
  private readonly effects: readonly Written[];
  private readonly byOrigin: ReadonlyMap<string, readonly Written[]>;

  constructor(identity: string, supply: Supply) {
    this.supply = supply;
    this.effects = [...supply.writes.values()].sort(
      ({ event: left }, { event: right }) => byText(left.device, right.device) || left.originSeq - right.originSeq,
    );
    const byOrigin = new Map<string, Written[]>();
    for (const effect of this.effects) getOrCreate(byOrigin, effect.event.device, () => []).push(effect);
    this.byOrigin = byOrigin;
    const { tokens, unborn } = collectTokens(identity, this.effects);
    this.tokens = tokens;
    this.unborn = unborn;
  }

  /** An origin whose own numbers say that an effect of it is not in the logs. */
  get originWithHole(): string | undefined {
    return [...this.byOrigin].find(([, effects]) => effects.at(-1)?.event.originSeq !== effects.length)?.[0];
  }

  /** Whether every token effect says what kind it is, so that none can have brought in or put out value unsaid. */
  get saysKinds(): boolean {
    return this.effects.every(({ event }) => event.kind !== undefined || !(event.inputs ?? event.outputs));
  }

  /**
   * The most of a coin that the device can have held when it showed this, whatever had reached it: of what an effect spends and
   * what it makes, the greater sum. An upper bound: of a chain of effects, each two may be taken apart.
   */
  most(device: string, { coin, first, phase }: Showing): Amount {
    const { certain, possible } = this.knowledge(device, first, phase);
    const alive = (token: SuppliedToken) =>
      token.coin === coin &&
      token.births.some((birth) => possible.has(birth)) &&
      !token.retirements.some((retirement) => certain.has(retirement));
    const counted = new Set<string>();
    let most = zero;
    const take = (tokens: readonly SuppliedToken[]) => {
      for (const { tokenId } of tokens) counted.add(tokenId);
      return tokens.reduce((sum, { amount }) => add(sum, amount), zero);
    };
    for (const effect of this.effects) {
      if (!possible.has(effect) || !effect.event.inputs?.length) continue;
      const fresh = (token: SuppliedToken | undefined): token is SuppliedToken =>
        token !== undefined && !counted.has(token.tokenId) && alive(token);
      const before = take(effect.event.inputs.map((id) => this.tokens.get(id)).filter(fresh));
      const after = take(
        (effect.event.outputs ?? [])
          .map(({ tokenId }) => this.tokens.get(tokenId))
          .filter((token): token is SuppliedToken => fresh(token) && token.births.length === 1),
      );
      most = add(most, compareAmounts(before, after) > 0 ? before : after);
    }
    const rest = [...this.tokens.values()].filter((token) => !counted.has(token.tokenId) && alive(token));
    return add(most, take(rest));
  }

  /**
   * Why a device may show this. Tried are the states in which it knows its own effects and a beginning of what each other device
   * wrote. `sets` holds one empty set where such a state is just what it shows, and none where nothing explains it.
   */
  explain(device: string, showing: Showing): Explanation {
    let best: readonly SuppliedToken[][] = [];
    let expected = zero;
    for (const known of this.states(device, showing)) {
      const found = this.explainBy(known, showing);
      if (!found || (best[0] && found.sets[0] && best[0].length < found.sets[0].length)) continue;
      if (best[0] && found.sets[0] && best[0].length > found.sets[0].length) best = [];
      expected = found.expected;
      best = [...best, ...found.sets.filter((set) => !best.some((other) => idsOf(other) === idsOf(set)))];
      if (best[0]?.length === 0) break;
    }
    return { sets: best, expected };
  }

  private explainBy(
    known: ReadonlySet<Written>,
    { coin, amount, tokens }: Showing,
  ): { sets: SuppliedToken[][]; expected: Amount } | undefined {
    let expected = zero;
    let ofCoin = 0;
    let ofAll = 0;
    const retired: SuppliedToken[] = [];
    for (const token of this.tokens.values()) {
      if (!token.births.some((birth) => known.has(birth))) continue;
      if (token.retirements.some((retirement) => known.has(retirement))) {
        if (token.coin === coin) retired.push(token);
        continue;
      }
      ofAll++;
      if (token.coin !== coin) continue;
      ofCoin++;
      expected = add(expected, token.amount);
    }
    const surplus = subtract(amount, expected);
    const counts = (size: number) => tokens === ofCoin + size || tokens === ofAll + size;
    if (isZero(surplus)) return counts(0) ? { sets: [[]], expected } : undefined;
    if (surplus.units < 0n) return undefined;
    const sets = counts(1) ? retired.filter((token) => equal(token.amount, surplus)).map((token) => [token]) : [];
    if (sets.length === 0 && counts(2)) sets.push(...pairs(retired, surplus));
    return sets.length > 0 ? { sets, expected } : undefined;
  }

  /** The states that the device may have been in: for each origin, what it wrote up to some point. */
  private states(device: string, { first, phase }: Showing): readonly ReadonlySet<Written>[] {
    const { certain, possible } = this.knowledge(device, first, phase);
    const prefixes = [...this.byOrigin.values()].map((effects) => {
      const reachable = effects.filter((effect) => possible.has(effect));
      const least = reachable.findLastIndex((effect) => certain.has(effect)) + 1;
      return { reachable, least, number: reachable.length - least + 1 };
    });
    const all = prefixes.reduce((product, { number }) => product * number, 1) > mostStates;
    let states: Written[][] = [[]];
    for (const { reachable, least, number } of prefixes) {
      const choices = all ? [reachable] : Array.from({ length: number }, (_, more) => reachable.slice(0, least + more));
      states = choices.flatMap((choice) => states.map((state) => [...state, ...choice]));
    }
    return states.map((state) => new Set(state));
  }

  private knowledge(device: string, read: Mark, phase: number): Knowledge {
    const learned = (this.supply.learned.get(device) ?? []).filter(
      (line) => line.phase === phase && line.position < read.position,
    );
    const certain = new Set(learned.flatMap(({ effect }) => this.supply.writes.get(effect) ?? []));
    return { certain, possible: new Set(this.effects.filter((effect) => !happensBefore(read, effect))) };
  }
}

function collectTokens(identity: string, effects: readonly Written[]) {
  const tokens = new Map<string, SuppliedToken & { births: Written[]; retirements: Written[] }>();
  for (const effect of effects) {
    for (const { tokenId, coin, amount, owner } of effect.event.outputs ?? []) {
      if (owner !== undefined && owner !== identity) continue;
      getOrCreate(tokens, tokenId, () => ({ tokenId, coin, amount, births: [], retirements: [] })).births.push(effect);
    }
  }
  const unborn = new Set<string>();
  for (const effect of effects) {
    for (const tokenId of effect.event.inputs ?? []) {
      const token = tokens.get(tokenId);
      if (token) token.retirements.push(effect);
      else unborn.add(tokenId);
    }
  }
  return { tokens, unborn: [...unborn].sort(byText) };
}

/** Every two of the tokens that make up the sum together. */
function pairs(tokens: readonly SuppliedToken[], sum: Amount): SuppliedToken[][] {
  const found: SuppliedToken[][] = [];
  const seen = new Map<string, SuppliedToken[]>();
  for (const token of tokens) {
    const rest = formatAmount(subtract(sum, token.amount));
    for (const other of seen.get(rest) ?? []) found.push([other, token]);
    getOrCreate(seen, formatAmount(token.amount), () => []).push(token);
  }
  return found;
}

function idsOf(tokens: readonly SuppliedToken[]): string {
  return tokens.map(({ tokenId }) => tokenId).join(' ');
}
