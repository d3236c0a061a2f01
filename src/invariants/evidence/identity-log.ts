import { byText, getOrCreate, groupBy, sortedEntries } from '../../base/order.ts';
import type { ReplayEvent } from '../../events/event.ts';
import type { Mark } from '../../replay/mark.ts';
import type { Effect, Passage, Phase, Replication } from '../../replay/projections/delivery.ts';
import { type BalanceLine, type Movement, type Movements, movementsOf } from '../../replay/projections/movements.ts';
import { newPhase } from '../../replay/projections/replication.ts';
import type { Forgotten, Worth } from '../../replay/projections/settlement.ts';
import type { EffectIndex } from './reach.ts';
import { type TokenLife, tokenLives } from './token-lives.ts';

const unmoved: Movements = new Map();

/** The one phase of a device that logs nothing about effects and balances. */
const untouched: readonly Phase[] = [newPhase(null)];

/** By token, the lines that changed its balance on one device, in the device's order. */
export type TokenLines = ReadonlyMap<string, readonly BalanceLine[]>;

/** What the logs of one identity's devices say: effects, tokens, snapshots, and the lines about them. No judgement. */
export class IdentityLog implements EffectIndex {
  readonly identity: string;
  /** The devices of the identity, by name. */
  readonly devices: readonly string[];
  /** By origin, then in the origin's order. */
  readonly effects: readonly Effect[];
  readonly tokens: ReadonlyMap<string, TokenLife>;
  private readonly replication: Replication | undefined;
  private readonly ofOrigin: ReadonlyMap<string, readonly Effect[]>;
  private readonly lines = new Map<string, TokenLines>();
  private readonly moved = new Map<Passage, Movements>();

  constructor(identity: string, devices: readonly string[], replication: Replication | undefined) {
    this.identity = identity;
    this.devices = devices;
    this.replication = replication;
    // Each origin's effects come nearly in order, and all of them together do not.
    const byOrigin = groupBy(replication?.effects.values() ?? [], ({ origin }) => origin ?? '');
    for (const effects of byOrigin.values()) effects.sort(byOrder);
    this.effects = sortedEntries(byOrigin).flatMap(([, effects]) => effects);
    byOrigin.delete('');
    this.ofOrigin = byOrigin;
    this.tokens = tokenLives(identity, this.effects);
  }

  /** One device's effects, in its order. */
  byOrigin(origin: string): readonly Effect[] {
    return this.ofOrigin.get(origin) ?? [];
  }

  /** The effect of that id, where the logs name it. */
  byId(effect: string): Effect | undefined {
    return this.replication?.effects.get(effect);
  }

  /** Whether a token never came alive on a device, because a forgotten effect had spent it before. */
  isStillborn(tokenId: string, device: string): boolean {
    return this.replication?.stillborn.get(device)?.has(tokenId) ?? false;
  }

  /** Whether of what is forgotten nothing could be missing in what devices showed, and every snapshot that was taken over brought what it claims. */
  get isVouched(): boolean {
    return this.replication?.vouched ?? false;
  }

  /** Whether the logs name an effect and lack the line that wrote it, so that nobody knows what it does. */
  get lacksWrites(): boolean {
    return this.forgottenUnwritten > 0 || this.effects.some(({ write }) => write === null);
  }

  /** The newest line by which a device wrote, applied, published or imported, as a position. */
  activeUntil(device: string): number {
    return this.replication?.replicas.get(device)?.active ?? 0;
  }

  /** A device's phases, from one `clear` to the next; one phase where it never cleared. */
  phases(device: string): readonly Phase[] {
    return this.replication?.replicas.get(device)?.phases ?? untouched;
  }

  /** The passage of an effect through a device in one phase, if any line speaks of it. */
  passage(effect: Effect, device: string, phase: number): Passage | undefined {
    const replica = this.replication?.replicas.get(device);
    return effect.passages.find((passage) => passage.replica === replica && passage.phase === phase);
  }

  /** What the device's balance lines say that the effect changed in one phase. */
  movements(effect: Effect, device: string, phase: number): ReadonlyMap<string, Movement> {
    const passage = this.passage(effect, device, phase);
    return passage ? getOrCreate(this.moved, passage, () => movementsOf(passage.moved)) : unmoved;
  }

  /** Whether the device ever applied a head that stands for its ancestors. */
  appliesHeads(device: string): boolean {
    return this.replication?.replicas.get(device)?.heads ?? false;
  }

  private get forgottenUnwritten(): number {
    return this.replication?.unwritten.forgotten ?? 0;
  }

  /** What was settled and forgotten, so that it is counted all the same. */
  get forgotten(): Forgotten {
    return this.replication?.forgotten ?? { effects: 0, changes: 0, spent: 0, transfers: 0 };
  }

  /** What a forgotten effect put out for another identity. */
  forgottenSending(tokenId: string): Worth | undefined {
    return this.replication?.sent.get(tokenId);
  }

  /** How many effects the identity's logs name, the forgotten ones included. */
  get effectCount(): number {
    return this.effects.length + this.forgotten.effects;
  }

  /** Whether anything was forgotten at all. */
  get hasForgotten(): boolean {
    return this.forgotten.effects > 0 || this.everyPhase.some(({ passed }) => passed > 0);
  }

  private get everyPhase(): readonly Phase[] {
    return this.devices.flatMap((device) => this.phases(device));
  }

  /** Whether something that was forgotten may matter: then the run must be judged with everything retained. */
  get isDoubtful(): boolean {
    if (this.forgotten.effects === 0) return false;
    const takesOver = ({ imports }: Phase) => imports.length > 0;
    return (this.replication?.doubtful ?? false) || (this.lacksWrites && this.everyPhase.some(takesOver));
  }

  /**
   * Whether lines that bear on no effect were forgotten, or may stand for any: tokens that came and went without a cause, and
   * snapshots by which effects came to a device without a line of their own.
   */
  get isLoose(): boolean {
    const isLoose = ({ from, imports, passed }: Phase) => from !== null || imports.length > 0 || passed > 0;
    return (this.replication?.loose ?? false) || (!this.isVouched && this.everyPhase.some(isLoose));
  }

  /** Whether the identity's balance lines name what caused them: only then is a line without a cause telling. */
  get namesCauses(): boolean {
    return (
      this.forgotten.changes > 0 || this.effects.some(({ passages }) => passages.some(({ moved }) => moved.length > 0))
    );
  }

  /** Whether the writing of every effect that a frontier claims is in the logs. */
  knowsAllUpTo(frontier: Readonly<Record<string, number>>): boolean {
    return Object.keys(frontier).every((origin) => {
      const written = this.byOrigin(origin).filter((effect) => effect.write && covers(frontier, effect));
      return written.length >= (frontier[origin] ?? 0);
    });
  }

  /** Whether the device knew an effect of which nobody logged the writing, so that nobody knows what it does. */
  knowsUnwritten(device: string, phase: number): boolean {
    const { imports = [], knewUnwritten = false } = this.phases(device)[phase] ?? {};
    const listed = imports.flatMap(
      ({ event }) => event.contents ?? this.published(event.snapshot)?.event.contents ?? [],
    );
    // What is listed and forgotten was written: a list of anything else than was claimed makes the log doubtful.
    const isUnwritten = (effect: string) => {
      const named = this.byId(effect);
      return named ? named.write === null : this.forgotten.effects === 0;
    };
    return (
      knewUnwritten ||
      listed.some(isUnwritten) ||
      this.effects.some((effect) => effect.write === null && this.passage(effect, device, phase) !== undefined)
    );
  }

  /** The balance lines of one phase of a device. */
  tokenLines(device: string, phase: number): TokenLines {
    return getOrCreate(this.lines, `${phase} ${device}`, () => this.linesOf(null, device, phase));
  }

  /** The same of some tokens alone, gathered anew each time; `null` for all. `effects`: those that may have moved them, in order. */
  linesOf(
    tokens: ReadonlySet<string> | null,
    device: string,
    phase: number,
    effects: readonly Effect[] = this.effects,
  ): TokenLines {
    const byToken = new Map<string, BalanceLine[]>();
    const take = (line: BalanceLine) => {
      const { tokenId } = line.event;
      if (tokens && !tokens.has(tokenId)) return;
      const ofToken = byToken.get(tokenId);
      if (ofToken) ofToken.push(line);
      else byToken.set(tokenId, [line]);
    };
    const { restored, uncaused } = this.phases(device)[phase] ?? {};
    for (const effect of effects) this.passage(effect, device, phase)?.moved.forEach(take);
    for (const movements of [...(restored?.values() ?? []), uncaused]) {
      for (const { lines } of movements?.values() ?? []) lines.forEach(take);
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
}

/** Whether a snapshot's frontier claims the effect. */
export function covers(frontier: Readonly<Record<string, number>>, { origin, originSeq }: Effect): boolean {
  return origin !== null && (frontier[origin] ?? 0) >= originSeq;
}

function byOrder(left: Effect, right: Effect): number {
  return left.originSeq - right.originSeq || byText(left.effect, right.effect);
}
