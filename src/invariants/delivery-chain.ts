import { type Amount, add, equal } from '../base/amount.ts';
import { byText, getOrCreate, sortedEntries } from '../base/order.ts';
import type { ReplayEvent } from '../events/event.ts';
import type { HistoryEvent } from '../replay/causal-order.ts';
import type { Mark } from '../replay/mark.ts';
import { endOf, type Hole } from '../replay/projections/captures.ts';
import { type Effect, newPhase, type Passage, type Phase, type Replication } from '../replay/projections/delivery.ts';
import type { Forgotten } from '../replay/projections/settlement.ts';
import type { CaseFile } from './case-file.ts';
import { claimsOf, type EffectIndex, type Obligation, Reach } from './reach.ts';

/** What became of an effect on a device within one phase. */
export type Outcome =
  | { readonly kind: 'known'; readonly by: Known }
  | { readonly kind: 'lost'; readonly owed: Obligation }
  | { readonly kind: 'refused'; readonly line: Mark<ReplayEvent<'replication'>>; readonly selfFiltered: boolean }
  | { readonly kind: 'not-applied'; readonly arrived: Mark<ReplayEvent<'replication'>>; readonly owed: Obligation }
  | { readonly kind: 'hidden'; readonly hole: Hole | 'end' | 'unwritten' }
  | { readonly kind: 'pending' };

/** How a device came to know an effect, and the line after which its balances must show it. */
export interface Known {
  readonly how: 'written' | 'applied' | 'moved' | 'deduplicated' | 'contained' | 'implied';
  readonly since: Mark<HistoryEvent>;
}

/** A token of the identity, and the effects that brought it and took it away. */
export interface TokenLife {
  readonly tokenId: string;
  readonly coin: string | null;
  readonly amount: Amount | null;
  readonly births: readonly Effect[];
  readonly retirements: readonly Effect[];
}

/** The one phase of a device that logs nothing about effects and balances. */
const untouched: readonly Phase[] = [newPhase(null)];

interface MutableLife {
  readonly tokenId: string;
  coin: string | null;
  amount: Amount | null;
  readonly births: Effect[];
  readonly retirements: Effect[];
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
  private readonly lacksWrites: boolean;
  private readonly replication: Replication | undefined;
  private readonly byOrigin = new Map<string, Effect[]>();
  private readonly reaches = new Map<Phase, Reach>();
  private readonly implications = new Map<Phase, Reach>();
  private readonly index: EffectIndex;
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
    this.index = {
      byOrigin: (origin) => this.byOrigin.get(origin) ?? [],
      byId: (effect) => replication?.effects.get(effect),
    };
    this.tokens = this.tokenLives();
    this.lacksWrites = this.effects.some(({ write }) => write === null);
  }

  /** The devices of the identity, by name. */
  get devices(): readonly string[] {
    return (this.file.identities.get(this.identity) ?? []).map(({ device }) => device);
  }

  /** A device's phases, from one `clear` to the next; one phase where it never cleared. */
  phases(device: string): readonly Phase[] {
    return this.replication?.replicas.get(device)?.phases ?? untouched;
  }

  /** What became of an effect on a device, phase by phase. */
  outcome(effect: Effect, device: string): readonly Outcome[] {
    const ofEffect = getOrCreate(this.outcomes, effect, () => new Map());
    return getOrCreate(ofEffect, device, () => this.judge(effect, device));
  }

  /** Whether the device knew the effect in the same phase before a line of its own. */
  knewBefore(effect: Effect, { event, position }: Mark<HistoryEvent>): boolean {
    return this.phases(event.device).some((phase, index) => {
      const known = this.known(effect, event.device, phase, this.passage(effect, event.device, index));
      const inPhase =
        (phase.from?.position ?? 0) < position && position < (phase.until?.position ?? Number.POSITIVE_INFINITY);
      return inPhase && known !== null && known.since.position < position;
    });
  }

  /** What became of an effect on a device in its last phase: the one whose ledger is there at the end. */
  finalOutcome(effect: Effect, device: string): Outcome {
    return this.outcome(effect, device).at(-1) ?? { kind: 'pending' };
  }

  /** The passage of an effect through a device in one phase, if any line speaks of it. */
  passage(effect: Effect, device: string, phase: number): Passage | undefined {
    return effect.passages.get(device)?.find((passage) => passage.phase === phase);
  }

  /** What was settled and forgotten, so that it is counted all the same. */
  get forgotten(): Forgotten {
    return this.replication?.forgotten ?? { effects: 0, changes: 0, spent: 0, transfers: 0 };
  }

  /** How many effects the identity's logs name, the forgotten ones included. */
  get effectCount(): number {
    return this.effects.length + this.forgotten.effects;
  }

  /** Whether something that was forgotten may matter: then the run must be judged with everything retained. */
  get isDoubtful(): boolean {
    return this.forgotten.effects > 0 && (this.lacksWrites || (this.replication?.doubtful ?? false));
  }

  /** Whether the identity's balance lines name what caused them: only then is a line without a cause telling. */
  get namesCauses(): boolean {
    return (
      this.forgotten.changes > 0 ||
      this.effects.some(({ passages }) => [...passages.values()].flat().some(({ movements }) => movements.size > 0))
    );
  }

  /** Whether the writing of every effect that a frontier claims is in the logs. */
  knowsAllUpTo(frontier: Readonly<Record<string, number>>): boolean {
    return Object.keys(frontier).every((origin) => {
      const written = (this.byOrigin.get(origin) ?? []).filter((effect) => effect.write && covers(frontier, effect));
      return written.length >= (frontier[origin] ?? 0);
    });
  }

  /** Whether the device knew an effect of which nobody logged the writing, so that nobody knows what it does. */
  knowsUnwritten(device: string, phase: number): boolean {
    return this.effects.some((effect) => effect.write === null && this.passage(effect, device, phase) !== undefined);
  }

  /** By token, the balance lines of one phase of a device, in order. */
  tokenLines(device: string, phase: number): ReadonlyMap<string, readonly Mark<ReplayEvent<'balance'>>[]> {
    const { restored = new Map(), uncaused = new Map() } = this.phases(device)[phase] ?? {};
    const movements = [
      ...this.effects.map((effect) => this.passage(effect, device, phase)?.movements),
      ...restored.values(),
      uncaused,
    ];
    const byToken = new Map<string, Mark<ReplayEvent<'balance'>>[]>();
    for (const [tokenId, { lines }] of movements.flatMap((tokens) => [...(tokens ?? [])])) {
      getOrCreate(byToken, tokenId, () => []).push(...lines);
    }
    for (const lines of byToken.values()) lines.sort((left, right) => left.position - right.position);
    return byToken;
  }

  /** The snapshot's publish line, where it is in the logs. */
  published(snapshot: string): Mark<ReplayEvent<'publish'>> | undefined {
    return this.replication?.snapshots.get(snapshot);
  }

  /** Every snapshot whose publishing is in the logs, by id. */
  get snapshots(): readonly Mark<ReplayEvent<'publish'>>[] {
    return sortedEntries(this.replication?.snapshots ?? new Map()).map(([, mark]) => mark);
  }

  /** Where a snapshot was imported, by device, then in order. */
  importsOf(snapshot: string): readonly Mark<ReplayEvent<'import'>>[] {
    const imports = this.devices.flatMap((device) => this.phases(device).flatMap((phase) => phase.imports));
    return imports.filter(({ event }) => event.snapshot === snapshot);
  }

  /** The token by which an effect is best known: what it made for the identity, else what it spent. */
  tokenOf({ write }: Effect): { tokenId: string | undefined; coin: string | undefined } {
    const own = write?.event.outputs?.filter(({ owner }) => owner === undefined || owner === this.identity);
    const made = own?.find(({ tokenId }) => this.tokens.get(tokenId)?.retirements.length === 0) ?? own?.[0];
    const tokenId = made?.tokenId ?? write?.event.inputs?.[0];
    const coin = made?.coin ?? (tokenId === undefined ? undefined : this.tokens.get(tokenId)?.coin) ?? undefined;
    return { tokenId, coin };
  }

  /** Of several effects, the one whose absence shows most: what it made is still alive; else what it spent. */
  mostVisible(effects: readonly Effect[]): Effect | undefined {
    const leavesToken = ({ write }: Effect) =>
      write?.event.outputs?.some(({ tokenId }) => this.tokens.get(tokenId)?.retirements.length === 0) ?? false;
    return effects.find(leavesToken) ?? effects.find(({ write }) => write?.event.inputs?.length) ?? effects[0];
  }

  /** Whether a balance line says that the import restored a token which the effect made. */
  restoresTokenOf({ write }: Effect, phase: Phase, imported: Mark<ReplayEvent<'import'>>): boolean {
    const restored = phase.restored.get(imported.event.snapshot);
    return (write?.event.outputs ?? []).some(({ tokenId }) => restored?.has(tokenId));
  }

  /** Whether a snapshot that the device imported in this phase holds the effect, by its own word or by its frontier. */
  containedBy(effect: Effect, phase: Phase): Mark<ReplayEvent<'import'>> | 'unknown' | null {
    const brought = phase.imports.map((imported) => [imported, this.broughtBy(effect, phase, imported)] as const);
    const certain = brought.find(([, answer]) => answer === true);
    if (certain) return certain[0];
    return brought.some(([, answer]) => answer === 'unknown') ? 'unknown' : null;
  }

  /** Whether one import brought the effect; unknown where the snapshot's publishing is not in the logs. */
  broughtBy(effect: Effect, phase: Phase, imported: Mark<ReplayEvent<'import'>>): boolean | 'unknown' {
    const contents = this.contentsOf(imported);
    if (contents) return contents.has(effect.effect);
    const publish = this.published(imported.event.snapshot);
    if (!publish) return 'unknown';
    return covers(publish.event.frontier, effect) && this.isRestored(effect, phase, imported);
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
      const known = this.known(effect, device, phase, passage);
      if (known) return { kind: 'known', by: known };
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
      if (this.containedBy(effect, phase) === 'unknown' || this.isUnderWay(device, phase, owed))
        return { kind: 'pending' };
      if (this.impliesUnknown(device, phase)) return { kind: 'hidden', hole: 'unwritten' };
      const hole = this.hides(device, index, effect);
      if (hole) return { kind: 'hidden', hole };
      const arrived = passage?.received ?? passage?.deduplicated;
      if (arrived) return { kind: 'not-applied', arrived, owed };
      const healed = phases.some(
        (later, at) => at > index && this.known(effect, device, later, this.passage(effect, device, at)),
      );
      return healed ? { kind: 'pending' } : { kind: 'lost', owed };
    });
  }

  /** Whether a device that nobody stopped orderly did nothing more after the line that makes an effect owed. */
  private isUnderWay(device: string, phase: Phase, { by }: Obligation): boolean {
    const active = this.replication?.replicas.get(device)?.active ?? 0;
    return this.file.aborted && phase.until === null && active <= by.position;
  }

  /** Whether a head without its ancestors' lines was applied in a world where not every writing is in the logs. */
  private impliesUnknown(device: string, phase: Phase): boolean {
    return !this.implied(device, phase).isEmpty && this.lacksWrites;
  }

  /** The first line by which the device knew the effect in this phase. */
  private known(effect: Effect, device: string, phase: Phase, passage: Passage | undefined): Known | null {
    const contained = this.containedBy(effect, phase);
    const moved = [...(passage?.movements.values() ?? [])].flatMap(({ lines }) => lines.slice(0, 1));
    const ways: [Known['how'], Mark<HistoryEvent> | null | undefined][] = [
      ['written', passage?.written],
      ['applied', passage?.applied[0]],
      ['contained', contained === 'unknown' ? null : contained],
      ['implied', this.implied(device, phase).find(effect)?.by],
      ['moved', earliest(moved)],
      ['deduplicated', passage?.deduplicated],
    ];
    let first: Known | null = null;
    for (const [how, since] of ways) {
      if (since && (first === null || since.position < first.since.position)) first = { how, since };
    }
    return first;
  }

  private owed(effect: Effect, device: string, phase: number): Obligation | null {
    const { origin } = effect;
    if (origin === null) return null;
    const phases = this.phases(device);
    const claimed = this.reach(device, phases[phase] as Phase).find(effect);
    if (claimed) return claimed;
    const receiver = this.file.captures.get(device);
    const sender = this.file.captures.get(origin);
    if (phase !== phases.length - 1 || !receiver || !sender || this.file.cut) return null;
    const end = receiver.incarnations.at(-1)?.end;
    const quiescent = endOf(receiver) === 'quiescent' && endOf(sender) === 'quiescent';
    return quiescent && end ? { rule: 'quiescent', by: end } : null;
  }

  /** How far the device's own lines of this phase prove that it got with each origin. */
  private reach(device: string, phase: Phase): Reach {
    return getOrCreate(this.reaches, phase, () => {
      const index = this.phases(device).indexOf(phase);
      const applied = this.effects.flatMap((effect) => {
        const passage = this.passage(effect, device, index);
        const line = passage?.applied.find(({ event }) => event.headsOnly !== true);
        if (line) return claimsOf(effect, effect.originSeq - 1, { rule: 'follower-applied', by: line }, this.index);
        const { written } = passage ?? {};
        return written ? claimsOf(effect, 0, { rule: 'follower-applied', by: written }, this.index) : [];
      });
      const forgotten = claimsOfForgotten(phase.reached);
      const snapshots = [...this.claimedBy(phase.imports), ...this.claimedBy(phase.publishes)];
      return new Reach([...forgotten, ...applied, ...snapshots], this.index);
    });
  }

  private claimedBy(snapshots: readonly Mark<ReplayEvent<'import'> | ReplayEvent<'publish'>>[]) {
    return snapshots.flatMap((by) => {
      const rule = by.event.type === 'import' ? 'snapshot-imported' : 'snapshot-published';
      const frontier = this.published(by.event.snapshot)?.event.frontier ?? {};
      return Object.entries(frontier).map(([origin, originSeq]) => ({ origin, originSeq, by: { rule, by } as const }));
    });
  }

  /** What heads-only notices imply: every ancestor of such a head, which has no line of its own. */
  private implied(device: string, phase: Phase): Reach {
    return getOrCreate(this.implications, phase, () => {
      const index = this.phases(device).indexOf(phase);
      const claims = this.effects.flatMap((effect) => {
        const head = this.passage(effect, device, index)?.applied.find(({ event }) => event.headsOnly === true);
        return head ? claimsOf(effect, effect.originSeq - 1, { rule: 'follower-applied', by: head }, this.index) : [];
      });
      return new Reach([...claimsOfForgotten(phase.implied), ...claims], this.index);
    });
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
    const own = outputs.filter(({ owner }) => owner === undefined || owner === this.identity);
    if (this.restoresTokenOf(effect, phase, imported)) return true;
    const gains = inputs.map((tokenId) => restored?.get(tokenId)?.sum.units ?? 0n);
    if (gains.some((units) => units < 0n)) return true;
    if (gains.some((units) => units > 0n)) return false;
    const { device } = imported.event;
    const index = this.phases(device).indexOf(phase);
    const isGone = (retirement: Effect) =>
      covers(frontier, retirement) || this.hasLineBefore(retirement, device, index, imported);
    return own.every(({ tokenId }) => this.tokens.get(tokenId)?.retirements.some(isGone));
  }

  /** Whether a line of the device's own says, before another one, that it wrote, applied or booked the effect. */
  private hasLineBefore(effect: Effect, device: string, phase: number, { position }: Mark<HistoryEvent>): boolean {
    const { written, applied = [], movements } = this.passage(effect, device, phase) ?? {};
    const booked = [...(movements?.values() ?? [])].flatMap(({ lines }) => lines);
    return [...(written ? [written] : []), ...applied, ...booked].some((line) => line.position < position);
  }

  private hides(device: string, phase: number, effect: Effect, since?: Mark<HistoryEvent>): Hole | 'end' | null {
    const { coin } = this.tokenOf(effect);
    return this.file.holeThatHides(device, ['replication', 'balance', 'import'], {
      phase,
      since,
      cause: effect.write,
      coin,
    });
  }

  private tokenLives(): ReadonlyMap<string, TokenLife> {
    const lives = new Map<string, MutableLife>();
    const lifeOf = (tokenId: string): MutableLife =>
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
      if (effect.write === null) this.inferLives(effect, lifeOf);
    }
    return lives;
  }

  /** An effect whose writing is not in the logs brought what some device's balance gained by it, and took what one lost. */
  private inferLives(effect: Effect, lifeOf: (tokenId: string) => MutableLife): void {
    for (const passage of [...effect.passages.values()].flat()) {
      for (const [tokenId, { coin, sum }] of passage.movements) {
        const life = lifeOf(tokenId);
        life.coin ??= coin;
        const kind = sum.units > 0n ? life.births : life.retirements;
        if (!kind.includes(effect)) kind.push(effect);
      }
    }
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

function earliest<Line extends Mark>(lines: readonly Line[]): Line | undefined {
  return lines.reduce<Line | undefined>(
    (first, line) => (first && first.position <= line.position ? first : line),
    undefined,
  );
}

function claimsOfForgotten(claimed: Phase['reached']) {
  return [...claimed].map(([origin, { originSeq, by }]) => ({
    origin,
    originSeq,
    by: { rule: 'follower-applied', by } as const,
  }));
}

/** A device that skips a sibling's effect without another reason, or because it takes it for its own. */
function isSelfFilter({ action, reason }: ReplayEvent<'replication'>): boolean {
  return (
    action === 'skipped' &&
    (reason === undefined || /\b(own|self|same|mine|local|echo)\b/i.test(reason.replace(/[-_.]/g, ' ')))
  );
}
