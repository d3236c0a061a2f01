import { type Amount, add, equal, formatAmount, negate, zero } from '../base/amount.ts';
import { byText } from '../base/order.ts';
import type { ReplayEvent } from '../events/event.ts';
import { captures } from '../replay/projections/captures.ts';
import { delivery, type Effect } from '../replay/projections/delivery.ts';
import { movementsOf } from '../replay/projections/movements.ts';
import type { CaseFile } from './evidence/case-file.ts';
import type { DeliveryChain } from './evidence/delivery-chain.ts';
import { count, tokensTouched, writingOf } from './evidence/wording.ts';
import { defineInvariant, type FindingDraft } from './invariant.ts';

/** Value is neither made nor lost on the way. */
export const amountsConserved = defineInvariant({
  name: 'amounts-conserved',
  promise: 'What a transfer takes in is what it puts out, coin by coin, and what is received is what was sent.',
  needs: ['write'],
  uses: [captures, delivery],
  judge(file) {
    const sent = sentTokens(file);
    return [...file.identities.keys()].map((identity) => {
      const chain = file.chain(identity);
      const moving = chain.effects.filter(
        ({ write }) => write && (write.event.inputs?.length || write.event.kind === 'receive'),
      );
      return {
        subject: identity,
        findings: moving.flatMap((effect) => [...transferred(chain, effect), ...received(chain, effect, sent)]),
        detail: count(moving.length + chain.forgotten.transfers, 'transfer'),
      };
    });
  },
});

type Output = NonNullable<ReplayEvent<'write'>['outputs']>[number];

/** Tokens that one identity put out for another, by id. */
function sentTokens(file: CaseFile): ReadonlyMap<string, { output: Output; effect: Effect }> {
  const sent = new Map<string, { output: Output; effect: Effect }>();
  for (const identity of file.identities.keys()) {
    for (const effect of file.chain(identity).effects) {
      for (const output of effect.write?.event.outputs ?? []) {
        if (output.owner !== undefined && output.owner !== identity) sent.set(output.tokenId, { output, effect });
      }
    }
  }
  return sent;
}

/** A transfer puts out what it takes in; what burns, or does not say, at least no more. */
function transferred(chain: DeliveryChain, effect: Effect): FindingDraft[] {
  const { inputs = [], outputs = [], kind, device } = effect.write?.event ?? {};
  if (kind === 'mint' || kind === 'receive') return [];
  const balance = new Map<string, Amount>();
  const book = (coin: string, amount: Amount) => balance.set(coin, add(balance.get(coin) ?? zero, amount));
  for (const tokenId of new Set(inputs)) {
    const input = worthOf(chain, effect, tokenId);
    if (!input) return [];
    book(input.coin, input.amount);
  }
  for (const { coin, amount } of outputs) book(coin, negate(amount));
  return [...balance]
    .filter(([, { units }]) => (kind === 'transfer' ? units !== 0n : units < 0n))
    .sort(([left], [right]) => byText(left, right))
    .map(([coin, rest]) => ({
      ...draft(chain, effect, coin, inputs[0]),
      device,
      blame: { device: device ?? null, by: 'conservation' },
      message:
        rest.units > 0n
          ? `${effect.effect} takes in ${formatAmount(rest)} ${coin} more than it puts out`
          : `${effect.effect} puts out ${formatAmount(negate(rest))} ${coin} more than it takes in`,
      story: writingOf(effect).map((line) => ({ ...line, first: true })),
    }));
}

/** What a token that an effect spends is worth: by its birth, else by what the writer's balance lost. */
function worthOf(chain: DeliveryChain, effect: Effect, tokenId: string): { coin: string; amount: Amount } | undefined {
  const life = chain.tokens.get(tokenId);
  if (life?.amount && life.coin !== null) return { coin: life.coin, amount: life.amount };
  const passage = effect.passages.find(({ replica }) => replica.device === effect.origin);
  const movement = movementsOf(passage?.moved ?? []).get(tokenId);
  return movement && { coin: movement.coin, amount: negate(movement.sum) };
}

function received(chain: DeliveryChain, effect: Effect, sent: ReturnType<typeof sentTokens>): FindingDraft[] {
  const { outputs = [], kind, device } = effect.write?.event ?? {};
  if (kind !== 'receive') return [];
  return outputs.flatMap(({ tokenId, coin, amount }) => {
    const source = sent.get(tokenId);
    if (!source || (source.output.coin === coin && equal(source.output.amount, amount))) return [];
    const [there, here] = [
      `${formatAmount(source.output.amount)} ${source.output.coin}`,
      `${formatAmount(amount)} ${coin}`,
    ];
    return [
      {
        ...draft(chain, effect, coin, tokenId),
        device,
        blame: { device: device ?? null, by: 'counterparty' as const },
        message: `${effect.effect} receives ${here} as ${tokenId}, of which ${source.effect.effect} sent ${there}`,
        story: [...writingOf(source.effect), ...writingOf(effect).map((line) => ({ ...line, first: true }))],
      },
    ];
  });
}

function draft(chain: DeliveryChain, effect: Effect, coin: string, tokenId: string | undefined) {
  return {
    code: 'conservation',
    verdict: 'violated',
    identity: chain.identity,
    coin,
    tokenId,
    effect: effect.effect,
    opId: effect.write?.event.opId,
    at: effect.write ?? undefined,
    touches: tokensTouched(effect),
  } as const;
}
