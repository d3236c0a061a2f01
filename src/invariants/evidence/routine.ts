import { isZero, negate } from '../../base/amount.ts';
import { type Change, firstLine, wentByTheBook } from '../../replay/projections/by-the-book.ts';
import type { Effect, Phase } from '../../replay/projections/delivery.ts';
import type { DeliveryChain } from './delivery-chain.ts';
import type { TokenLines } from './identity-log.ts';
import type { TokenLife } from './token-lives.ts';

/** An effect that may not have gone by the book on a device. */
export interface Deviation {
  readonly effect: Effect;
  readonly device: string;
}

/** By the place of an effect, the first line by which a device knew it, as a position; `NaN` where it is not plain there. */
type FirstLines = Float64Array;

/**
 * What went plainly by the book, so that invariants look at what is in dispute and not at everything. It only ever says
 * that nothing is to be found: whatever it does not vouch for is examined in full, and no answer depends on it.
 *
 * A device is plain where it was never cleared, took over no snapshot and applied no head for its ancestors: then it knows
 * an effect by the effect's own lines alone. An effect is plain on such a device where the device wrote or applied it and
 * booked each change that it says, once, and no other.
 */
export class Routine {
  /** In the order of the effects, then of the devices. Any other effect is known to a device, in its one phase, and booked as it says. */
  readonly deviations: readonly Deviation[];
  private readonly chain: DeliveryChain;
  private readonly byDevice: ReadonlyMap<string, FirstLines>;
  private doubtful: ReadonlyMap<string, ReadonlySet<string>> | undefined;

  constructor(chain: DeliveryChain) {
    this.chain = chain;
    this.byDevice = firstLines(chain);
    const deviations: Deviation[] = [];
    const devices = chain.devices.map((device) => [device, this.byDevice.get(device)] as const);
    for (const [place, effect] of chain.effects.entries()) {
      for (const [device, known] of devices) {
        if (!known || Number.isNaN(known[place])) deviations.push({ effect, device });
      }
    }
    this.deviations = deviations;
  }

  /**
   * The lines on a device of the tokens whose lives must be looked at, and of what those were spent for; of all tokens where
   * the device is not plain. Any other token there was made by one effect, and retired by one known later or not at all, both
   * of them plain, and no other line moves it.
   */
  doubtfulLines(device: string, phase: number): TokenLines {
    const known = this.byDevice.get(device);
    if (!known) return this.chain.tokenLines(device, phase);
    const deviating = this.chain.effects.filter((_, place) => Number.isNaN(known[place]));
    this.doubtful ??= this.doubtfulLives();
    const tokens = new Set(this.doubtful.get(device));
    for (const tokenId of this.chain.phases(device)[phase]?.uncaused.keys() ?? []) tokens.add(tokenId);
    for (const effect of deviating) {
      for (const { event } of this.chain.passage(effect, device, phase)?.moved ?? []) tokens.add(event.tokenId);
    }
    for (const tokenId of [...tokens]) {
      for (const { write } of this.chain.tokens.get(tokenId)?.retirements ?? []) {
        for (const successor of write?.event.outputs ?? []) tokens.add(successor.tokenId);
      }
    }
    if (tokens.size === 0) return new Map();
    const movers = new Set(deviating);
    for (const tokenId of tokens) {
      const { births = [], retirements = [] } = this.chain.tokens.get(tokenId) ?? {};
      for (const effect of [...births, ...retirements]) movers.add(effect);
    }
    const inOrder = this.chain.effects.filter((effect) => movers.has(effect));
    return this.chain.linesOf(tokens, device, phase, inOrder);
  }

  /** By plain device, the tokens that were not simply made, and retired later or not at all. */
  private doubtfulLives(): ReadonlyMap<string, ReadonlySet<string>> {
    const places = new Map<Effect, number>();
    for (const [place, effect] of this.chain.effects.entries()) places.set(effect, place);
    const doubtful = new Map([...this.byDevice.keys()].map((device) => [device, new Set<string>()]));
    const devices = [...this.byDevice].map(([device, known]) => [known, doubtful.get(device) as Set<string>] as const);
    for (const life of this.chain.tokens.values()) {
      const { births, retirements, tokenId } = life;
      const born = places.get(births[0] as Effect) ?? -1;
      const retired = retirements[0] && (places.get(retirements[0]) ?? -1);
      for (const [known, tokens] of devices) {
        const since = known[born] as number;
        const isPlain = retired === undefined ? !Number.isNaN(since) : since < (known[retired] as number);
        if (!isPlain || !isSimple(life)) tokens.add(tokenId);
      }
    }
    return doubtful;
  }
}

function isSimple({ births, retirements, amount }: TokenLife): boolean {
  return births.length === 1 && retirements.length < 2 && amount !== null && amount.units > 0n;
}

/** By plain device. */
function firstLines(chain: DeliveryChain): ReadonlyMap<string, FirstLines> {
  const byDevice = new Map<string, FirstLines>();
  for (const device of chain.devices.filter((each) => isPlainDevice(chain, each))) {
    byDevice.set(device, new Float64Array(chain.effects.length).fill(Number.NaN));
  }
  for (const [place, effect] of chain.effects.entries()) {
    const changes = changesOf(chain, effect);
    if (!changes) continue;
    for (const passage of effect.passages) {
      const known = byDevice.get(passage.replica.device);
      if (known && wentByTheBook(passage, changes)) known[place] = firstLine(passage);
    }
  }
  return byDevice;
}

function isPlainDevice(chain: DeliveryChain, device: string): boolean {
  const [phase, later] = chain.phases(device) as [Phase, Phase | undefined];
  if (later || phase.imports.length > 0 || phase.restored.size > 0) return false;
  return !chain.impliesAny(device, phase);
}

/** What the effect says that it changes, by token; `undefined` where it does not say it plainly. */
function changesOf(chain: DeliveryChain, { write }: Effect): ReadonlyMap<string, Change> | undefined {
  if (!write) return undefined;
  const { outputs = [], inputs = [] } = write.event;
  const changes = new Map<string, Change>();
  let said = 0;
  for (const { tokenId, coin, amount, owner } of outputs) {
    if ((owner !== undefined && owner !== chain.identity) || isZero(amount)) continue;
    changes.set(tokenId, { coin, delta: amount });
    said++;
  }
  for (const tokenId of inputs) {
    const life = chain.tokens.get(tokenId);
    if (!life?.amount || life.coin === null) return undefined;
    changes.set(tokenId, { coin: life.coin, delta: negate(life.amount) });
    said++;
  }
  return changes.size === said ? changes : undefined;
}
