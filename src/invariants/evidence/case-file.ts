import { getOrCreate, sortedEntries } from '../../base/order.ts';
import type { EventName } from '../../events/event.ts';
import type { HistoryEvent } from '../../replay/causal-order.ts';
import type { Mark } from '../../replay/mark.ts';
import type { States } from '../../replay/projection.ts';
import { type Capture, captures, endOf, type Hole } from '../../replay/projections/captures.ts';
import { delivery } from '../../replay/projections/delivery.ts';
import { readings } from '../../replay/projections/readings.ts';
import type { SequenceConflict, SequenceDuplicate } from '../../replay/sequence.ts';
import { DeliveryChain } from './delivery-chain.ts';

/** What went wrong with the files themselves, found while they were read. */
export interface ReadingFaults {
  readonly conflicts: readonly SequenceConflict[];
  readonly duplicates: readonly SequenceDuplicate[];
  readonly foreignFiles: readonly { readonly path: string; readonly run: string }[];
  readonly duplicateFiles: readonly { readonly path: string; readonly of: string }[];
  readonly tornLines: readonly { readonly path: string; readonly line: number; readonly device: string | null }[];
  /** Devices that the manifest names. */
  readonly expectedDevices: readonly string[];
}

/** Which holes of a device's log matter. */
export interface HoleQuery {
  /** Only lines of this phase. */
  readonly phase?: number | undefined;
  /** Only lines that this one did not know of. */
  readonly cause?: Mark<HistoryEvent> | null | undefined;
  /** Only holes that are there for certain, and not where a restart may have lost lines. */
  readonly hard?: boolean;
  /** Lines about this coin: where the device showed it right after a restart, the restart lost none of them. */
  readonly coin?: string | undefined;
}

/** Everything that the invariants judge: the projections' states, and what the evidence cannot say. */
export class CaseFile {
  readonly states: States;
  readonly faults: ReadingFaults;
  /** Whether the history was cut short on request, so that nothing after the cut is known. */
  readonly cut: boolean;
  readonly captures: ReadonlyMap<string, Capture>;
  private readonly chains = new Map<string, DeliveryChain>();

  constructor(states: States, faults: ReadingFaults, cut: boolean) {
    this.states = states;
    this.faults = faults;
    this.cut = cut;
    this.captures = new Map(sortedEntries(states.read(captures)));
  }

  /** The devices of each identity that the logs name, by identity; observers and devices of unknown identity left out. */
  get identities(): ReadonlyMap<string, readonly Capture[]> {
    const byIdentity = new Map<string, Capture[]>();
    for (const capture of this.captures.values()) {
      if (capture.identity !== '') getOrCreate(byIdentity, capture.identity, () => []).push(capture);
    }
    return new Map(sortedEntries(byIdentity));
  }

  /** Whether any device of the run logs lines of this type. */
  logs(type: EventName): boolean {
    return [...this.captures.values()].some(({ types }) => types.has(type));
  }

  /** Whether anything in the run has to do with tokens, so that there are ledgers to compare. */
  get showsTokens(): boolean {
    if (this.logs('balance') || !this.logs('write')) return true;
    return [...this.identities.keys()].some((identity) => this.chain(identity).tokens.size > 0);
  }

  /** Whether devices say when they start and stop. Where none does, a log's end is taken as it is. */
  get hasLifecycle(): boolean {
    return this.logs('device.start') || this.logs('device.end');
  }

  /** Whether nobody stopped orderly: then what was under way is pending, and agreement at the end is not asked. */
  get aborted(): boolean {
    if (this.cut) return true;
    const onlyBalances = !this.hasLifecycle && !this.logs('write') && !this.logs('replication');
    return !onlyBalances && [...this.captures.values()].every((capture) => endOf(capture) === 'none');
  }

  /** Whether the device's log is cut off: others stopped orderly, this one says nothing of a stop. */
  isTruncated(capture: Capture): boolean {
    return this.hasLifecycle && !this.aborted && endOf(capture) === 'none';
  }

  /** How an effect fared on every device of an identity. */
  chain(identity: string): DeliveryChain {
    return getOrCreate(this.chains, identity, () => {
      const replication = this.states.read(delivery).get(identity);
      return new DeliveryChain(this, identity, replication);
    });
  }

  /** Whether the device showed after a hole just what its ledger holds, so that no line about the coin is lost in it. */
  private isVouchedFor(device: string, coin: string, { before }: Hole): boolean {
    const right = this.states.read(readings).get(device)?.vouched.get(coin);
    return right?.some((position) => position >= before.position) ?? false;
  }

  /**
   * The first hole in a device's log that could hide a line of one of these types, and was not already over
   * when `cause` happened.
   */
  holeThatHides(
    device: string,
    types: readonly EventName[],
    { phase, cause, hard = false, coin }: HoleQuery,
  ): Hole | 'end' | null {
    const capture = this.captures.get(device);
    if (!capture) return null;
    for (const hole of capture.holes) {
      if ((phase !== undefined && hole.phase !== phase) || (hard && hole.soft)) continue;
      if (hole.soft && coin !== undefined && this.isVouchedFor(device, coin, hole)) continue;
      if (hole.hides !== 'anything' && !types.includes(hole.hides)) continue;
      if (cause && (cause.clock[hole.before.lane] ?? 0) >= hole.before.position) continue;
      return hole;
    }
    return this.isTruncated(capture) && (phase === undefined || phase === capture.phase) ? 'end' : null;
  }
}
