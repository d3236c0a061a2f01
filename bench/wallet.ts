import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../test/simulator/prng.ts';

/** What a generated run is like: the longer it is, the more it has forgotten; how much lives stays the same. */
export interface Life {
  readonly events: number;
  readonly devices: number;
  /** Tokens that live at any time. */
  readonly tokens: number;
  readonly seed: number;
}

interface Token {
  readonly tokenId: string;
  readonly coin: string;
  readonly amount: string;
}

/** A payment to oneself: a token is retired and another comes alive; the first ones are minted. */
interface Effect {
  readonly effect: string;
  readonly origin: string;
  readonly originSeq: number;
  readonly spent: Token | undefined;
  readonly made: Token;
}

const epoch = 1_748_642_400_000;
const linesAtOnce = 2000;

/**
 * Writes the logs of a wallet that works for a long time and never goes wrong, a file per device, and says how many events
 * they hold. Devices lag behind each other by a few effects; before one acts, it has caught up.
 */
export async function writeLongLife(folder: string, { events, devices: count, tokens, seed }: Life): Promise<number> {
  const random = new Random(seed);
  const devices = Array.from({ length: count }, (_, index) => new Device(folder, `bob-peer${index + 1}`));
  const live: Token[] = [];
  for (let round = 1; written(devices) < events; round++) {
    const actor = random.pick(devices);
    actor.catchUp();
    const place = live.length < tokens ? live.length : random.between(0, tokens - 1);
    const made = { tokenId: hex(round), coin: 'UCT', amount: '99.999999999989' };
    const effect = actor.write(`zdpu${hex(round)}`, live[place], made);
    live[place] = made;
    for (const device of devices) if (device !== actor) device.inbox.push(effect);
    for (const device of devices) await device.flush(linesAtOnce);
  }
  for (const device of devices) {
    device.catchUp();
    device.log('device.end', { quiescent: true });
    await device.close();
  }
  return written(devices);
}

class Device {
  readonly inbox: Effect[] = [];
  seq = 0;
  private readonly name: string;
  private readonly out: WriteStream;
  private lines: string[] = [];
  private originSeq = 0;

  constructor(folder: string, name: string) {
    this.name = name;
    this.out = createWriteStream(join(folder, `${name}.ndjson`));
    this.log('device.start', {});
  }

  /** Writes an effect, with what belongs to it: its operation, its balance changes and its verification. */
  write(effect: string, spent: Token | undefined, made: Token): Effect {
    const opId = `op-${effect.slice(-12)}`;
    const originSeq = ++this.originSeq;
    const tokens = { kind: spent ? 'transfer' : 'mint', inputs: spent ? [spent.tokenId] : [], outputs: [made] };
    this.log('op.start', { opId, op: 'pay' });
    this.log('write', {
      effect,
      originSeq,
      key: `token:${made.tokenId.slice(-16)}`,
      ...tokens,
      opId,
      durationMs: 12.5,
    });
    this.book(effect, spent, made, { opId });
    this.log('verify', { effect, attempt: 1, ok: true, durationMs: 205.3, opId });
    this.log('op.end', { opId, op: 'pay', ok: true, durationMs: 221.9 });
    return { effect, origin: this.name, originSeq, spent, made };
  }

  /** Receives and applies what the others wrote, in their order. */
  catchUp(): void {
    for (const { effect, origin, originSeq, spent, made } of this.inbox.splice(0)) {
      this.log('replication', { effect, origin, originSeq, action: 'received' });
      this.log('replication', { effect, origin, originSeq, action: 'applied' });
      this.book(effect, spent, made, {});
    }
  }

  log(type: string, fields: object): void {
    const pino = { level: 30, time: epoch + this.seq * 20, pid: 4211, hostname: this.name, msg: type };
    const header = {
      v: 1,
      type,
      device: this.name,
      identity: 'bob',
      incarnation: 1,
      seq: ++this.seq,
      run: 'long-life',
    };
    this.lines.push(`${JSON.stringify({ ...pino, ...header, ...fields })}\n`);
  }

  /** Hands the lines on once there are so many. */
  async flush(least: number): Promise<void> {
    if (this.lines.length < least) return;
    const text = this.lines.join('');
    this.lines = [];
    if (!this.out.write(text)) await once(this.out, 'drain');
  }

  async close(): Promise<void> {
    await this.flush(0);
    this.out.end();
    await once(this.out, 'close');
  }

  private book(effect: string, spent: Token | undefined, made: Token, more: object): void {
    if (spent) this.log('balance', { ...moved(spent), delta: `-${spent.amount}`, effect, ...more });
    this.log('balance', { ...moved(made), delta: made.amount, effect, ...more });
  }
}

function moved({ tokenId, coin }: Token): object {
  return { tokenId, coin };
}

function written(devices: readonly Device[]): number {
  return devices.reduce((sum, { seq }) => sum + seq, 0);
}

function hex(number: number): string {
  return number.toString(16).padStart(40, '0');
}
