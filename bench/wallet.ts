import { once } from 'node:events';
import { createWriteStream, type WriteStream } from 'node:fs';
import { join } from 'node:path';
import { Random } from '../test/simulator/prng.ts';

/** What a generated run is like: the longer it is, the more it has forgotten; how much lives stays the same. */
export interface Life {
  /** How long it is: it ends once this many lines, or this many bytes, are written. */
  readonly until: { readonly events: number } | { readonly bytes: number };
  readonly devices: number;
  /** Tokens that live at any time. */
  readonly tokens: number;
  readonly seed: number;
  /** Whether one effect, in the middle of the run, never reaches the last device. */
  readonly divergent?: boolean;
  /** After how many effects a device is wiped and recovers from a snapshot, which another published halfway there; never, unless it is said. */
  readonly recoveryEvery?: number | undefined;
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

/** What a device published: every effect up to then. */
interface Snapshot {
  readonly id: string;
  readonly frontier: Readonly<Record<string, number>>;
  readonly live: readonly Token[];
  /** Effects that were written since. */
  readonly since: Effect[];
}

const linesAtOnce = 2000;
const coins = ['UCT', 'UCT', 'USDU', 'EURU'];

/**
 * Writes the logs of a wallet that works for a long time and never goes wrong (or only once), a file per device, and says
 * how many events they hold. Devices lag behind each other by a few effects; before one acts, it has caught up.
 */
export async function writeLongLife(folder: string, life: Life): Promise<number> {
  const random = new Random(life.seed);
  const names = random.fork('names');
  // One clock for all of them, so that nothing is received before it was sent.
  const clock = { now: 1_748_642_400_000 };
  const devices = Array.from(
    { length: life.devices },
    (_, index) => new Device(folder, `bob-peer${index + 1}`, random, clock),
  );
  const live: Token[] = [];
  let toLose = life.divergent === true;
  const { recoveryEvery = Number.POSITIVE_INFINITY } = life;
  let snapshot: Snapshot | undefined;
  for (let effects = 1; shareWritten(devices, life) < 1; effects++) {
    if (effects % recoveryEvery === Math.ceil(recoveryEvery / 2)) {
      snapshot = random.pick(devices).publish(`snap-${names.hex(16)}`, devices, live);
    } else if (effects % recoveryEvery === 0 && snapshot) random.pick(devices).recover(snapshot);
    const actor = random.pick(devices);
    actor.catchUp();
    const loses = toLose && shareWritten(devices, life) >= 0.5 && actor !== devices.at(-1);
    // What is lost is a token beyond those that are spent again: the device that lacks it stays able to act.
    const place = loses || live.length < life.tokens ? live.length : random.between(0, life.tokens - 1);
    const spent = live[place];
    const made = { ...(spent ?? minted(random)), tokenId: names.hex(32) };
    const effect = actor.write(`zdpu${names.hex(32)}`, spent, made);
    live[place] = made;
    snapshot?.since.push(effect);
    for (const device of devices) {
      if (device !== actor && !(loses && device === devices.at(-1))) device.inbox.push(effect);
    }
    if (loses) toLose = false;
    for (const device of devices) await device.flush(linesAtOnce);
  }
  for (const device of devices) {
    device.catchUp();
    device.log('device.end', { quiescent: true });
    await device.close();
  }
  return devices.reduce((sum, { seq }) => sum + seq, 0);
}

class Device {
  readonly inbox: Effect[] = [];
  seq = 0;
  bytes = 0;
  private readonly name: string;
  private readonly random: Random;
  private readonly clock: { now: number };
  private readonly out: WriteStream;
  private lines: string[] = [];
  private originSeq = 0;

  constructor(folder: string, name: string, random: Random, clock: { now: number }) {
    this.name = name;
    this.random = random.fork(name);
    this.clock = clock;
    this.out = createWriteStream(join(folder, `${name}.ndjson`));
    this.log('device.start', {});
  }

  /** Writes an effect, with what belongs to it: its operation, its round trips and its balance changes. */
  write(effect: string, spent: Token | undefined, made: Token): Effect {
    const opId = `op-${effect.slice(-12)}`;
    const originSeq = ++this.originSeq;
    const op = spent ? this.random.pick(['pay', 'pay', 'pay', 'deliver-invoice']) : 'top-up';
    const tokens = { kind: spent ? 'transfer' : 'mint', inputs: spent ? [spent.tokenId] : [], outputs: [made] };
    const key = `token:${made.tokenId.slice(-16)}`;
    this.log('op.start', { opId, op });
    this.trip('request', { kind: 'submit', requestId: `r-${opId}` }, opId);
    this.log('write', { effect, originSeq, key, ...tokens, opId, durationMs: this.duration(12) });
    this.book(effect, spent, made, { opId });
    if (op === 'deliver-invoice') this.trip('request', { kind: 'pin', requestId: `p-${opId}`, bytes: 2218 }, opId);
    this.trip('verify', { effect }, opId);
    this.log('op.end', { opId, op, ok: true, durationMs: this.duration(600) });
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

  /** Publishes what all devices wrote so far. */
  publish(id: string, devices: readonly Device[], live: readonly Token[]): Snapshot {
    this.catchUp();
    const frontier = Object.fromEntries(devices.map(({ name, originSeq }) => [name, originSeq]));
    this.log('publish', { snapshot: id, frontier, durationMs: this.duration(100) });
    return { id, frontier, live: [...live], since: [] };
  }

  /** Is wiped, takes a snapshot over, and is to receive again what was written since, its own effects too. */
  recover({ id, live, since }: Snapshot): void {
    this.log('clear', {});
    this.log('import', { snapshot: id, source: 'network' });
    for (const token of live) this.log('balance', { ...moved(token), delta: token.amount, snapshot: id });
    this.inbox.splice(0, this.inbox.length, ...since);
  }

  log(type: string, fields: object): void {
    this.clock.now += 5;
    const pino = { level: 30, time: this.clock.now, pid: 4211, hostname: this.name };
    const header = {
      v: 1,
      type,
      device: this.name,
      identity: 'bob',
      incarnation: 1,
      seq: ++this.seq,
      run: 'long-life',
    };
    const line = `${JSON.stringify({ ...pino, ...header, ...fields, msg: type })}\n`;
    this.bytes += line.length;
    this.lines.push(line);
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

  /** A round trip, which one time in fifty has to be made again. */
  private trip(type: string, fields: object, opId: string): void {
    const again = this.random.chance(0.02);
    for (let attempt = 1; attempt <= (again ? 2 : 1); attempt++) {
      this.log(type, { ...fields, attempt, ok: attempt === 2 || !again, durationMs: this.duration(200), opId });
    }
  }

  private book(effect: string, spent: Token | undefined, made: Token, more: object): void {
    if (spent) this.log('balance', { ...moved(spent), delta: `-${spent.amount}`, effect, ...more });
    this.log('balance', { ...moved(made), delta: made.amount, effect, ...more });
  }

  /** Milliseconds with one decimal, as timers give them: half to one and a half of what is usual. */
  private duration(usual: number): number {
    return Math.round(usual * (5 + 10 * this.random.next())) / 10;
  }
}

function minted(random: Random): Omit<Token, 'tokenId'> {
  const digits = String(random.between(1, 999_999_999_999)).padStart(12, '0').replace(/0+$/, '');
  return { coin: random.pick(coins), amount: `${random.between(0, 999)}.${digits}` };
}

function moved({ tokenId, coin }: Token): object {
  return { tokenId, coin };
}

function shareWritten(devices: readonly Device[], { until }: Life): number {
  if ('events' in until) return devices.reduce((sum, { seq }) => sum + seq, 0) / until.events;
  return devices.reduce((sum, { bytes }) => sum + bytes, 0) / until.bytes;
}
