import { equal } from '../../base/amount.ts';
import { getOrCreate } from '../../base/order.ts';
import type { ReplayEvent } from '../../events/event.ts';
import type { HistoryEvent } from '../../replay/causal-order.ts';
import type { Mark } from '../../replay/mark.ts';
import { endOf, type Hole } from '../../replay/projections/captures.ts';
import type { Effect, Passage, Phase, Replication } from '../../replay/projections/delivery.ts';
import { movementsOf } from '../../replay/projections/movements.ts';
import { readings } from '../../replay/projections/readings.ts';
import type { Claimed } from '../../replay/projections/settlement.ts';
import type { CaseFile } from './case-file.ts';
import { IdentityLog } from './identity-log.ts';
import { type Claim, claim, type Obligation, Reach } from './reach.ts';
import { Routine } from './routine.ts';
import { SnapshotHoldings } from './snapshot-holdings.ts';

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

/**
 * The way of each effect of one identity: written, sent, received, applied, visible in the balances.
 * Effects are facts, so a device's state is a set and needs no search for an order; what a device is owed follows from
 * how far it got with each origin. Cost: effects × devices.
 */
export class DeliveryChain extends IdentityLog {
  readonly holdings: SnapshotHoldings;
  private readonly file: CaseFile;
  private readonly reaches = new Map<Phase, Reach>();
  private readonly implications = new Map<Phase, Reach>();
  private readonly outcomes = new Map<Effect, Map<string, readonly Outcome[]>>();
  private ordinary: Routine | undefined;

  constructor(file: CaseFile, identity: string, replication: Replication | undefined) {
    super(identity, file.identities.get(identity)?.map(({ device }) => device) ?? [], replication);
    this.file = file;
    this.holdings = new SnapshotHoldings(
      this,
      file.logs('balance'),
      (effect, device, phase) => this.implied(device, phase).find(effect)?.by,
    );
  }

  /** A reading after a restart that the ledger does not confirm is held against every effect, also where nobody asks whether readings are right. */
  override get isDoubtful(): boolean {
    if (super.isDoubtful) return true;
    if (!this.isVouched && this.devices.some((device) => this.isMisread(device))) return true;
    return this.effects.some((effect) => this.receivesAnother(effect));
  }

  /** Whether an effect receives something else than a forgotten one of another identity sent. */
  private receivesAnother({ write }: Effect): boolean {
    const { kind, outputs = [] } = write?.event ?? {};
    if (kind !== 'receive') return false;
    const others = [...this.file.identities.keys()].filter((identity) => identity !== this.identity);
    return outputs.some(({ tokenId, coin, amount }) =>
      others.some((identity) => {
        const sent = this.file.chain(identity).forgottenSending(tokenId);
        return sent !== undefined && !(sent.coin === coin && equal(sent.amount, amount));
      }),
    );
  }

  /** Whether something that was durable before the device restarted may be missing in what it showed. */
  private isMisread(device: string): boolean {
    const { wrong = [], wrongLists = [] } = this.file.states.read(readings).get(device) ?? {};
    return [...wrong, ...wrongLists].some(({ read }) => read.event.incarnation > 1);
  }

  /** What went plainly by the book, and need not be asked about. */
  get routine(): Routine {
    this.ordinary ??= new Routine(this);
    return this.ordinary;
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

  private judge(effect: Effect, device: string): readonly Outcome[] {
    const phases = this.phases(device);
    return phases.map((phase, index): Outcome => {
      const passage = this.passage(effect, device, index);
      const known = this.known(effect, device, phase, passage);
      if (known) return { kind: 'known', by: known };
      const refusal = passage?.skipped ?? passage?.rejected ?? null;
      const isRetried = refusal !== null && (passage?.received?.position ?? 0) > refusal.position;
      // Where the history is cut, a new attempt may stand behind the cut; a device does not come back to what it skipped.
      if (this.file.cut && phase.until === null && passage?.rejected && !passage.skipped) return { kind: 'pending' };
      if (refusal && !isRetried && effect.origin !== device) {
        const hole = this.hides(device, index, effect);
        if (hole) return { kind: 'hidden', hole };
        return {
          kind: 'refused',
          line: refusal,
          selfFiltered: isSelfFilter(refusal.event),
        };
      }
      const owed: Obligation | null =
        refusal && isRetried ? { rule: 'refused', by: refusal } : this.owed(effect, device, index);
      if (!owed) return { kind: 'pending' };
      const arrived = passage?.received ?? passage?.deduplicated;
      const last = Math.max(owed.by.position, arrived?.position ?? 0);
      if (this.holdings.containedBy(effect, phase) === 'unknown' || this.isUnderWay(device, phase, last)) {
        return { kind: 'pending' };
      }
      if (this.impliesUnknown(device, phase)) return { kind: 'hidden', hole: 'unwritten' };
      const hole = this.hides(device, index, effect);
      if (hole) return { kind: 'hidden', hole };
      if (arrived) return { kind: 'not-applied', arrived, owed };
      const healed = phases.some(
        (later, at) => at > index && this.known(effect, device, later, this.passage(effect, device, at)),
      );
      return healed ? { kind: 'pending' } : { kind: 'lost', owed };
    });
  }

  /**
   * Whether a device that nobody stopped orderly did nothing more after the last line that bears on the effect: its log
   * ends with what it took over, and it took over nothing else since.
   */
  private isUnderWay(device: string, phase: Phase, last: number): boolean {
    const newest = this.file.captures.get(device)?.last.type;
    const wentOn = newest !== 'replication' && newest !== 'balance';
    return this.file.aborted && phase.until === null && !wentOn && this.activeUntil(device) <= last;
  }

  /** Whether a head without its ancestors' lines was applied in this phase, so that they are known without a line of their own. */
  impliesAny(device: string, phase: Phase): boolean {
    return !this.implied(device, phase).isEmpty;
  }

  /** Whether such a head was applied in a world where not every writing is in the logs. */
  private impliesUnknown(device: string, phase: Phase): boolean {
    return this.impliesAny(device, phase) && this.lacksWrites;
  }

  /** The first line by which the device knew the effect in this phase. */
  private known(effect: Effect, device: string, phase: Phase, passage: Passage | undefined): Known | null {
    const contained = this.holdings.containedBy(effect, phase);
    const moved = [...movementsOf(passage?.moved ?? []).values()].flatMap(({ lines }) => lines.slice(0, 1));
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
    const phases = this.phases(device);
    const claimed = this.reach(device, phases[phase] as Phase).find(effect);
    if (claimed) return claimed;
    const receiver = this.file.captures.get(device);
    const sender = this.file.captures.get(effect.origin ?? '');
    if (phase !== phases.length - 1 || !receiver || !sender || this.file.cut) return null;
    const end = receiver.incarnations.at(-1)?.end;
    const quiescent = endOf(receiver) === 'quiescent' && endOf(sender) === 'quiescent';
    return quiescent && end ? { rule: 'quiescent', by: end } : null;
  }

  /** How far the device's own lines of this phase prove that it got with each origin. */
  private reach(device: string, phase: Phase): Reach {
    return getOrCreate(this.reaches, phase, () => {
      const index = this.phases(device).indexOf(phase);
      const claims = leapsOf(phase.progress);
      for (const effect of this.effects) {
        const passage = this.passage(effect, device, index);
        const applied = passage?.applied.find((line) => !isHead(line));
        const line = applied ?? passage?.written;
        if (line) claim(claims, effect, applied ? effect.originSeq - 1 : 0, line, this);
      }
      const snapshots = [...this.claimedBy(phase.imports), ...this.claimedBy(phase.publishes)];
      return new Reach([...claims, ...snapshots], this);
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
      const claims: Claim[] = [];
      for (const effect of this.appliesHeads(device) ? this.effects : []) {
        const head = this.passage(effect, device, index)?.applied.find(isHead);
        if (head) claim(claims, effect, effect.originSeq - 1, head, this);
      }
      return new Reach([...claimsOfForgotten(phase.implied), ...claims], this);
    });
  }

  private hides(device: string, phase: number, effect: Effect): Hole | 'end' | null {
    const { coin } = this.tokenOf(effect);
    return this.file.holeThatHides(device, ['replication', 'balance', 'import'], {
      phase,
      cause: effect.write,
      coin,
    });
  }
}

function isHead({ event }: Mark<ReplayEvent<'replication'>>): boolean {
  return event.headsOnly === true;
}

function earliest<Line extends Mark>(lines: readonly Line[]): Line | undefined {
  return lines.reduce<Line | undefined>(
    (first, line) => (first && first.position <= line.position ? first : line),
    undefined,
  );
}

function leapsOf(progress: Phase['progress']): Claim[] {
  return [...progress].flatMap(([origin, { leaps }]) => leaps.map((leap) => claimOf(origin, leap)));
}

function claimsOfForgotten(claimed: Phase['implied']): Claim[] {
  return [...claimed].flatMap(([origin, { claims }]) => claims.map((head) => claimOf(origin, head)));
}

function claimOf(origin: string, { originSeq, by }: Claimed): Claim {
  return { origin, originSeq, by: { rule: 'follower-applied', by } };
}

/** A device that skips a sibling's effect without another reason, or because it takes it for its own. */
function isSelfFilter({ action, reason }: ReplayEvent<'replication'>): boolean {
  return (
    action === 'skipped' &&
    (reason === undefined || /\b(own|self|same|mine|local|echo)\b/i.test(reason.replace(/[-_.]/g, ' ')))
  );
}
