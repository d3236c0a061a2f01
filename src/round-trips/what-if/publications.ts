import { type Interval, slackUs } from '../../base/intervals.ts';
import { byText } from '../../base/order.ts';
import { countWhile } from '../../base/search.ts';
import type { ReplayEvent } from '../../events/event.ts';
import { intervalOf } from '../../replay/operations/step.ts';
import type { VerifiedWrite } from './verified-writes.ts';

/** A snapshot on its device's clock. */
export interface Publication extends Interval {
  readonly event: ReplayEvent<'publish'>;
  /** The same for every reading of its line. */
  readonly key: string;
  /** Whether it says that it has the write: by its frontier, or by its contents where they say more. */
  readonly claims: (write: ReplayEvent<'write'>) => boolean;
}

/** The snapshots whose lines have times, each once, in the order of their beginnings. Several readings of a line are one. */
export function publicationsOf(events: readonly ReplayEvent<'publish'>[]): Publication[] {
  const byKey = new Map<string, Publication>();
  for (const event of events) {
    const interval = intervalOf({ event, inferred: false });
    const key = `${event.file.path} ${event.line} ${event.snapshot}`;
    if (!interval || byKey.has(key)) continue;
    const contents = new Set(event.contents);
    byKey.set(key, {
      ...{ ...interval, event, key },
      claims: ({ device, effect, originSeq }) => (event.frontier[device] ?? 0) >= originSeq || contents.has(effect),
    });
  }
  return [...byKey.values()].sort(
    (left, right) => left.start - right.start || left.event.seq - right.event.seq || byText(left.key, right.key),
  );
}

/**
 * Whether the snapshot relied on the write: it claims it, and was published when the write was durable. One that was published
 * before is a race as it is, and did not wait for anything.
 */
export function reliesOn(publication: Publication, { event, written, verification }: VerifiedWrite): boolean {
  const { start } = publication;
  return (
    start > written.start &&
    start + slackUs >= verification.end &&
    publication.event.incarnation === event.incarnation &&
    publication.claims(event)
  );
}

/** The first of the ordered snapshots that relied on the write: by then it must be durable, in whichever batch. */
export function barrierOf(publications: readonly Publication[], write: VerifiedWrite): Publication | null {
  const from = Math.max(write.written.start, write.verification.end - slackUs);
  for (let next = countBefore(publications, from); next < publications.length; next++) {
    const publication = publications[next] as Publication;
    if (reliesOn(publication, write)) return publication;
  }
  return null;
}

/** How many of the ordered snapshots begin before a time. */
export function countBefore(publications: readonly Publication[], time: number): number {
  return countWhile(publications, ({ start }) => start < time);
}
