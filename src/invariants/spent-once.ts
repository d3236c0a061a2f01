import type { ReplayEvent } from '../events/event.ts';
import { happensBefore, type Mark } from '../replay/mark.ts';
import { arbitration } from '../replay/projections/arbitration.ts';
import { captures } from '../replay/projections/captures.ts';
import { delivery, type Effect } from '../replay/projections/delivery.ts';
import type { Blame } from '../results.ts';
import type { CaseFile } from './evidence/case-file.ts';
import type { DeliveryChain } from './evidence/delivery-chain.ts';
import type { TokenLife } from './evidence/token-lives.ts';
import { count, tokensTouched, writingOf } from './evidence/wording.ts';
import { defineInvariant, type FindingDraft } from './invariant.ts';

/** A token can be spent once, by one effect. */
export const spentOnce = defineInvariant({
  name: 'spent-once',
  promise: 'No token is retired by two different effects.',
  needs: ['write'],
  uses: [captures, delivery, arbitration],
  judge: (file) =>
    [...file.identities.keys()].map((identity) => {
      const chain = file.chain(identity);
      const spent = [...chain.tokens.values()].filter(({ retirements }) => retirements.length > 0);
      return {
        subject: identity,
        findings: spent.flatMap((life) => judgeToken(file, chain, life)),
        detail: count(spent.length + chain.forgotten.spent, 'token spent', 'tokens spent'),
      };
    }),
});

type Written = Effect & { write: Mark<ReplayEvent<'write'>> };

function judgeToken(file: CaseFile, chain: DeliveryChain, { tokenId, coin, retirements }: TokenLife): FindingDraft[] {
  const written = retirements.filter((effect): effect is Written => effect.write !== null);
  const different = written.filter(
    (effect, index) => !written.slice(0, index).some((earlier) => isRetry(effect, earlier)),
  );
  if (different.length < 2) return [];
  const { loser, by, word } = chooseLoser(file, tokenId, different);
  const winner = different.find((effect) => effect !== loser) as Written;
  return [
    {
      code: 'double-spend',
      verdict: 'violated',
      identity: chain.identity,
      device: by === 'cannot-tell' ? undefined : loser.write.event.device,
      coin: coin ?? undefined,
      tokenId,
      effect: by === 'cannot-tell' ? undefined : loser.effect,
      opId: by === 'cannot-tell' ? undefined : loser.write.event.opId,
      blame: { device: by === 'cannot-tell' ? null : loser.write.event.device, by },
      at: loser.write,
      message: `${tokenId} was spent by ${winner.effect} of ${winner.write.event.device} and again by ${loser.effect} of ${loser.write.event.device}`,
      story: [
        ...writingOf(winner),
        ...writingOf(loser).map((line) => ({ ...line, first: true })),
        ...(word ? [{ event: word.event, role: `is answered: ${word.event.verdict}` }] : []),
      ],
      touches: [...new Set(different.flatMap(tokensTouched))],
    },
  ];
}

/** One request, written again: the same operation of the same device, with the same inputs and outputs. */
function isRetry(effect: Written, earlier: Written): boolean {
  const [left, right] = [effect.write.event, earlier.write.event];
  if (left.device !== right.device || left.opId === undefined || left.opId !== right.opId) return false;
  const ids = ({ inputs = [], outputs = [] }: ReplayEvent<'write'>) =>
    [...inputs, '>', ...outputs.map(({ tokenId }) => tokenId)].join(' ');
  return ids(left) === ids(right);
}

/** The arbiter's refusal names the loser; else the one that was written knowing of the other; else nobody can tell. */
function chooseLoser(
  file: CaseFile,
  tokenId: string,
  effects: readonly Written[],
): { loser: Written; by: Blame['by']; word?: Mark<ReplayEvent<'arbiter'>> } {
  const words = file.states.read(arbitration).get(tokenId) ?? [];
  for (const effect of effects) {
    const { device, opId } = effect.write.event;
    const mine = words.filter(
      ({ event }) => event.device === device && (event.opId === undefined || opId === undefined || event.opId === opId),
    );
    const word = mine.find(({ event }) => event.verdict !== 'accepted');
    if (word && !mine.some(({ event }) => event.verdict === 'accepted')) return { loser: effect, by: 'arbiter', word };
  }
  const accepted = words.find(({ event }) => event.verdict === 'accepted');
  const others = effects.filter(({ write }) => write.event.device !== accepted?.event.device);
  if (accepted && others.length === 1) return { loser: others[0] as Written, by: 'arbiter', word: accepted };
  const later = effects.find((effect) =>
    effects.every((other) => other === effect || happensBefore(other.write, effect.write)),
  );
  return later ? { loser: later, by: 'lineage' } : { loser: effects.at(-1) as Written, by: 'cannot-tell' };
}
