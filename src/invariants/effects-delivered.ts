import type { HistoryEvent } from '../replay/causal-order.ts';
import type { Mark } from '../replay/mark.ts';
import { captures } from '../replay/projections/captures.ts';
import { delivery, type Effect } from '../replay/projections/delivery.ts';
import type { FindingCode } from '../results.ts';
import { aboutEffect } from './evidence/about-effect.ts';
import type { DeliveryChain, Outcome } from './evidence/delivery-chain.ts';
import type { Obligation } from './evidence/reach.ts';
import { count, describeHole, describeObligation, tokensTouched, writingOf } from './evidence/wording.ts';
import { defineInvariant, type FindingDraft, type Judgement, type StoryLine } from './invariant.ts';

/** Whatever a device is owed, it applies: told from lag by the contract's rule of what is owed. */
export const effectsDelivered = defineInvariant({
  name: 'effects-delivered',
  promise: 'Every effect that is owed to a device is applied there.',
  needs: ['write', 'replication'],
  uses: [captures, delivery],
  isEssential: (file) => file.logs('write') && !file.logs('balance'),
  judge: (file) =>
    [...file.identities]
      .filter(([, devices]) => devices.length > 1)
      .map(([identity]) => judgeIdentity(file.chain(identity))),
});

function judgeIdentity(chain: DeliveryChain): Judgement {
  const findings: FindingDraft[] = [];
  const hidden: string[] = [];
  for (const { effect, device } of chain.routine.deviations) {
    for (const outcome of chain.outcome(effect, device)) {
      if (outcome.kind === 'known' || outcome.kind === 'pending') continue;
      if (outcome.kind === 'hidden') hidden.push(describeHole(device, outcome.hole));
      else findings.push(finding(chain, effect, device, outcome));
    }
  }
  const missing = [...new Set(hidden)];
  return {
    subject: chain.identity,
    findings,
    unchecked:
      missing.length > 0
        ? `${missing[0]}, which could hide what became of ${count(hidden.length, 'effect')}`
        : undefined,
    detail: `${count(chain.effectCount, 'effect')} on ${count(chain.devices.length, 'device')}`,
  };
}

type Failure = Extract<Outcome, { kind: 'lost' | 'refused' | 'not-applied' }>;

function finding(chain: DeliveryChain, effect: Effect, device: string, outcome: Failure): FindingDraft {
  const { code, at, message, story } = describeFailure(effect, device, outcome);
  return {
    code,
    verdict: 'violated',
    message,
    ...aboutEffect(chain, effect, device),
    at,
    story: [...writingOf(effect), ...story],
    touches: tokensTouched(effect),
  };
}

function describeFailure(
  { effect, origin }: Effect,
  device: string,
  outcome: Failure,
): { code: FindingCode; at: Mark<HistoryEvent>; message: string; story: StoryLine[] } {
  switch (outcome.kind) {
    case 'lost':
      return {
        code: 'lost-update',
        at: outcome.owed.by,
        message: `${effect} of ${origin} never reached ${device}, although ${device} ${describeObligation(outcome.owed)}`,
        story: [owedLine(effect, outcome.owed)],
      };
    case 'not-applied':
      return {
        code: 'not-applied',
        at: outcome.arrived,
        message: `${effect} of ${origin} arrived at ${device} and was never applied, although ${device} ${describeObligation(outcome.owed)}`,
        story: [
          { event: outcome.arrived.event, role: `has ${effect}, and never applies it`, first: true },
          { event: outcome.owed.by.event, role: describeObligation(outcome.owed).replace('it', effect) },
        ],
      };
    case 'refused': {
      const { action, reason } = outcome.line.event;
      const because = reason === undefined ? 'no reason given' : `reason: ${reason}`;
      return {
        code: outcome.selfFiltered ? 'self-filtered' : 'not-applied',
        at: outcome.line,
        message: outcome.selfFiltered
          ? `${effect} arrived at ${device} and was skipped as its own (${because}), although ${origin} wrote it`
          : `${effect} of ${origin} arrived at ${device}, was ${action} (${because}) and never applied`,
        story: [
          {
            event: outcome.line.event,
            role: `${action === 'skipped' ? 'skips' : 'rejects'} ${effect} (${because})`,
            first: true,
          },
        ],
      };
    }
  }
}

function owedLine(effect: string, owed: Obligation): StoryLine {
  return {
    event: owed.by.event,
    role: `${describeObligation(owed)}: ${effect} is owed and no line says that it came`,
    first: true,
  };
}
