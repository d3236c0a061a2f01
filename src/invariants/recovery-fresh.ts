import type { ReplayEvent } from '../events/event.ts';
import { happensBefore, type Mark } from '../replay/mark.ts';
import { captures } from '../replay/projections/captures.ts';
import { delivery } from '../replay/projections/delivery.ts';
import { claimsMore } from '../replay/projections/snapshot-lists.ts';
import type { DeliveryChain } from './evidence/delivery-chain.ts';
import { covers } from './evidence/identity-log.ts';
import { count, tokensTouched } from './evidence/wording.ts';
import { defineInvariant, type FindingDraft } from './invariant.ts';

/** A wiped device comes back with the newest state that it can know of. */
export const recoveryFresh = defineInvariant({
  name: 'recovery-fresh',
  promise: 'A device recovers from no snapshot that is older than one it could know of.',
  needs: ['publish', 'import', 'clear'],
  uses: [captures, delivery],
  judge: (file) =>
    [...file.identities.keys()].map((identity) => {
      const chain = file.chain(identity);
      const recoveries = chain.devices.flatMap((device) =>
        chain.phases(device).filter(({ from, imports }) => from && imports[0]),
      );
      return {
        subject: identity,
        findings: recoveries.flatMap(({ imports }) => judgeRecovery(chain, imports)),
        detail: count(recoveries.length, 'recovery', 'recoveries'),
      };
    }),
});

function judgeRecovery(chain: DeliveryChain, imports: readonly Mark<ReplayEvent<'import'>>[]): FindingDraft[] {
  const imported = imports[0] as Mark<ReplayEvent<'import'>>;
  const older = chain.published(imported.event.snapshot);
  if (!older) return [];
  const newer = chain.snapshots.find(
    (candidate) => happensBefore(candidate, imported) && claimsMore(candidate.event.frontier, older.event.frontier),
  );
  const healed = imports.some(({ event }) => {
    const later = chain.published(event.snapshot);
    return later && newer && (later === newer || claimsMore(later.event.frontier, newer.event.frontier));
  });
  if (!newer || healed) return [];
  const { device, snapshot } = imported.event;
  const between = chain.effects.filter(
    (effect) => covers(newer.event.frontier, effect) && !covers(older.event.frontier, effect),
  );
  const effect = chain.mostVisible(between);
  const token = effect && chain.tokenOf(effect);
  return [
    {
      code: 'stale-recovery',
      verdict: 'violated',
      identity: chain.identity,
      device,
      coin: token?.coin,
      tokenId: token?.tokenId,
      effect: effect?.effect,
      blame: { device, by: 'lineage' },
      at: imported,
      message: `${device} recovered from ${snapshot} although it could know of ${newer.event.snapshot}, which holds ${count(between.length, 'effect')} more`,
      story: [
        { event: older.event, role: `publishes ${snapshot}` },
        { event: newer.event, role: `publishes ${newer.event.snapshot}, which claims more` },
        { event: imported.event, role: `imports the older ${snapshot}`, first: true },
      ],
      touches: between.flatMap(tokensTouched),
      explains: between.map((each) => each.effect),
    },
  ];
}
