import type { Effect } from '../../replay/projections/delivery.ts';
import type { IdentityLog } from './identity-log.ts';

/**
 * What a finding says of an effect that failed on a device. The device is to blame: by lineage where the effect spends
 * something, because a token and its successor cannot both be alive; else because what was made must be there.
 */
export function aboutEffect(log: IdentityLog, effect: Effect, device: string) {
  const { tokenId, coin } = log.tokenOf(effect);
  const by = effect.write?.event.inputs?.length ? ('lineage' as const) : ('conservation' as const);
  return {
    identity: log.identity,
    device,
    coin,
    tokenId,
    effect: effect.effect,
    opId: effect.write?.event.opId,
    blame: { device, by },
  };
}
