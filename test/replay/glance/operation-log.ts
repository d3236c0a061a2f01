import { Random } from '../../simulator/prng.ts';
import type { Files } from '../../story.ts';

/** What a device may do next. */
export type Action =
  | { readonly what: 'plain' | 'rotate' | 'clockless' }
  | { readonly what: 'start'; readonly opId: string; readonly parentOpId: string | undefined }
  | (Trip & { readonly what: 'end' })
  | { readonly what: 'write'; readonly opId: string | undefined; readonly cid: string | undefined }
  | (Trip & { readonly what: 'verify'; readonly effect: string | undefined; readonly cid: string | undefined })
  | (Trip & { readonly what: 'request'; readonly kind: string })
  | { readonly what: 'publish'; readonly opId: string | undefined }
  | { readonly what: 'restart'; readonly ok: boolean };

interface Trip {
  readonly opId: string | undefined;
  readonly durationMs: number;
  readonly attempt: number;
  readonly ok: boolean;
}

/** The log of a device that is the only one of its identity, line by line. */
export class OperationLog {
  readonly #device: string;
  readonly #random: Random;
  readonly #files: string[][] = [[]];
  #seq = 0;
  #incarnation = 1;
  #effects = 0;
  #snapshots = 0;
  #operations = 0;
  #now = 1_748_642_400_000;
  #hasClock = true;

  constructor(device: string, seed: number) {
    this.#device = device;
    this.#random = new Random(seed);
    this.line('device.start', {});
  }

  /** The effect that it wrote last. */
  get last(): string {
    return `${this.#device}-e${this.#effects}`;
  }

  line(type: string, fields: object): void {
    this.pass(1);
    const header = { v: 1, type, device: this.#device, identity: this.#device, incarnation: this.#incarnation };
    const time = this.#hasClock ? { time: this.#now } : {};
    this.#files.at(-1)?.push(JSON.stringify({ ...time, ...header, seq: ++this.#seq, run: 'run-1', ...fields }));
  }

  pass(ms: number): void {
    this.#now += ms;
  }

  /** From now on its lines have no time, or they have one again. */
  clockless(): void {
    this.#hasClock = !this.#hasClock;
  }

  write(fields: object): void {
    this.#effects += 1;
    this.line('write', { effect: this.last, originSeq: this.#effects, key: 'k', durationMs: 2, ...fields });
  }

  publish(opId: string | undefined): void {
    this.line('publish', {
      snapshot: `${this.#device}-s${++this.#snapshots}`,
      frontier: { [this.#device]: this.#effects },
      opId,
    });
  }

  restart(inOrder: boolean): void {
    if (inOrder) this.line('device.end', { quiescent: true });
    this.#incarnation += 1;
    this.#seq = 0;
    this.line('device.start', {});
  }

  rotate(): void {
    this.#files.push([]);
  }

  /** So many operations that go by the book. */
  routine(operations: number): void {
    for (let time = 0; time < operations; time += 1) {
      const opId = `${this.#device}-${++this.#operations}`;
      const op = this.#random.pick(['pay', 'sync']);
      const trip = () => ({ opId, ok: true, attempt: 1, durationMs: this.#random.between(1, 200) / 10 });
      this.line('op.start', { opId, op });
      this.write({ opId });
      this.line('verify', { ...trip(), effect: this.last });
      for (let more = this.#random.between(0, 2); more > 0; more -= 1) {
        if (this.#random.chance(0.5)) this.line('request', { ...trip(), kind: 'pin' });
        else this.line('verify', { ...trip(), effect: this.last });
      }
      if (this.#random.chance(0.3))
        this.line('request', { ...trip(), kind: 'fetch', attempt: this.#random.between(2, 4) });
      this.line('op.end', { opId, op, ok: this.#random.chance(0.9), durationMs: this.#random.between(10, 400) / 10 });
    }
  }

  do(action: Action, other: OperationLog): void {
    const { what: _, ...fields } = action;
    switch (action.what) {
      case 'plain':
        this.routine(1);
        break;
      case 'rotate':
        this.rotate();
        break;
      case 'clockless':
        this.clockless();
        break;
      case 'start':
        this.line('op.start', { ...fields, op: 'pay' });
        break;
      case 'end':
        this.line('op.end', { ...fields, op: 'pay' });
        break;
      case 'write':
        this.write(fields);
        break;
      case 'publish':
        this.publish(action.opId);
        break;
      case 'restart':
        this.restart(action.ok);
        break;
      case 'verify': {
        const { effect } = action;
        const named = effect === 'last' ? this.last : effect === 'other' ? other.last : effect;
        this.line('verify', { ...fields, effect: named });
        break;
      }
      case 'request':
        this.line('request', fields);
        break;
    }
  }

  files(): Files {
    return Object.fromEntries(
      this.#files.map((lines, index) => [
        `${this.#device}-${index + 1}.ndjson`,
        lines.map((line) => `${line}\n`).join(''),
      ]),
    );
  }
}
