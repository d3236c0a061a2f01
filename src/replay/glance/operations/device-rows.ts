import { Ring } from '../../../base/ring.ts';
import { RunningHash } from '../../../base/sample.ts';
import { Names } from '../../../events/columns/names.ts';
import { encodeText, textAt } from '../../../events/columns/texts.ts';
import { beforeId } from '../../operations/tally.ts';
import { type DeviceOperations, type Ended, isCrowded } from '../../projections/operations.ts';
import { Beyond } from '../beyond.ts';
import { PackedOperation } from './packed-operation.ts';
import { PlainOperation } from './plain-operation.ts';

/** A line names no more operations than its own and the one that it is nested in. */
const mostNamed = 2;

/** So many hashes of ids are kept though nobody has these ids any more. */
const fewHashes = 1024;

/** Who keeps the operations of all devices. */
interface Keeper {
  /** One that is not in use. */
  spare(): PlainOperation;
  release(operation: PlainOperation): void;
  sumUpPacked(numbers: Float64Array, at: number): void;
}

/** The plain operations of one device: those under way, and those that ended lately. */
export class DeviceRows {
  readonly device: string;
  readonly identity: string;
  /** The operations that are laid out, and those that ended lately in the order of their ends, plain or not. */
  readonly laidOut: DeviceOperations;
  incarnation = 0;
  readonly #keeper: Keeper;
  /** How many are under way. */
  #open = 0;
  readonly #ids = new Names();
  readonly #byNumber: (PlainOperation | PackedOperation | undefined)[] = [];
  readonly #packed = new Ring();
  readonly #spare: PackedOperation[] = [];
  /** The hashes of the ids of all that are laid out, and of some that no longer are. */
  #laidOutHashes = new Set<number>();
  /** The hash of what stands before the ids of an incarnation, and that of an operation. */
  #beforeId = new RunningHash();
  #ranked: number | undefined;
  readonly #rank = new RunningHash();

  constructor(device: string, identity: string, laidOut: DeviceOperations, keeper: Keeper) {
    this.device = device;
    this.identity = identity;
    this.laidOut = laidOut;
    this.#keeper = keeper;
  }

  /** The plain operation of an id. */
  find(words: Int32Array, id: number): PlainOperation | undefined {
    const number = this.#ids.find(words, id);
    const operation = number < 0 ? undefined : this.#byNumber[number];
    return operation instanceof PackedOperation ? this.unpacked(operation) : operation;
  }

  /** Takes an operation up whose id is new. Returns its number; -1 where the id is too long to have one. */
  add(words: Int32Array, id: number, operation: PlainOperation): number {
    const number = this.#ids.add(words, id);
    if (number < 0) return number;
    this.#byNumber[number] = operation;
    this.#open += 1;
    return number;
  }

  /** An id is now, or will be, that of an operation that is laid out. `hash`: see `texts.ts`. */
  expectLaidOut(hash: number): void {
    const { byId } = this.laidOut;
    if (this.#laidOutHashes.size > 2 * byId.size + fewHashes) {
      this.#laidOutHashes = new Set([...byId.keys()].map((id) => encodeText(id)[0] as number));
    }
    this.#laidOutHashes.add(hash);
  }

  /** Whether an operation of the id is laid out. Hardly ever is a string made to know that. */
  isLaidOut(words: Int32Array, id: number): boolean {
    return this.#laidOutHashes.has(words[id] as number) && this.laidOut.byId.has(textAt(words, id));
  }

  /** By what an operation is sampled, as others are by their events. */
  rankOf({ number, incarnation }: PlainOperation): number {
    if (this.#ranked !== incarnation) {
      this.#ranked = incarnation;
      this.#beforeId = new RunningHash();
      this.#beforeId.addText(beforeId(this.device, incarnation));
    }
    const hash = this.#rank;
    hash.goOnFrom(this.#beforeId);
    this.#ids.hash(number, hash);
    return hash.value();
  }

  /** Packs an operation that ended. Returns its place among those that did. */
  pack(operation: PlainOperation, { weight }: Ended): Ended {
    const packed = this.#spare.pop() ?? new PackedOperation(this, this.#packed);
    packed.pack(operation, weight);
    this.#byNumber[operation.number] = packed;
    this.#keeper.release(operation);
    return packed;
  }

  /** A packed operation as it was before. */
  unpacked(packed: PackedOperation): PlainOperation {
    const operation = this.#keeper.spare();
    packed.unpack(this, operation);
    this.#byNumber[packed.number] = operation;
    return operation;
  }

  sumUp(packed: PackedOperation, numbers: Float64Array, at: number): void {
    this.#keeper.sumUpPacked(numbers, at);
    this.#forget(packed.number);
    this.#spare.push(packed);
  }

  /** An operation is laid out from now on. */
  layOut(operation: PlainOperation): void {
    this.expectLaidOut(this.#ids.hashOf(operation.number));
    this.remove(operation);
  }

  remove({ number, ended }: PlainOperation): void {
    this.#forget(number);
    if (!ended) this.#open -= 1;
  }

  /** One of those under way ends. */
  end(): void {
    this.#open -= 1;
  }

  /** Those under way, in no order: none is told by which of them began first. */
  open(): readonly PlainOperation[] {
    return this.#open === 0
      ? []
      : this.#byNumber.flatMap((operation) =>
          operation instanceof PlainOperation && !operation.ended ? [operation] : [],
        );
  }

  /** Which operations are given up where there are too many depends on all of them: nobody is to be given up here. */
  expectRoom(): void {
    if (isCrowded(this.laidOut, this.#ids.size + mostNamed)) throw new Beyond('more operations than are kept');
  }

  #forget(number: number): void {
    this.#ids.remove(number);
    this.#byNumber[number] = undefined;
  }
}
