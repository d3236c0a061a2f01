import { SkewedClock } from './clock.ts';
import type { Features } from './features.ts';
import type { LogLine } from './model.ts';
import type { Random } from './prng.ts';

/** The world's true time in milliseconds since its epoch. Shared by all, known to none. */
export interface TrueTime {
  readonly epoch: number;
  now: number;
}

/** What a bare log still has. */
const bareTypes = new Set([
  'device.start',
  'device.end',
  'clear',
  'balance',
  'balance.read',
  'tokens.read',
  'log',
  'section',
]);

/** Writes one device's pino lines: numbers them, and stamps them with a clock that is wrong. */
export class LogWriter {
  readonly lines: LogLine[] = [];
  incarnation = 0;
  seq = 0;
  readonly #device: string;
  readonly #identity: string;
  readonly #run: string;
  readonly #features: Features;
  readonly #trueTime: TrueTime;
  readonly #random: Random;
  readonly #clock: SkewedClock;
  #pid = 0;
  #startedAt = 0;

  constructor(device: string, identity: string, run: string, features: Features, trueTime: TrueTime, random: Random) {
    this.#device = device;
    this.#identity = identity;
    this.#run = run;
    this.#features = features;
    this.#trueTime = trueTime;
    this.#random = random;
    this.#clock = new SkewedClock(random, features.skewMs);
  }

  /** The process starts: numbers begin again. */
  start(): void {
    this.incarnation++;
    this.seq = 0;
    this.#pid = this.#random.between(300, 65_000);
    this.#startedAt = this.#trueTime.now;
    this.emit('device.start', {}, 'wallet started');
  }

  /** One line of the contract. In a bare log most types are simply never written, so `seq` stays gap-free. */
  emit(type: string, fields: Record<string, unknown>, msg: string, level = 30): void {
    const { detail, mono } = this.#features;
    this.#trueTime.now += this.#random.next() * 8;
    if (detail === 'bare' && !bareTypes.has(type)) return;
    const { effect, snapshot, opId, ...plain } = fields;
    const shown = detail === 'bare' && type === 'balance' ? plain : fields;
    this.seq++;
    this.#write(
      {
        v: 1,
        type,
        device: this.#device,
        identity: this.#identity,
        incarnation: this.incarnation,
        seq: this.seq,
        run: this.#run,
        ...(mono ? { mono: this.#clock.elapsed(this.#startedAt, this.#trueTime.now) } : {}),
        ...shown,
      },
      msg,
      level,
      { seq: this.seq, type },
    );
  }

  /** A line that is none of the contract's business: pino's own fields and whatever a programmer added. */
  debug(msg: string): void {
    this.#write({ component: 'transport', peers: this.#random.between(0, 4) }, msg, 20, {});
  }

  /** Lets a duration pass, as the world has it, and says what the device measured. */
  spend(durationMs: number): number {
    const from = this.#trueTime.now;
    this.#trueTime.now += durationMs;
    return this.#clock.elapsed(from, this.#trueTime.now);
  }

  /** What the device measured since a moment of the world's time. */
  since(moment: number): number {
    return this.#clock.elapsed(moment, this.#trueTime.now);
  }

  #write(fields: Record<string, unknown>, msg: string, level: number, known: { seq?: number; type?: string }): void {
    const { now, epoch } = this.#trueTime;
    const own = { level, time: this.#clock.time(now, epoch), pid: this.#pid, hostname: `${this.#device}.local` };
    const text = JSON.stringify({ ...own, ...fields, msg });
    this.lines.push({ device: this.#device, incarnation: this.incarnation, at: now, text, ...known });
  }
}
