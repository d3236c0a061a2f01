import type { Device } from './device.ts';
import { decimalsOf, type Effect, type EffectKind, formatAmount, type Token } from './model.ts';
import { verifyAll } from './round-trips.ts';
import type { World } from './world.ts';

/** What a write needs beside what follows from the device's state. */
interface Draft {
  readonly key: string;
  readonly opId: string;
  readonly kind?: EffectKind;
  readonly inputs?: readonly Token[];
  readonly outputs?: readonly Token[];
}

/** Writes an effect into the replicated log, with its line and the balance lines that follow. */
export function write(world: World, device: Device, draft: Draft): Effect {
  const { random, features } = world;
  const previous = device.written[device.written.length - 1];
  const parents = features.deps ? device.heads : previous === undefined ? [] : [previous];
  const { inputs = [], outputs = [], ...named } = draft;
  const effect: Effect = {
    ...named,
    id: `zdpu${random.hex(40)}`,
    cid: `bafy${random.hex(40)}`,
    origin: device.name,
    identity: device.identity,
    originSeq: device.written.length + 1,
    inputs,
    outputs,
    // The one before it of its origin is known to every reader, so it counts as a parent even where the heads leave it out.
    parents: previous === undefined || parents.includes(previous) ? parents : [...parents, previous],
  };
  device.written.push(effect);
  const durationMs = device.log.spend(random.next() * 30);
  device.log.emit('write', { ...writeFields(world, effect, parents), durationMs }, `wrote ${draft.key}`);
  device.commit(effect, draft.opId);
  device.unverified.push(effect);
  return effect;
}

/** The fields of a `write` line. */
export function writeFields(
  { features, random }: World,
  effect: Effect,
  deps: readonly Effect[],
): Record<string, unknown> {
  const { id, originSeq, key, opId, kind, inputs, outputs, cid, identity } = effect;
  return {
    effect: id,
    originSeq,
    key,
    opId,
    kind,
    ...(features.verifyBy === 'cid' || random.chance(0.5) ? { cid } : {}),
    ...(random.chance(0.5) ? { bytes: random.between(200, 9_000) } : {}),
    ...(features.deps ? { deps: deps.map((dep) => dep.id) } : {}),
    ...(inputs.length > 0 ? { inputs: inputs.map(({ tokenId }) => tokenId) } : {}),
    ...(kind === undefined ? {} : { outputs: outputs.map((token) => showOutput(token, identity, random.chance(0.5))) }),
  };
}

/** Brackets what an operation does with its start and its end. */
export function bracket<Outcome>(world: World, device: Device, op: string, body: (opId: string) => Outcome): Outcome {
  const opId = `op-${++world.operations}`;
  const startedAt = world.now;
  device.log.emit('op.start', { opId, op }, `${op} begins`);
  const outcome = body(opId);
  if (world.verifyPromptly) verifyAll(world, device);
  device.log.emit('op.end', { opId, op, ok: true, durationMs: device.log.since(startedAt) }, `${op} done`);
  return outcome;
}

/** A token that nobody has seen. */
export function newToken(world: World, coin: string, amount: bigint, owner: string): Token {
  return { tokenId: world.random.hex(40), coin, amount, owner };
}

function showOutput(
  { tokenId, coin, amount, owner }: Token,
  writer: string,
  explicit: boolean,
): Record<string, unknown> {
  const shown = { tokenId, coin, amount: formatAmount(amount, decimalsOf(coin)) };
  return owner !== writer || explicit ? { ...shown, owner } : shown;
}
