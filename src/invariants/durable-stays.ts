import { type Amount, add, equal, negate, zero } from '../base/amount.ts';
import { captures } from '../replay/projections/captures.ts';
import { delivery, type Effect } from '../replay/projections/delivery.ts';
import { ledger } from '../replay/projections/ledger.ts';
import { type Mislisting, type Misreading, readings } from '../replay/projections/readings.ts';
import { aboutEffect } from './evidence/about-effect.ts';
import type { CaseFile } from './evidence/case-file.ts';
import type { DeliveryChain } from './evidence/delivery-chain.ts';
import { tokensTouched, writingOf } from './evidence/wording.ts';
import { defineInvariant, type FindingDraft, type Judgement } from './invariant.ts';

/** What was verified as durable is there after a restart. */
export const durableStays = defineInvariant({
  name: 'durable-stays',
  promise: 'An effect that was verified as durable is still there after the device restarts.',
  needs: ['write', 'verify', 'balance', ['balance.read', 'tokens.read']],
  uses: [captures, delivery, ledger, readings],
  judge: (file) => [...file.identities.keys()].map((identity) => judgeIdentity(file, file.chain(identity))),
});

function judgeIdentity(file: CaseFile, chain: DeliveryChain): Judgement {
  const findings: FindingDraft[] = [];
  const durable = chain.effects.filter((effect) => effect.durable);
  for (const device of chain.devices) {
    const { wrong = [], wrongLists = [] } = file.states.read(readings).get(device) ?? {};
    const reported = new Set<Effect>();
    const inOrder = [...wrong, ...wrongLists].sort((left, right) => left.read.position - right.read.position);
    for (const reading of inOrder) {
      const hole = file.holeThatHides(device, ['balance', 'clear'], { phase: reading.phase, hard: true });
      if (hole !== null && hole !== 'end' && hole.before.position <= reading.read.position) continue;
      const effect = forgotten(chain, device, durable, reading);
      if (effect && !reported.has(effect)) findings.push(gone(chain, device, effect, firstSince(inOrder, effect)));
      if (effect) reported.add(effect);
    }
  }
  return {
    subject: chain.identity,
    findings,
  };
}

/** The first wrong reading of an incarnation that began after the effect became durable. */
function firstSince(inOrder: readonly (Misreading | Mislisting)[], { durable }: Effect): Misreading | Mislisting {
  const incarnation = durable?.event.incarnation ?? 0;
  return inOrder.find(({ read }) => read.event.incarnation > incarnation) as Misreading | Mislisting;
}

/** The one durable effect from before the restart without which the ledger would be what the device showed. */
function forgotten(
  chain: DeliveryChain,
  device: string,
  durable: readonly Effect[],
  reading: Misreading | Mislisting,
): Effect | undefined {
  const { incarnation } = reading.read.event;
  const candidates = durable.filter((effect) => {
    const outcome = chain.outcome(effect, device)[reading.phase];
    const isOlder = outcome?.kind === 'known' && outcome.by.since.event.incarnation < incarnation;
    return isOlder && effect.durable?.event.device === device && (effect.durable?.event.incarnation ?? 0) < incarnation;
  });
  const fitting = candidates.filter((effect) =>
    'amount' in reading ? explainsTotal(chain, effect, reading) : explainsList(chain, effect, reading),
  );
  return fitting.length === 1 ? fitting[0] : undefined;
}

function explainsTotal(chain: DeliveryChain, effect: Effect, { read, amount, tokens }: Misreading): boolean {
  const { coin, amount: shown, tokens: number } = read.event;
  const all = changesOf(chain, effect);
  // Who made what it spends is forgotten, or never told: it may be worth anything. Had it been missing here, its tokens were not forgotten.
  if (all.some((change) => change.coin === null)) return false;
  const changes = all.filter((change) => change.coin === coin);
  const without = changes.reduce((sum, { delta }) => add(sum, negate(delta)), amount);
  const tokensWithout = changes.reduce((sum, { delta }) => sum - (delta.units > 0n ? 1 : -1), tokens);
  return equal(without, shown) && tokensWithout === number;
}

function explainsList(chain: DeliveryChain, effect: Effect, { surplus, missing }: Mislisting): boolean {
  const changes = changesOf(chain, effect);
  const made = changes.filter(({ delta }) => delta.units > 0n).map(({ tokenId }) => tokenId);
  const spent = changes.filter(({ delta }) => delta.units < 0n).map(({ tokenId }) => tokenId);
  const all = missing.length + surplus.length > 0;
  return (
    all &&
    missing.every(({ tokenId }) => made.includes(tokenId)) &&
    surplus.every((prefix) => spent.some((id) => id.startsWith(prefix)))
  );
}

/** What an effect changes of each token; a coin of which nobody knows is `null`. */
function changesOf(chain: DeliveryChain, { write }: Effect): { tokenId: string; coin: string | null; delta: Amount }[] {
  const { inputs = [], outputs = [] } = write?.event ?? {};
  const made = outputs.filter(({ owner }) => owner === undefined || owner === chain.identity);
  return [
    ...made.map(({ tokenId, coin, amount }) => ({ tokenId, coin, delta: amount })),
    ...inputs.map((tokenId) => {
      const life = chain.tokens.get(tokenId);
      return { tokenId, coin: life?.coin ?? null, delta: negate(life?.amount ?? zero) };
    }),
  ];
}

function gone(chain: DeliveryChain, device: string, effect: Effect, { read }: Misreading | Mislisting): FindingDraft {
  const verified = effect.durable?.event;
  return {
    code: 'not-durable',
    verdict: 'violated',
    ...aboutEffect(chain, effect, device),
    blame: { device, by: 'lineage' },
    at: read,
    message: `${effect.effect} was verified as durable, and ${device} shows its state without it after a restart`,
    story: [
      ...writingOf(effect),
      ...(verified ? [{ event: verified, role: `makes ${effect.effect} durable` }] : []),
      { event: read.event, role: `shows what there would be without ${effect.effect}`, first: true },
    ],
    touches: tokensTouched(effect),
  };
}
