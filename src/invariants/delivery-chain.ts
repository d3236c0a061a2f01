import { type Amount, add, equal } from '../base/amount.ts';
import { byText, getOrCreate } from '../base/order.ts';
import type { ReplayEvent } from '../events/event.ts';
import type { HistoryEvent } from '../replay/causal-order.ts';
import type { Mark } from '../replay/mark.ts';
import { endOf, type Hole } from '../replay/projections/captures.ts';
import type { Effect, Passage, Phase, Replication } from '../replay/projections/delivery.ts';
import type { CaseFile } from './case-file.ts';

/** Why an effect is owed to a device. `by` is the line that proves it. */
export interface Obligation {
  readonly rule: 'refused' | 'follower-applied' | 'snapshot-imported' | 'snapshot-published' | 'quiescent';
  readonly by: Mark<HistoryEvent>;
}

/** What became of an effect on a device within one phase. */
export type Outcome =
  | { readonly kind: 'known'; readonly by: Known }
  | { readonly kind: 'lost'; readonly owed: Obligation }
  | { readonly kind: 'refused'; readonly line: Mark<ReplayEvent<'replication'>>; readonly selfFiltered: boolean }
  | { readonly kind: 'not-applied'; readonly arrived: Mark<HistoryEvent>; readonly owed: Obligation }
  | { readonly kind: 'hidden'; readonly hole: Hole | 'end' }
  | { readonly kind: 'pending' };

/** How a device came to know an effect, and the line after which its balances must show it. */
export interface Known {
  readonly how: 'written' | 'applied' | 'moved' | 'deduplicated' | 'contained' | 'implied';
  readonly since: Mark<HistoryEvent>;
}

/** How far a device's own lines prove that it got, by origin: everything up to `originSeq` is owed, for the reason given. */
interface Reach {
  originSeq: number;
  by: Obligation;
}

/** A token of the identity, and the effects that brought it and took it away. */
export interface TokenLife {
  readonly tokenId: string;
  readonly coin: string | null;
  readonly amount: Amount | null;
  readonly births: readonly Effect[];
  readonly retirements: readonly Effect[];
}

/**
 * The way of each effect of one identity: written, sent, received, applied, visible in the balances.
 * Effects are facts, so a device's state is a set and needs no search for an order; what a device is owed follows from
 * how far it got with each origin. Cost: effects × devices.
 */
export class DeliveryChain {
  readonly identity: string;
  readonly effects: readonly Effect[];
  readonly tokens: ReadonlyMap<string, TokenLife>;
  private readonly file: CaseFile;
  private readonly replication: Replication | undefined;
  private readonly byOrigin = new Map<string, Effect[]>();
  private readonly reaches = new Map<Phase, ReadonlyMap<string, Reach>>();
  private readonly implied = new Map<Phase, ReadonlyMap<string, Reach>>();
  private readonly contents = new Map<Mark, ReadonlySet<string> | null>();
  private readonly outcomes = new Map<Effect, Map<string, readonly Outcome[]>>();

  constructor(file: CaseFile, identity: string, replication: Replication | undefined) {
    this.file = file;
    this.identity = identity;
    this.replication = replication;
    this.effects = [...(replication?.effects.values() ?? [])].sort(byOrder);
    for (const effect of this.effects) {
      if (effect.origin !== null) getOrCreate(this.byOrigin, effect.origin, () => []).push(effect);
    }
    this.tokens = this.tokenLives();
  }

  /** The devices of the identity, by name. */
  get devices(): readonly string[] {
    return (this.file.identities.get(this.identity) ?? []).map(({ device }) => device);
  }

  /** A device's phases, from one `clear` to the next; one phase where it never cleared. */
  phases(device: string): readonly Phase[] {
    return this.replication?.replicas.get(device)?.phases ?? [];
  }

  /** What became of an effect on a device, phase by phase. */
  outcome(effect: Effect, device: string): readonly Outcome[] {
    const ofEffect = getOrCreate(this.outcomes, effect, () => new Map());
    return getOrCreate(ofEffect, device, () => this.judge(effect, device));
  }

  /** What became of an effect on a device in its last phase: the one whose ledger is there at the end. */
  finalOutcome(effect: Effect, device: string): Outcome {
    return this.outcome(effect, device).at(-1) ?? { kind: 'pending' };
  }

  /** The passage of an effect through a device in one phase, if any line speaks of it. */
  passage(effect: Effect, device: string, phase: number): Passage | undefined {
    return effect.passages.get(device)?.find((passage) => passage.phase === phase);
  }

  /** Whether the device knew an effect of which nobody logged the writing, so that nobody knows what it does. */
  knowsUnwritten(device: string, phase: number): boolean {
    return this.effects.some((effect) => effect.write === null && this.passage(effect, device, phase) !== undefined);
  }

  /** The balance lines of a device's last phase, in no particular order. */
  movementLines(device: string): readonly Mark<ReplayEvent<'balance'>>[] {
    const last = this.phases(device).length - 1;
    const phase = this.phases(device)[last];
    const movements = [
      ...this.effects.flatMap((effect) => [...(this.passage(effect, device, last)?.movements.values() ?? [])]),
      ...[...(phase?.restored.values() ?? [])].flatMap((tokens) => [...tokens.values()]),
      ...(phase?.uncaused.values() ?? []),
    ];
    return movements.flatMap(({ lines }) => lines);
  }

  /** The snapshot's publish line, where it is in the logs. */
  published(snapshot: string): Mark<ReplayEvent<'publish'>> | undefined {
    return this.replication?.snapshots.get(snapshot);
  }

  /** Whether a snapshot that the device imported in this phase holds the effect, by its own word or by its frontier. */
  containedBy(effect: Effect, phase: Phase): Mark<ReplayEvent<'import'>> | 'unknown' | null {
    let unknown = false;
    for (const imported of phase.imports) {
      const publish = this.published(imported.event.snapshot);
      const contents = this.contentsOf(imported);
      if (contents) {
        if (contents.has(effect.effect)) return imported;
      } else if (!publish) {
        unknown = true;
      } else if (covers(publish.event.frontier, effect) && this.isRestored(effect, phase, imported)) {
        return imported;
      }
    }
    return unknown ? 'unknown' : null;
  }

  /** The effects that an imported snapshot lists, by the import's own word or the publisher's; `null` where neither lists any. */
  contentsOf(imported: Mark<ReplayEvent<'import'>>): ReadonlySet<string> | null {
    return getOrCreate(this.contents, imported, () => {
      const listed = imported.event.contents ?? this.published(imported.event.snapshot)?.event.contents;
      return listed ? new Set(listed) : null;
    });
  }

  private judge(effect: Effect, device: string): readonly Outcome[] {
    const phases = this.phases(device);
    return phases.map((phase, index): Outcome => {
      const passage = this.passage(effect, device, index);
      const known = this.known(effect, phase, passage);
      if (known) return { kind: 'known', by: known };
      const isLast = index === phases.length - 1;
      const refusal = passage?.skipped ?? passage?.rejected ?? null;
      if (refusal && !(effect.origin === device && index === 0)) {
        const hole = this.hides(device, index, effect, refusal);
        if (hole) return { kind: 'hidden', hole };
        return {
          kind: 'refused',
          line: refusal,
          selfFiltered: effect.origin !== device && isSelfFilter(refusal.event),
        };
      }
      const owed = this.owed(effect, device, index);
      if (!owed) return { kind: 'pending' };
      if (this.containedBy(effect, phase) === 'unknown') return { kind: 'pending' };
      const hole = this.hides(device, index, effect);
      if (hole) return { kind: 'hidden', hole };
      const arrived = this.arrival(effect, device);
      if (!arrived) return { kind: 'lost', owed };
      return isLast ? { kind: 'not-applied', arrived, owed } : { kind: 'pending' };
    });
  }

  private known(effect: Effect, phase: Phase, passage: Passage | undefined): Known | null {
    const written = passage?.written;
    if (written) return { how: 'written', since: written };
    const applied = passage?.applied[0];
    if (applied) return { how: 'applied', since: applied };
    const contained = this.containedBy(effect, phase);
    if (contained && contained !== 'unknown') return { how: 'contained', since: contained };
    for (const { lines } of passage?.movements.values() ?? []) {
      if (lines[0]) return { how: 'moved', since: lines[0] };
    }
    if (passage?.deduplicated) return { how: 'deduplicated', since: passage.deduplicated };
    const implied = effect.origin === null ? undefined : this.impliedReach(phase).get(effect.origin);
    if (implied && implied.originSeq >= effect.originSeq) return { how: 'implied', since: implied.by.by };
    return null;
  }

  /** The first line that says that the effect ever reached the device, in whatever phase. */
  private arrival(effect: Effect, device: string): Mark<HistoryEvent> | null {
    for (const { written, received, applied, skipped, rejected, deduplicated } of effect.passages.get(device) ?? []) {
      const line = written ?? received ?? applied[0] ?? skipped ?? rejected ?? deduplicated;
      if (line) return line;
    }
    return null;
  }

  private owed(effect: Effect, device: string, phase: number): Obligation | null {
    const { origin, originSeq } = effect;
    if (origin === null) return null;
    const phases = this.phases(device);
    const reach = this.reach(device, phases[phase] as Phase).get(origin);
    if (reach && reach.originSeq >= originSeq) return reach.by;
    const receiver = this.file.captures.get(device);
    const sender = this.file.captures.get(origin);
    if (phase !== phases.length - 1 || !receiver || !sender || this.file.cut) return null;
    const end = receiver.incarnations.at(-1)?.end;
    const quiescent = endOf(receiver) === 'quiescent' && endOf(sender) === 'quiescent';
    return quiescent && end ? { rule: 'quiescent', by: end } : null;
  }

  /** How far the device's own lines of this phase prove that it got with each origin. */
  private reach(device: string, phase: Phase): ReadonlyMap<string, Reach> {
    return getOrCreate(this.reaches, phase, () => {
      const reach = new Map<string, Reach>();
      const index = this.phases(device).indexOf(phase);
      for (const effect of this.effects) {
        const passage = this.passage(effect, device, index);
        const applied = passage?.applied.find(({ event }) => event.headsOnly !== true);
        const by = applied ?? passage?.written;
        if (!by || effect.origin === null) continue;
        const obligation: Obligation = { rule: 'follower-applied', by };
        if (applied) extend(reach, effect.origin, effect.originSeq - 1, obligation);
        this.extendByDependencies(reach, effect, obligation);
      }
      for (const [marks, rule] of [
        [phase.imports, 'snapshot-imported'],
        [phase.publishes, 'snapshot-published'],
      ] as const) {
        for (const by of marks) {
          const frontier = this.published(by.event.snapshot)?.event.frontier ?? {};
          for (const origin of Object.keys(frontier)) extend(reach, origin, frontier[origin] ?? 0, { rule, by });
        }
      }
      this.close(reach);
      return reach;
    });
  }

  /** What heads-only notices imply: every ancestor of such a head, which has no line of its own. */
  private impliedReach(phase: Phase): ReadonlyMap<string, Reach> {
    return getOrCreate(this.implied, phase, () => {
      const reach = new Map<string, Reach>();
      for (const effect of this.effects) {
        for (const passages of effect.passages.values()) {
          for (const passage of passages) {
            const head = passage.applied.find(({ event }) => event.headsOnly === true);
            if (!head || effect.origin === null || this.phases(head.event.device)[passage.phase] !== phase) continue;
            const obligation: Obligation = { rule: 'follower-applied', by: head };
            extend(reach, effect.origin, effect.originSeq - 1, obligation);
            this.extendByDependencies(reach, effect, obligation);
          }
        }
      }
      this.close(reach);
      return reach;
    });
  }

  /** Follows dependencies until nothing new is reached: whatever an owed effect depends on is owed too. */
  private close(reach: Map<string, Reach>): void {
    const done = new Map<string, number>();
    for (let grown = true; grown; ) {
      grown = false;
      for (const [origin, { originSeq, by }] of [...reach].sort(([left], [right]) => byText(left, right))) {
        const effects = this.byOrigin.get(origin) ?? [];
        let next = done.get(origin) ?? 0;
        for (; next < effects.length && (effects[next] as Effect).originSeq <= originSeq; next++) {
          grown = this.extendByDependencies(reach, effects[next] as Effect, by) || grown;
        }
        done.set(origin, next);
      }
    }
  }

  private extendByDependencies(reach: Map<string, Reach>, effect: Effect, by: Obligation): boolean {
    let grown = false;
    for (const id of effect.write?.event.deps ?? []) {
      const dependency = this.replication?.effects.get(id);
      if (dependency?.origin) grown = extend(reach, dependency.origin, dependency.originSeq, by) || grown;
    }
    return grown;
  }

  /**
   * Whether an import without a list of contents brought the effect: each token that it made and the snapshot should
   * hold was restored by a balance line, and none that it spent. An effect without tokens is taken at the frontier's word.
   */
  private isRestored(effect: Effect, phase: Phase, imported: Mark<ReplayEvent<'import'>>): boolean {
    const frontier = this.published(imported.event.snapshot)?.event.frontier ?? {};
    const restored = phase.restored.get(imported.event.snapshot);
    if (!this.file.logs('balance')) return true;
    const { inputs = [], outputs = [] } = effect.write?.event ?? {};
    if (inputs.some((tokenId) => restored?.has(tokenId))) return false;
    return outputs.every(({ tokenId, owner }) => {
      if (owner !== undefined && owner !== this.identity) return true;
      const gone = this.tokens.get(tokenId)?.retirements.some((retirement) => covers(frontier, retirement));
      return gone || restored?.has(tokenId);
    });
  }

  private hides(device: string, phase: number, { write }: Effect, since?: Mark<HistoryEvent>): Hole | 'end' | null {
    return this.file.holeThatHides(device, ['replication', 'balance', 'import'], { phase, since, cause: write });
  }

  private tokenLives(): ReadonlyMap<string, TokenLife> {
    const lives = new Map<
      string,
      { coin: string | null; amount: Amount | null; births: Effect[]; retirements: Effect[] }
    >();
    const lifeOf = (tokenId: string) =>
      getOrCreate(lives, tokenId, () => ({ tokenId, coin: null, amount: null, births: [], retirements: [] }));
    for (const effect of this.effects) {
      for (const { tokenId, coin, amount, owner } of effect.write?.event.outputs ?? []) {
        if (owner !== undefined && owner !== this.identity) continue;
        const life = lifeOf(tokenId);
        life.coin ??= coin;
        life.amount ??= amount;
        life.births.push(effect);
      }
      for (const tokenId of effect.write?.event.inputs ?? []) lifeOf(tokenId).retirements.push(effect);
    }
    return lives as unknown as ReadonlyMap<string, TokenLife>;
  }
}

/** Whether a snapshot's frontier claims the effect. */
export function covers(frontier: Readonly<Record<string, number>>, { origin, originSeq }: Effect): boolean {
  return origin !== null && (frontier[origin] ?? 0) >= originSeq;
}

/** Whether an amount is another one taken `times` times. */
export function isMultiple(sum: Amount, amount: Amount, times: number): boolean {
  let multiple = amount;
  for (let index = 1; index < times; index++) multiple = add(multiple, amount);
  return equal(sum, multiple);
}

function byOrder(left: Effect, right: Effect): number {
  return (
    byText(left.origin ?? '', right.origin ?? '') ||
    left.originSeq - right.originSeq ||
    byText(left.effect, right.effect)
  );
}

function extend(reach: Map<string, Reach>, origin: string, originSeq: number, by: Obligation): boolean {
  const known = reach.get(origin);
  if (originSeq < 1 || (known && known.originSeq >= originSeq)) return false;
  reach.set(origin, { originSeq, by });
  return true;
}

/** A device that skips a sibling's effect without another reason, or because it takes it for its own. */
function isSelfFilter({ action, reason }: ReplayEvent<'replication'>): boolean {
  return (
    action === 'skipped' &&
    (reason === undefined || /\b(own|self|same|mine|local|echo)\b/i.test(reason.replace(/[-_.]/g, ' ')))
  );
}
