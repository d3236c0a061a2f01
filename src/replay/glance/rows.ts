import { equal, zero } from '../../base/amount.ts';
import { enrol } from '../../base/roll.ts';
import type { ColumnBatch } from '../../events/columns/column-batch.ts';
import { encodeText, textAt } from '../../events/columns/texts.ts';
import type { ReplayEvent } from '../../events/event.ts';
import { compareLists, type Holding } from '../projections/readings.ts';
import { listsWhatIsClaimed } from '../projections/snapshot-lists.ts';
import { readAmountAt } from './amounts.ts';
import { Beyond } from './beyond.ts';
import type { GlanceLane } from './glance-lane.ts';
import { cells } from './layout.ts';
import { noteReading } from './unconfirmed.ts';

const nothing: Holding = { amount: zero, tokens: 0 };

/** A device writes an effect. */
export function takeWrite(batch: ColumnBatch, base: number, lane: GlanceLane): void {
  const { cells: all, words } = batch;
  const { effect, originSeq } = cells.write;
  const number = all[base + originSeq] as number;
  if (number !== lane.written + 1) throw new Beyond('effects that are missing or out of order');
  lane.written = number;
  enrol(lane.roll, words[all[base + effect] as number] as number);
  lane.active = lane.events;
  lane.book.write(batch, base, lane);
}

/** A device books a change. */
export function takeBalance(batch: ColumnBatch, base: number, lane: GlanceLane): void {
  const { book } = lane;
  const { cells: all, words } = batch;
  const { effect: at, snapshot } = cells.balance;
  if (all[base + at] === 0 || all[base + snapshot] !== 0) throw new Beyond('a change without an effect');
  const effect = book.find(words, all[base + at] as number);
  if (effect >= 0) book.move(effect, batch, base, lane);
  else book.moveLate(batch, base, lane);
}

/** A device shows what it holds of a coin. */
export function takeReading({ cells: all, words }: ColumnBatch, base: number, lane: GlanceLane): void {
  const { coin, amount, tokens } = cells.read;
  const coinAt = all[base + coin] as number;
  const held = lane.holding(lane.book.coins.find(words, coinAt)) ?? nothing;
  const shown = { amount: readAmountAt(words, all[base + amount] as number), tokens: all[base + tokens] as number };
  lane.readings += 1;
  if (held.tokens === shown.tokens && equal(held.amount, shown.amount)) return;
  noteReading(lane.unconfirmed, { ...lane.position, coin: textAt(words, coinAt), shown, held });
}

/** A device lists its tokens. */
export function takeListing(event: ReplayEvent<'tokens.read'>, lane: GlanceLane): void {
  const { surplus, missing } = compareLists(event, [...lane.book.tokens.heldBy(lane)]);
  lane.readings += 1;
  if (surplus.length + missing.length > 0) lane.unconfirmed.lists.push({ ...lane.position, surplus, missing });
}

/** Whether a snapshot lists just what its frontier claims, or nothing. */
export function claimsWhatItLists(
  { contents, frontier }: ReplayEvent<'publish'>,
  laneOf: (device: string) => GlanceLane | undefined,
): boolean {
  const hash = (effect: string) => encodeText(effect)[0] as number;
  return contents === undefined || listsWhatIsClaimed(contents, frontier, hash, (origin) => laneOf(origin)?.roll);
}
