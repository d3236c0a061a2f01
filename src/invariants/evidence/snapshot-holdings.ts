import { getOrCreate } from '../../base/order.ts';
import type { ReplayEvent } from '../../events/event.ts';
import type { HistoryEvent } from '../../replay/causal-order.ts';
import type { Mark } from '../../replay/mark.ts';
import type { Effect, Phase } from '../../replay/projections/delivery.ts';
import { covers, type IdentityLog } from './identity-log.ts';

type Implied = (effect: Effect, device: string, phase: Phase) => Mark<HistoryEvent> | undefined;

/** What imported snapshots held: by the lists in their lines, or else by what their balance lines restored. */
export class SnapshotHoldings {
  private readonly log: IdentityLog;
  private readonly logsBalances: boolean;
  private readonly implied: Implied;
  private readonly contents = new Map<Mark, ReadonlySet<string> | null>();

  /**
   * `logsBalances`: whether the run has balance lines at all, without which an import is taken at its frontier's word.
   * `implied`: the heads-only notice by which a device knew an effect that has no line of its own.
   */
  constructor(log: IdentityLog, logsBalances: boolean, implied: Implied) {
    this.log = log;
    this.logsBalances = logsBalances;
    this.implied = implied;
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
    const publish = this.log.published(imported.event.snapshot);
    if (!publish) return 'unknown';
    return covers(publish.event.frontier, effect) && (this.log.isVouched || this.isRestored(effect, phase, imported));
  }

  /** The effects that an imported snapshot lists, by the import's own word or the publisher's; `null` where neither lists any. */
  contentsOf(imported: Mark<ReplayEvent<'import'>>): ReadonlySet<string> | null {
    return getOrCreate(this.contents, imported, () => {
      const listed = imported.event.contents ?? this.log.published(imported.event.snapshot)?.event.contents;
      return listed ? new Set(listed) : null;
    });
  }

  /**
   * Whether an import without a list of contents brought the effect: each token that it made and the snapshot should
   * hold was restored by a balance line, and none that it spent. An effect without tokens is taken at the frontier's word.
   */
  private isRestored(effect: Effect, phase: Phase, imported: Mark<ReplayEvent<'import'>>): boolean {
    const frontier = this.log.published(imported.event.snapshot)?.event.frontier ?? {};
    const restored = phase.restored.get(imported.event.snapshot);
    if (!this.logsBalances) return true;
    const { inputs = [], outputs = [] } = effect.write?.event ?? {};
    const own = outputs.filter(({ owner }) => owner === undefined || owner === this.log.identity);
    if (this.restoresTokenOf(effect, phase, imported)) return true;
    const gains = inputs.map((tokenId) => restored?.get(tokenId)?.sum.units ?? 0n);
    if (gains.some((units) => units < 0n)) return true;
    if (gains.some((units) => units > 0n)) return false;
    const { device } = imported.event;
    const index = this.log.phases(device).indexOf(phase);
    const isGone = (retirement: Effect) =>
      covers(frontier, retirement) ||
      this.hasLineBefore(retirement, device, index, imported) ||
      (this.implied(retirement, device, phase)?.position ?? Number.POSITIVE_INFINITY) < imported.position;
    return own.every(({ tokenId }) => this.log.tokens.get(tokenId)?.retirements.some(isGone));
  }

  /** Whether a line of the device's own says, before another one, that it wrote, applied or booked the effect. */
  private hasLineBefore(effect: Effect, device: string, phase: number, { position }: Mark<HistoryEvent>): boolean {
    const { written, applied = [], moved = [] } = this.log.passage(effect, device, phase) ?? {};
    return [...(written ? [written] : []), ...applied, ...moved].some((line) => line.position < position);
  }
}
