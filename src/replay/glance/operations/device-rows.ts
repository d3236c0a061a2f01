import { Names } from '../../../events/columns/names.ts';
import { type DeviceOperations, isCrowded } from '../../projections/operations.ts';
import { Beyond } from '../beyond.ts';
import type { PlainOperation } from './plain-operation.ts';

/** A line names no more operations than its own and the one that it is nested in. */
const mostNamed = 2;

/** The plain operations of one device: those under way, and those that ended lately. */
export class DeviceRows {
  readonly device: string;
  readonly identity: string;
  /** The operations that are laid out, and those that ended lately in the order of their ends, plain or not. */
  readonly laidOut: DeviceOperations;
  incarnation = 0;
  /** How many are under way. */
  #open = 0;
  readonly #ids = new Names();
  readonly #byNumber: (PlainOperation | undefined)[] = [];

  constructor(device: string, identity: string, laidOut: DeviceOperations) {
    this.device = device;
    this.identity = identity;
    this.laidOut = laidOut;
  }

  /** The plain operation of an id. */
  find(words: Int32Array, id: number): PlainOperation | undefined {
    const number = this.#ids.find(words, id);
    return number < 0 ? undefined : this.#byNumber[number];
  }

  /** Takes an operation up whose id is new. Returns its number; -1 where the id is too long to have one. */
  add(words: Int32Array, id: number, operation: PlainOperation): number {
    const number = this.#ids.add(words, id);
    if (number < 0) return number;
    this.#byNumber[number] = operation;
    this.#open += 1;
    return number;
  }

  idOf({ number }: PlainOperation): string {
    return this.#ids.text(number);
  }

  remove(operation: PlainOperation): void {
    this.#ids.remove(operation.number);
    this.#byNumber[operation.number] = undefined;
    if (!operation.ended) this.#open -= 1;
  }

  /** One of those under way ends. */
  end(): void {
    this.#open -= 1;
  }

  /** Those under way, in no order: none is told by which of them began first. */
  open(): readonly PlainOperation[] {
    return this.#open === 0
      ? []
      : this.#byNumber.flatMap((operation) => (!operation || operation.ended ? [] : [operation]));
  }

  /** Which operations are given up where there are too many depends on all of them: nobody is to be given up here. */
  expectRoom(): void {
    if (isCrowded(this.laidOut, this.#ids.size + mostNamed)) throw new Beyond('more operations than are kept');
  }
}
