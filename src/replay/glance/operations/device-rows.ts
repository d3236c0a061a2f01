import { RunningHash } from '../../../base/sample.ts';
import type { ColumnBatch } from '../../../events/columns/column-batch.ts';
import { Names } from '../../../events/columns/names.ts';
import { encodeText, textAt } from '../../../events/columns/texts.ts';
import type { TimedStep } from '../../operations/step.ts';
import { beforeId } from '../../operations/tally.ts';
import { type DeviceOperations, isCrowded } from '../../projections/operations.ts';
import { Beyond } from '../beyond.ts';
import { EndedLately } from './ended-lately.ts';
import type { Folding } from './folded-operation.ts';
import type { LateIds } from './late-ids.ts';
import type { PlainOperation } from './plain-operation.ts';

/** A line names no more operations than its own and the one that it is nested in. */
const mostNamed = 2;

/** So many hashes of ids are kept though nobody has these ids any more. */
const fewHashes = 1024;

/** The plain operations of one device: those under way, and what is known of those that ended lately. */
export class DeviceRows {
  readonly device: string;
  readonly identity: string;
  /** The operations that are laid out, and those that ended lately in the order of their ends, plain or not. */
  readonly laidOut: DeviceOperations;
  readonly folding: Folding;
  incarnation = 0;
  /** Where the rows of those under way stand that were not taken over. */
  batch: ColumnBatch | undefined;
  readonly #ids = new Names();
  readonly #byNumber: (PlainOperation | undefined)[] = [];
  readonly #ended = new EndedLately();
  /** Those of which an earlier look learned that they are late. */
  readonly #late: LateIds;
  /** The hashes of the ids of all that are laid out, and of some that no longer are. */
  #laidOutHashes = new Set<number>();
  /** The hash of what stands before the ids of an incarnation, and that of an operation. */
  #beforeId = new RunningHash();
  #ranked: number | undefined;
  readonly #rank = new RunningHash();

  constructor(device: string, identity: string, laidOut: DeviceOperations, folding: Folding, late: LateIds) {
    this.device = device;
    this.identity = identity;
    this.laidOut = laidOut;
    this.folding = folding;
    this.#late = late;
  }

  /** From now on the device's rows come from a batch. */
  take(batch: ColumnBatch): void {
    if (this.batch) throw new Beyond('lines of a device in two batches at once');
    this.batch = batch;
  }

  /** The batch is over. */
  leave(batch: ColumnBatch): void {
    for (const operation of this.open()) operation.leave(batch);
    this.batch = undefined;
  }

  /** The plain operation of an id, if it is under way. */
  find(words: Int32Array, id: number): PlainOperation | undefined {
    const number = this.#ids.find(words, id);
    return number < 0 ? undefined : this.#byNumber[number];
  }

  /** Takes an operation up whose id is new. Returns its number; -1 where the id is too long to have one. */
  add(words: Int32Array, id: number, operation: PlainOperation): number {
    const number = this.#ids.add(words, id);
    if (number >= 0) this.#byNumber[number] = operation;
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

  /** Whether an operation of the id is laid out, or is to be. Hardly ever is a string made to know that. */
  isLaidOut(words: Int32Array, id: number): boolean {
    const hash = words[id] as number;
    return this.#late.has(hash) || (this.#laidOutHashes.has(hash) && this.laidOut.byId.has(textAt(words, id)));
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

  /** An operation is laid out from now on. */
  layOut(operation: PlainOperation): void {
    this.expectLaidOut(this.#ids.hashOf(operation.number));
    this.#forget(operation);
  }

  /** A plain operation ended whose id stands at a place. */
  end(operation: PlainOperation, words: Int32Array, id: number): void {
    this.#forget(operation);
    this.#ended.keep(this.laidOut.folded);
    this.#ended.add(words, id, operation);
  }

  /** Whether a plain operation of the id ended lately. Which those are follows from what all of them weigh, and is kept with the ones that are laid out. */
  isOver(words: Int32Array, id: number): boolean {
    this.#ended.keep(this.laidOut.folded);
    return this.#ended.has(words, id);
  }

  /** When the steps of those were under way that ended lately. */
  stepsLately(): TimedStep[] {
    this.#ended.keep(this.laidOut.folded);
    return this.#ended.steps();
  }

  /** Those under way, in no order: none is told by which of them began first. */
  open(): readonly PlainOperation[] {
    return this.#ids.size === 0 ? [] : this.#byNumber.filter((operation) => operation !== undefined);
  }

  /** Which operations are given up where there are too many depends on all of them: nobody is to be given up here. */
  expectRoom(): void {
    const plain = this.#ids.size + this.laidOut.folded;
    if (isCrowded(this.laidOut, plain + mostNamed)) throw new Beyond('more operations than are kept');
  }

  #forget({ number }: PlainOperation): void {
    this.#ids.remove(number);
    this.#byNumber[number] = undefined;
  }
}
