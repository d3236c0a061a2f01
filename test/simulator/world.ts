import { type AmountStyle, Device } from './device.ts';
import type { Features } from './features.ts';
import { LogWriter, type TrueTime } from './log-writer.ts';
import { type Coin, coins, type Effect, type Snapshot, type Token } from './model.ts';
import type { Random } from './prng.ts';

/** The identity on which faults are put. */
export const mainIdentity = 'bob';

/** Everything that really is, beside what each device believes: who there is, what was spent, what is in the post. */
export class World {
  readonly run: string;
  readonly features: Features;
  readonly random: Random;
  readonly devices: Device[] = [];
  readonly coins: readonly Coin[];
  /** Tokens that some effect has retired. The world looks here so that a clean run has no double spend; no device can. */
  readonly spent = new Set<string>();
  /** Tokens that a fault is about: nobody spends them any more, so that the fault stays visible to the end. */
  readonly frozen = new Set<string>();
  /** Tokens sent to an identity and not yet received by one of its devices. */
  readonly post = new Map<string, Token[]>();
  readonly snapshots: Snapshot[] = [];
  /** Off once a published snapshot is bad: whoever recovers afterwards would spread the one fault. */
  recoveriesAllowed: boolean;
  /** Whether the operation now under way verifies its writes before it ends. */
  verifyPromptly = false;
  operations = 0;
  readonly #trueTime: TrueTime;

  constructor(run: string, features: Features, random: Random) {
    this.run = run;
    this.features = features;
    this.random = random;
    this.recoveriesAllowed = features.recoveries;
    this.coins = random.shuffled(coins).slice(0, random.between(1, 3));
    this.#trueTime = { epoch: 1_748_642_400_000 + random.between(0, 1_000_000_000), now: 0 };
    for (let index = 1; index <= features.devices; index++) this.#add(`bob-peer${index}`, mainIdentity);
    this.#add('alice-phone', 'alice');
    if (features.thirdWallet) for (const name of ['carol-laptop', 'carol-tablet']) this.#add(name, 'carol');
  }

  get now(): number {
    return this.#trueTime.now;
  }

  get identities(): string[] {
    return [...new Set(this.devices.map(({ identity }) => identity))];
  }

  /** The devices of an identity. */
  devicesOf(identity: string): Device[] {
    return this.devices.filter((device) => device.identity === identity);
  }

  /** The other devices of the same identity. */
  siblings(device: Device): Device[] {
    return this.devices.filter((other) => other.identity === device.identity && other !== device);
  }

  deviceNamed(name: string): Device {
    return this.devices.find((device) => device.name === name) as Device;
  }

  /** Time passes between what happens on one device and what happens next on any. */
  wait(longestMs: number): void {
    this.#trueTime.now += this.random.next() * longestMs;
  }

  /** Whether the device could spend the token, and nobody else has. */
  isSpendable(device: Device, tokenId: string): boolean {
    return (
      device.live.has(tokenId) && !device.hidden.has(tokenId) && !this.spent.has(tokenId) && !this.frozen.has(tokenId)
    );
  }

  /** Tokens that the device can spend without anybody else spending them too. */
  spendable(device: Device): Token[] {
    return [...device.live.values()].filter(({ tokenId }) => this.isSpendable(device, tokenId));
  }

  /** Keeps the effect's outcome as it is: what it put out at its identity is never spent. */
  freeze(effect: Effect): void {
    for (const { tokenId, owner } of effect.outputs) if (owner === effect.identity) this.frozen.add(tokenId);
  }

  /** The origin of an effect. */
  originOf(effect: Effect): Device {
    return this.deviceNamed(effect.origin);
  }

  #add(name: string, identity: string): void {
    const log = new LogWriter(name, identity, this.run, this.features, this.#trueTime, this.random.fork(name));
    const style = this.random.pick<AmountStyle>(['plain', 'plain', 'plain', 'padded', 'number']);
    this.devices.push(new Device(name, identity, log, style));
  }
}
