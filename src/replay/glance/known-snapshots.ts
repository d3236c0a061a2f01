import type { ReplayEvent } from '../../events/event.ts';
import { claimsMore } from '../projections/snapshot-lists.ts';
import { Beyond } from './beyond.ts';
import type { RowClock } from './row-clock.ts';

/** Where a device stands: the number of the device among all of the run, and of its newest line in its order. */
interface Standing {
  readonly clock: RowClock;
  readonly place: number;
}

/** A snapshot, with what its publisher knew. */
interface Published extends Pick<ReplayEvent<'publish'>, 'frontier'> {
  readonly publisher: number;
  readonly place: number;
  readonly knows: readonly number[];
}

/** The snapshots of a run, as whoever took them over could know of them. */
export class KnownSnapshots {
  /** By id. */
  readonly #published = new Map<string, Published>();
  /** Devices that were wiped, and have not taken over a snapshot since; by number. */
  readonly #wiped = new Set<number>();

  publish({ snapshot, frontier }: ReplayEvent<'publish'>, { clock, place }: Standing): void {
    this.#published.set(snapshot, { publisher: clock.number, place, knows: clock.at(place), frontier });
  }

  /** What the publisher of a snapshot knew, by device. */
  knowledgeOf(snapshot: string): readonly number[] {
    return this.#publishedAs(snapshot).knows;
  }

  clear({ clock }: Standing): void {
    this.#wiped.add(clock.number);
  }

  /** A device takes over a snapshot that was published before. Whether it recovers from an older one than it could is for others to judge. */
  takeOver({ snapshot }: ReplayEvent<'import'>, { clock, place }: Standing): void {
    const taken = this.#publishedAs(snapshot);
    clock.learn(taken.knows);
    if (!this.#wiped.delete(clock.number)) return;
    const knows = clock.at(place);
    for (const other of this.#published.values()) {
      if ((knows[other.publisher] ?? 0) >= other.place && claimsMore(other.frontier, taken.frontier)) {
        throw new Beyond('an older snapshot than one that was known');
      }
    }
  }

  /** Nobody takes one over that is not published. */
  #publishedAs(snapshot: string): Published {
    return this.#published.get(snapshot) as Published;
  }
}
