import type { Device } from '../device.ts';
import { decimalsOf, formatAmount } from '../model.ts';
import { mint } from '../operations.ts';
import { showBalance, visibleBalance } from '../reads.ts';
import { mainIdentity, type World } from '../world.ts';
import { defineFault, violation } from './fault.ts';

/** A device shows its user something other than its ledger: rounded, in another unit, or simply wrong. */
export const balanceRead = defineFault({
  name: 'balance-read',
  says: 'what was shown differs from the ledger rebuilt at that point; `detail` is `rounding`, `unit` (a power of ten) or `other`',
  inject(world) {
    const device = world.random.pick(world.devicesOf(mainIdentity));
    const coin = world.random.pick(world.coins).name;
    const detail = world.random.pick(['rounding', 'unit', 'other'] as const);
    const { amount, tokens } = visibleBalance(device, coin);
    const shown = amount > 0n ? misreadings[detail](amount, decimalsOf(coin), world) : undefined;
    if (shown === undefined) {
      makeShowable(world, device);
      return undefined;
    }
    showBalance(device, coin, shown, tokens);
    return violation('balance-read', device, {
      coin,
      detail,
      seq: device.log.seq,
      incarnation: device.log.incarnation,
      story: `${device.name} shows ${shown} ${coin} and has ${formatAmount(amount, decimalsOf(coin))}`,
    });
  },
});

/** What is shown instead of the amount, or nothing where it cannot be told from the truth or from another misreading. */
const misreadings = {
  rounding(amount: bigint, decimals: number, { random }: World): string | undefined {
    if (decimals === 0) return undefined;
    const unit = 10n ** BigInt(random.between(1, decimals));
    const rounded = ((amount + unit / 2n) / unit) * unit;
    return rounded === amount || rounded === 0n ? undefined : formatAmount(rounded, decimals);
  },
  unit(amount: bigint, decimals: number, { random }: World): string {
    const power = random.pick([3, 6, Math.max(decimals, 1)]);
    return random.chance(0.5)
      ? formatAmount(amount * 10n ** BigInt(power), decimals)
      : formatAmount(amount, decimals + power);
  },
  other(amount: bigint, decimals: number): string {
    return formatAmount(amount + amount / 3n + 7n * 10n ** BigInt(decimals), decimals);
  },
};

function makeShowable(world: World, device: Device): void {
  for (const { name } of world.coins) if (visibleBalance(device, name).amount === 0n) mint(world, device, name);
}
