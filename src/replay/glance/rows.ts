import { equal, negate, zero } from '../../base/amount.ts';
import { enrol } from '../../base/roll.ts';
import type { ColumnBatch } from '../../events/columns/column-batch.ts';
import { encodeText, textAt } from '../../events/columns/texts.ts';
import type { ReplayEvent } from '../../events/event.ts';
import { compareLists, type Holding } from '../projections/readings.ts';
import { listsWhatIsClaimed } from '../projections/snapshot-lists.ts';
import { addendOf, readAmountAt } from './amounts.ts';
import { Beyond } from './beyond.ts';
import type { GlanceLane } from './glance-lane.ts';
import { cells, kinds } from './layout.ts';
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
  const effect = book.find(words, all[base + at] as number);
  if (all[base + snapshot] !== 0) restore(batch, base, lane);
  else if (all[base + at] === 0) throw new Beyond('a change without an effect');
  else if (effect >= 0) book.move(effect, batch, base, lane);
  else book.moveLate(batch, base, lane);
}

/** A token comes by a snapshot that the device takes over, or goes. */
function restore({ cells: all, words }: ColumnBatch, base: number, lane: GlanceLane): void {
  const { token: tokenAt, coin: coinAt, delta: deltaAt, snapshot } = cells.balance;
  const { tokens, coins } = lane.book;
  const token = tokens.names.find(words, all[base + tokenAt] as number);
  const comes = lane.takeover?.tokens.get(token);
  const isOf = lane.takeover?.snapshot === textAt(words, all[base + snapshot] as number);
  if (!isOf || comes === undefined) throw new Beyond('a change by a snapshot that does not make it');
  const coin = tokens.coinOf(token);
  const worth = lane.book.amounts.value(tokens.amountOf(token));
  const delta = readAmountAt(words, all[base + deltaAt] as number);
  if (!coins.is(coin, words, all[base + coinAt] as number) || !equal(delta, comes ? worth : negate(worth))) {
    throw new Beyond('a token that comes back as something else');
  }
  lane.ledger.move(coin, addendOf(delta), comes ? 1 : -1);
  lane.restore(token);
}

/** Whether a device that was wiped can go on with such a line before it recovers. */
export function mayComeBack({ cells: all }: ColumnBatch, base: number, lane: GlanceLane, kind: number): boolean {
  if (kind === kinds.balance) return all[base + cells.balance.snapshot] !== 0;
  if (kind === kinds.read) return lane.isWiped;
  return kind !== kinds.write && kind !== kinds.replication;
}

/** A device is wiped. */
export function takeClear(event: ReplayEvent<'clear'>, lane: GlanceLane): void {
  lane.book.recovery.wipe(lane.index);
  lane.clear(event);
}

/** A device takes over a snapshot that claims so much. */
export function takeImport(
  event: ReplayEvent<'import'>,
  frontier: ReplayEvent<'publish'>['frontier'],
  lane: GlanceLane,
  laneOf: (device: string) => GlanceLane | undefined,
): void {
  const claims: number[] = [];
  for (const [device, originSeq] of Object.entries(frontier)) {
    const origin = laneOf(device);
    if (originSeq > 0 && (origin?.book !== lane.book || origin.written < originSeq)) {
      throw new Beyond('a snapshot that claims what nobody wrote');
    }
    if (origin) claims[origin.index] = originSeq;
  }
  const { book, index, events, isWiped } = lane;
  lane.takeOver(event, book.recovery.takeOver(index, events, claims, isWiped));
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
  const held = lane.isWiped ? [] : [...lane.book.tokens.heldBy(lane)];
  const { surplus, missing } = compareLists(event, held);
  lane.readings += 1;
  if (surplus.length + missing.length > 0) lane.unconfirmed.lists.push({ ...lane.position, surplus, missing });
}

/** Whether what is listed of a snapshot is just what its frontier claims, or nothing is. */
export function claimsWhatItLists(
  contents: readonly string[] | undefined,
  frontier: ReplayEvent<'publish'>['frontier'],
  laneOf: (device: string) => GlanceLane | undefined,
): boolean {
  const hash = (effect: string) => encodeText(effect)[0] as number;
  return contents === undefined || listsWhatIsClaimed(contents, frontier, hash, (origin) => laneOf(origin)?.roll);
}
