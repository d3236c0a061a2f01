import { type Amount, add } from '../../base/amount.ts';
import type { ReplayEvent } from '../../events/event.ts';
import type { Mark } from '../mark.ts';

/** A `balance` line with its place in the history. */
export type BalanceLine = Mark<ReplayEvent<'balance'>>;

/** The `balance` lines of one token that name one cause on one device: their sum, and the lines. */
export interface Movement {
  readonly coin: string;
  sum: Amount;
  readonly lines: BalanceLine[];
}

/** By token, in the order in which they first moved. */
export type Movements = Map<string, Movement>;

/** Books a line under its token. */
export function move(movements: Movements, line: BalanceLine): Movement {
  const { tokenId, coin, delta } = line.event;
  let movement = movements.get(tokenId);
  if (movement === undefined) {
    movement = { coin, sum: delta, lines: [line] };
    movements.set(tokenId, movement);
  } else {
    movement.sum = add(movement.sum, delta);
    movement.lines.push(line);
  }
  return movement;
}

/** The lines token by token. An effect has few lines on a device and few effects are ever looked into: they are kept as a list. */
export function movementsOf(lines: readonly BalanceLine[]): Movements {
  const movements: Movements = new Map();
  for (const line of lines) move(movements, line);
  return movements;
}
