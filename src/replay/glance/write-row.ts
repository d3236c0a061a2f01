import { writeKind } from './conservation.ts';

/** How many cells an output has: token, coin, amount, owner. */
export const outputWidth = 4;

/** Whoever writes an effect, by its newest line: a device's index among those of the identity, the effect's number there, and the line's time and place in its order. */
export interface Author {
  readonly index: number;
  readonly written: number;
  readonly time: number;
  readonly events: number;
}

/** How many items a list has. */
export function itemsAt(words: Int32Array, list: number): number {
  return list === 0 ? 0 : (words[list] as number);
}

/** Whether an effect moves what is there already, or what another identity sent. */
export function isTransfer(words: Int32Array, inputs: number, kind: number): boolean {
  return itemsAt(words, inputs) > 0 || kind === writeKind.receive;
}
