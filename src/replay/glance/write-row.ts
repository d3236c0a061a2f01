import { writeKind } from './conservation.ts';

/** How many cells an output has: token, coin, amount, owner. */
export const outputWidth = 4;

/** What a `write` line says, as places in its batch. */
export interface WriteRow {
  readonly words: Int32Array;
  readonly effect: number;
  readonly kind: number;
  readonly inputs: number;
  readonly outputs: number;
}

/** By whom and when something is written: a device's index among those of the identity, its number there, and the line's place in its order. */
export interface Writing {
  readonly device: number;
  readonly originSeq: number;
  readonly time: number;
  readonly place: number;
}

/** How many items a list has. */
export function itemsAt(words: Int32Array, list: number): number {
  return list === 0 ? 0 : (words[list] as number);
}

/** Whether an effect moves what is there already, or what another identity sent. */
export function isTransfer({ words, inputs, kind }: Pick<WriteRow, 'words' | 'inputs' | 'kind'>): boolean {
  return itemsAt(words, inputs) > 0 || kind === writeKind.receive;
}
