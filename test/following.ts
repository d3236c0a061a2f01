import { type ChildProcess, spawn } from 'node:child_process';
import { appendFileSync } from 'node:fs';
import { onTestFinished } from 'vitest';
import { bin } from './built.ts';

const longestMs = 12_000;

/** The built command while it follows a run. */
export class Following {
  stdout = '';
  stderr = '';
  readonly #child: ChildProcess;
  readonly #ended: Promise<number | null>;
  #onOutput = () => {};

  constructor(cwd: string, args: readonly string[]) {
    this.#child = spawn(process.execPath, [bin, 'check-balances', '--follow', '--no-config', ...args], { cwd });
    this.#child.stdout?.on('data', (data) => this.#took('stdout', String(data)));
    this.#child.stderr?.on('data', (data) => this.#took('stderr', String(data)));
    this.#ended = new Promise((resolve) => this.#child.once('close', resolve));
    onTestFinished(() => void this.#child.kill('SIGKILL'));
  }

  /** Begins to follow, and waits until what was there is read. */
  static async begin(cwd: string, ...args: readonly string[]): Promise<Following> {
    const following = new Following(cwd, args);
    await following.says('stderr', 'replay: following');
    return following;
  }

  /** Waits until it has printed this. */
  async says(stream: 'stdout' | 'stderr', text: string): Promise<void> {
    await this.until(() => this[stream].includes(text), `${stream} says ${text}`);
  }

  /** Waits until something is so that follows from its output. */
  async until(holds: () => boolean, what: string): Promise<void> {
    await new Promise<void>((resolve, reject) => {
      const late = () => reject(new Error(`${what}: not within ${longestMs} ms\n${this.stdout}\n${this.stderr}`));
      const timer = setTimeout(late, longestMs);
      this.#onOutput = () => {
        if (!holds()) return;
        clearTimeout(timer);
        resolve();
      };
      this.#onOutput();
    });
  }

  /** Interrupts it and waits for its end. */
  async interrupt(signal: NodeJS.Signals = 'SIGINT'): Promise<number | null> {
    this.#child.kill(signal);
    return this.#ended;
  }

  signal(signal: NodeJS.Signals): void {
    this.#child.kill(signal);
  }

  #took(stream: 'stdout' | 'stderr', text: string): void {
    this[stream] += text;
    this.#onOutput();
  }
}

/** A log of a device of bob's that is written line by line. */
export class GrowingLog {
  #seq = 0;
  path: string;
  readonly device: string;

  constructor(path: string, device: string) {
    this.path = path;
    this.device = device;
  }

  /** The next line, without writing it. */
  line(type: string, fields: object = {}): string {
    this.#seq++;
    const header = { level: 30, time: 1748642400000 + this.#seq, pid: 1, hostname: 'host', msg: type };
    const place = { v: 1, type, device: this.device, identity: 'bob', incarnation: 1, seq: this.#seq, run: 'run-1' };
    return `${JSON.stringify({ ...header, ...place, ...fields })}\n`;
  }

  write(type: string, fields: object = {}): void {
    appendFileSync(this.path, this.line(type, fields));
  }
}
