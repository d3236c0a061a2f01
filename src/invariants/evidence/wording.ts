import { formatAmount } from '../../base/amount.ts';
import { grouped } from '../../base/grouped.ts';
import type { ReplayEvent } from '../../events/event.ts';
import type { Hole } from '../../replay/projections/captures.ts';
import type { Effect } from '../../replay/projections/delivery.ts';
import type { StoryLine } from '../invariant.ts';
import type { Obligation } from './reach.ts';

/** What an effect does to tokens, for a sentence: `mints 100 UCT (T1)`, `spends T1, makes T2`. */
function describeEffect({ write }: Effect): string {
  return write ? describeWrite(write.event) : 'was written by a line that is not in the logs';
}

/** What a write does to tokens, for a sentence. */
export function describeWrite({ inputs = [], outputs = [], key }: ReplayEvent<'write'>): string {
  const made = outputs.map(
    ({ tokenId, coin, amount, owner }) =>
      `${formatAmount(amount)} ${coin} (${tokenId})${owner === undefined ? '' : ` for ${owner}`}`,
  );
  if (inputs.length === 0 && made.length === 0) return `writes ${key}`;
  const spends = inputs.length > 0 ? [`spends ${inputs.join(', ')}`] : [];
  const makes = made.length > 0 ? [`makes ${made.join(' + ')}`] : [];
  return [...spends, ...makes].join(', ');
}

/** The line that wrote an effect, as the beginning of a story. */
export function writingOf(effect: Effect): StoryLine[] {
  return effect.write
    ? [{ event: effect.write.event, role: `writes ${effect.effect}: ${describeEffect(effect)}` }]
    : [];
}

/** Why an effect is owed, as a clause about the device: `later applied e9, which follows it`. */
export function describeObligation({ rule, by }: Obligation): string {
  const { event } = by;
  switch (rule) {
    case 'refused':
      return 'refused it';
    case 'follower-applied':
      return event.type === 'write'
        ? `wrote ${event.effect}, which depends on it`
        : `applied ${(event as ReplayEvent<'replication'>).effect}, which follows it`;
    case 'snapshot-imported':
      return `imported snapshot ${(event as ReplayEvent<'import'>).snapshot}, which claims it`;
    case 'snapshot-published':
      return `published snapshot ${(event as ReplayEvent<'publish'>).snapshot}, which claims it`;
    case 'quiescent':
      return 'ended quiescent, as did the device that wrote it';
  }
}

/** A hole as a clause: `seq 12–14 of incarnation 1 are missing`. */
export function describeHole(device: string, hole: Hole | 'end' | 'unwritten'): string {
  if (hole === 'unwritten') return `an effect that ${device} knows was written by a line that is not in the logs`;
  if (hole === 'end') return `the log of ${device} is cut off`;
  const { incarnation, from, to, hides, soft } = hole;
  if (soft)
    return `incarnation ${incarnation} of ${device} stopped without device.end, so that its last lines may be missing`;
  if (to === null) return `incarnation ${incarnation} of ${device} is missing from its log`;
  const range = from === to ? `seq ${from}` : `seq ${from}–${to}`;
  const what = hides === 'anything' ? 'missing from the log' : `an unreadable ${hides} line`;
  return `${range} of ${device}, incarnation ${incarnation}, ${from === to ? 'is' : 'are'} ${what}`;
}

/** Every token that an effect spends or makes. */
export function tokensTouched({ write }: Effect): string[] {
  return [...(write?.event.inputs ?? []), ...(write?.event.outputs ?? []).map(({ tokenId }) => tokenId)];
}

/** A number with its noun: `1 effect`, `2 effects`. */
export function count(number: number, one: string, many = `${one}s`): string {
  return `${grouped(number)} ${number === 1 ? one : many}`;
}
