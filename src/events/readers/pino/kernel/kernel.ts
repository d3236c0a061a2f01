import type { ColumnWriter } from '../../../columns/column-writer.ts';
import type { ColumnTemplate } from '../column-template.ts';
import type { Stem } from '../templates.ts';
import { compiled } from './compiled.ts';
import { type Program, programOf } from './program.ts';

/** Addresses in its memory, as the kernel exports them. */
type Address =
  | 'STATE'
  | 'PROGRAM'
  | 'PROGRAM_END'
  | 'INPUT'
  | 'INPUT_END'
  | 'CELLS'
  | 'CELLS_END'
  | 'TIMES'
  | 'TIMES_END'
  | 'NUMBERS'
  | 'NUMBERS_END'
  | 'WORDS'
  | 'WORDS_END';

/** What the kernel exports. */
type Exports = Readonly<Record<Address, { readonly value: number }>> & {
  readonly memory: { readonly buffer: ArrayBuffer };
  scan(from: number, end: number, line: number, width: number, most: number, words: number, numbers: number): number;
};

/** What is used of WebAssembly, which the types of Node leave out, and which Node leaves out where it may not make code. */
interface WebAssembly {
  readonly Module: new (code: Uint8Array) => object;
  readonly Instance: new (module: object) => { readonly exports: unknown };
}

const newline = 0x0a;

/**
 * Reads lines by a program, many at a time. One serves all files of a thread, which take turns: it is told a program and bytes anew where
 * another file was there in between.
 */
export class Kernel {
  readonly #scan: Exports['scan'];
  /** Where the next line begins, and where words and numbers end, after `scan`. */
  readonly #state: Int32Array;
  readonly #program: Uint8Array;
  readonly #input: Uint8Array;
  readonly #cells: Int32Array;
  readonly #times: Float64Array;
  readonly #numbers: Float64Array;
  readonly #words: Int32Array;
  #told: Program | undefined;
  /** The bytes of which it has a part, and which. */
  #bytes: Uint8Array | undefined;
  #from = 0;
  #end = 0;
  /** Where the next line begins, after `read`. */
  next = 0;

  constructor({ Instance, Module }: WebAssembly) {
    const exports = new Instance(new Module(Buffer.from(compiled, 'base64'))).exports as Exports;
    const { buffer } = exports.memory;
    const part = (from: Address, to: Address, width: number): [ArrayBuffer, number, number] => {
      const { value } = exports[from];
      return [buffer, value, (exports[to].value - value) / width];
    };
    this.#scan = exports.scan;
    this.#state = new Int32Array(buffer, exports.STATE.value, 3);
    this.#program = new Uint8Array(...part('PROGRAM', 'PROGRAM_END', 1));
    this.#input = new Uint8Array(...part('INPUT', 'INPUT_END', 1));
    this.#cells = new Int32Array(...part('CELLS', 'CELLS_END', 4));
    this.#times = new Float64Array(...part('TIMES', 'TIMES_END', 8));
    this.#numbers = new Float64Array(...part('NUMBERS', 'NUMBERS_END', 8));
    this.#words = new Int32Array(...part('WORDS', 'WORDS_END', 4));
  }

  /** The program of a file's templates; `undefined` where there are more than it has room for. */
  programOf(stems: readonly Stem<ColumnTemplate>[]): Program | undefined {
    return programOf(stems, this.#program.byteOffset, this.#program.length);
  }

  /**
   * Writes rows of the lines from `start` on, of which the first has the number `line`, for as long as the program knows them. `bytes`: whole
   * lines, the last with its line end. Returns how many; the next line begins at `next`.
   */
  read(program: Program, bytes: Uint8Array, start: number, line: number, writer: ColumnWriter): number {
    if (this.#told !== program) {
      this.#program.set(program);
      this.#told = program;
    }
    if (this.#bytes !== bytes || start < this.#from || start >= this.#end) this.#take(bytes, start);
    const { width } = writer.plan;
    const offset = this.#input.byteOffset - this.#from;
    const most = Math.min(this.#times.length, Math.floor(this.#cells.length / width));
    const rows = this.#scan(start + offset, this.#end + offset, line, width, most, writer.next, writer.numbers);
    if (rows === 0) return 0;
    const [at = 0, words = 0, numbers = 0] = this.#state;
    this.next = at - offset;
    writer.add({
      rows,
      cells: this.#cells.subarray(0, rows * width),
      times: this.#times.subarray(0, rows),
      words: this.#words.subarray(0, (words - this.#words.byteOffset) / 4),
      numbers: this.#numbers.subarray(0, (numbers - this.#numbers.byteOffset) / 8),
    });
    return rows;
  }

  /** Copies as much as there is room for; a line end behind it stops whatever would be read past it. */
  #take(bytes: Uint8Array, from: number): void {
    const end = Math.min(bytes.length, from + this.#input.length - 1);
    this.#input.set(bytes.subarray(from, end));
    this.#input[end - from] = newline;
    this.#bytes = bytes;
    this.#from = from;
    this.#end = end;
  }
}

let ofThread: Kernel | undefined;

/** The kernel of this thread; `undefined` where there is none to be had. */
export function kernelOfThread(): Kernel | undefined {
  const { WebAssembly: available } = globalThis as { readonly WebAssembly?: WebAssembly };
  ofThread ??= available && new Kernel(available);
  return ofThread;
}
