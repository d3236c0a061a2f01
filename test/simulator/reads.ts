import type { Device } from './device.ts';
import { decimalsOf, formatAmount, type Token } from './model.ts';
import type { World } from './world.ts';

/** What the device believes to hold, which is its ledger unless a fault hides something. */
function visibleTokens(device: Device): Token[] {
  return [...device.live.values()].filter(({ tokenId }) => !device.hidden.has(tokenId));
}

/** The sum of a coin's visible tokens. */
export function visibleBalance(device: Device, coin: string): { amount: bigint; tokens: number } {
  const tokens = visibleTokens(device).filter((token) => token.coin === coin);
  return { amount: tokens.reduce((sum, { amount }) => sum + amount, 0n), tokens: tokens.length };
}

/** Shows the balance of every coin of the world. */
export function readBalances(world: World, device: Device): void {
  for (const { name } of world.coins) {
    const { amount, tokens } = visibleBalance(device, name);
    showBalance(device, name, formatAmount(amount, decimalsOf(name)), tokens);
  }
}

/** One `balance.read` line. */
export function showBalance(device: Device, coin: string, amount: string, tokens: number): void {
  device.log.emit('balance.read', { coin, amount, tokens }, `balance ${amount} ${coin}`);
}

/** Lists the tokens that the device holds by its own word, now and then by the beginning of their names. */
export function readTokens(world: World, device: Device): void {
  const { random } = world;
  const short = random.chance(0.4);
  const detailed = random.chance(0.6);
  const tokens = visibleTokens(device).map(({ tokenId, coin, amount }) => ({
    tokenId: short ? tokenId.slice(0, 16) : tokenId,
    ...(detailed ? { coin, amount: formatAmount(amount, decimalsOf(coin)), status: 'confirmed' } : {}),
  }));
  const tombstones = random.chance(0.5) ? { tombstones: device.retired.size } : {};
  device.log.emit('tokens.read', { tokens, ...tombstones }, `${tokens.length} tokens loaded`);
}

/** Lines that say something about the scenario or the machine and nothing about a ledger. */
export function chatter(world: World, device: Device): void {
  const { random } = world;
  const choice = random.next();
  if (choice < 0.2) {
    const section = `§${random.pick(['A', 'B', 'C'])}.${random.between(1, 5)}`;
    device.log.emit('section', { section, title: random.pick(['send', 'recover', 'settle']) }, 'section begins');
  } else if (choice < 0.4) {
    device.log.emit('assertion', { name: `check-${random.between(1, 30)}`, ok: true }, 'ASSERT OK');
  } else if (choice < 0.6) {
    const cpuPercent = Math.round(random.next() * 1000) / 10;
    device.log.emit('sample', { cpuPercent, rssBytes: random.between(50_000_000, 400_000_000) }, 'sample');
  } else if (choice < 0.7) {
    const totalMs = Math.round(random.next() * 1000) / 10;
    const count = random.between(1, 40);
    const counters = { 'orbitdb.append': { count, totalMs, maxMs: totalMs, avgMs: totalMs / count } };
    device.log.emit('counters', { windowMs: 60_000, counters }, 'perf counters');
  } else if (choice < 0.85) {
    device.log.emit('log', {}, random.pick(['peer connected', 'peer disconnected', 'gc finished']));
  } else {
    device.log.debug('dial queue drained');
  }
}
