import type { Device } from './device.ts';
import { bracket, newToken, write } from './effects.ts';
import { coins, type Effect, type Token } from './model.ts';
import { deliverSome } from './replication.ts';
import { request } from './round-trips.ts';
import type { World } from './world.ts';

/** What a fault may ask of a payment that is not as it should be. */
export interface PayOptions {
  /** Spend just these, whoever else has. */
  inputs?: readonly Token[];
  /** Put this much more into the change than is right. */
  surplus?: bigint;
  /** What the arbiter answers; what it does not accept never reaches the payee. */
  verdict?: 'accepted' | 'refused' | 'spent';
  /** Nothing arrives while the payment is under way. */
  undisturbed?: boolean;
}

/** Makes new tokens. */
export function mint(world: World, device: Device, coinName?: string): Effect {
  const coin = coins.find(({ name }) => name === coinName) ?? world.random.pick(world.coins);
  const amount = world.random.amountUpTo(coin.minted * 10n ** BigInt(coin.decimals));
  return bracket(world, device, 'mint', (opId) => {
    const output = newToken(world, coin.name, amount, device.identity);
    request(world, device, 'pin', opId);
    return write(world, device, { key: `token:${output.tokenId.slice(0, 12)}`, kind: 'mint', outputs: [output], opId });
  });
}

/** Pays another identity: change comes back, the rest goes into the post. */
export function pay(world: World, device: Device, options: PayOptions = {}): Effect | undefined {
  const inputs = options.inputs ?? chooseInputs(world, device);
  const coin = inputs[0]?.coin;
  const payee = world.random.pick(world.identities.filter((identity) => identity !== device.identity));
  if (coin === undefined) return undefined;
  for (const { tokenId } of inputs) world.spent.add(tokenId);
  const total = inputs.reduce((sum, { amount }) => sum + amount, 0n);
  const whole = options.surplus === undefined && world.random.chance(0.15);
  // With a surplus to hide, at least half of it comes back as change, so that the change can be made smaller too.
  const paid = whole ? total : world.random.amountUpTo(options.surplus === undefined ? total : total / 2n);
  const change = total - paid + (options.surplus ?? 0n);
  const sent = newToken(world, coin, paid, payee);
  const outputs = change > 0n ? [newToken(world, coin, change, device.identity), sent] : [sent];
  const verdict = options.verdict ?? 'accepted';
  return bracket(world, device, 'pay', (opId) => {
    request(world, device, 'submit', opId);
    if (!options.undisturbed && world.random.chance(0.2)) deliverSome(world, device);
    const key = `outbox:${sent.tokenId.slice(0, 12)}`;
    const effect = write(world, device, {
      key,
      kind: 'transfer',
      inputs,
      outputs: world.random.shuffled(outputs),
      opId,
    });
    if (world.features.arbiter) for (const { tokenId } of inputs) askArbiter(world, device, tokenId, verdict, opId);
    if (world.random.chance(0.3)) note(world, device, opId);
    if (!world.features.arbiter || verdict === 'accepted') {
      world.post.set(payee, [...(world.post.get(payee) ?? []), sent]);
    }
    return effect;
  });
}

/** Brings in a token that another identity put out. */
function receive(world: World, device: Device): Effect | undefined {
  const token = world.post.get(device.identity)?.shift();
  if (token === undefined) return undefined;
  return bracket(world, device, 'receive', (opId) => {
    request(world, device, 'fetch', opId);
    const key = `inbox:${token.tokenId.slice(0, 12)}`;
    return write(world, device, { key, kind: 'receive', outputs: [token], opId });
  });
}

/** Destroys a token, or a part of it. */
function burn(world: World, device: Device): Effect | undefined {
  const token = world.random.pickOptional(world.spendable(device));
  if (token === undefined) return undefined;
  world.spent.add(token.tokenId);
  const rest = world.random.chance(0.5) ? 0n : token.amount - world.random.amountUpTo(token.amount);
  const outputs = rest > 0n ? [newToken(world, token.coin, rest, device.identity)] : [];
  return bracket(world, device, 'burn', (opId) =>
    write(world, device, { key: `token:${token.tokenId.slice(0, 12)}`, kind: 'burn', inputs: [token], outputs, opId }),
  );
}

/** Makes change: one token into two of the same owner. The total stays, the set of tokens does not. */
export function split(world: World, device: Device, chosen?: Token): Effect | undefined {
  const token = chosen ?? world.random.pickOptional(world.spendable(device).filter(({ amount }) => amount > 1n));
  if (token === undefined) return undefined;
  world.spent.add(token.tokenId);
  const first = world.random.amountUpTo(token.amount - 1n);
  const outputs = [first, token.amount - first].map((amount) => newToken(world, token.coin, amount, device.identity));
  const key = `token:${token.tokenId.slice(0, 12)}`;
  return bracket(world, device, 'split', (opId) =>
    write(world, device, { key, kind: 'transfer', inputs: [token], outputs, opId }),
  );
}

/** Writes a key that moves no token. */
export function note(world: World, device: Device, opId?: string): Effect {
  const key = `${world.random.pick(['sent', 'outbox', 'invoice', 'contact'])}:${world.random.hex(8)}`;
  if (opId !== undefined) return write(world, device, { key, opId });
  return bracket(world, device, 'deliver-invoice', (own) => write(world, device, { key, opId: own }));
}

/** Whatever the device can do now. */
export function performSomething(world: World, device: Device): void {
  const { random } = world;
  world.verifyPromptly = random.chance(0.4);
  const choice = random.next();
  const done =
    choice < 0.2
      ? mint(world, device)
      : choice < 0.5
        ? pay(world, device)
        : choice < 0.68
          ? receive(world, device)
          : choice < 0.76
            ? burn(world, device)
            : choice < 0.84
              ? split(world, device)
              : note(world, device);
  world.verifyPromptly = false;
  if (done === undefined && random.chance(0.3)) fail(world, device);
}

function chooseInputs(world: World, device: Device): Token[] {
  const first = world.random.pickOptional(world.spendable(device));
  if (first === undefined) return [];
  const second = world.spendable(device).find(({ coin, tokenId }) => coin === first.coin && tokenId !== first.tokenId);
  return second !== undefined && world.random.chance(0.2) ? [first, second] : [first];
}

function askArbiter(world: World, device: Device, tokenId: string, verdict: string, opId: string): void {
  const requestId = `rq-${world.random.hex(8)}`;
  device.log.emit('arbiter', { tokenId, verdict, requestId, opId }, `arbiter: ${verdict}`);
}

/** An operation that comes to nothing writes nothing. */
function fail(world: World, device: Device): void {
  const opId = `op-${++world.operations}`;
  const startedAt = world.now;
  device.log.emit('op.start', { opId, op: 'pay' }, 'pay begins');
  device.log.emit(
    'op.end',
    { opId, op: 'pay', ok: false, durationMs: device.log.since(startedAt) },
    'not enough funds',
    40,
  );
}
