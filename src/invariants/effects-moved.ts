import { type Amount, equal, formatAmount, isMultiple } from '../base/amount.ts';
import { getOrCreate } from '../base/order.ts';
import type { ReplayEvent } from '../events/event.ts';
import type { HistoryEvent } from '../replay/causal-order.ts';
import type { Mark } from '../replay/mark.ts';
import { captures, endOf } from '../replay/projections/captures.ts';
import { delivery, type Effect } from '../replay/projections/delivery.ts';
import type { Movement } from '../replay/projections/movements.ts';
import type { CaseFile } from './evidence/case-file.ts';
import type { DeliveryChain, Known } from './evidence/delivery-chain.ts';
import { type Booking, type ExpectedChange, expectedChanges, movementOf } from './evidence/expected-changes.ts';
import { count, describeHole, tokensTouched, writingOf } from './evidence/wording.ts';
import { defineInvariant, type FindingDraft, type Judgement, type StoryLine } from './invariant.ts';

/** What an effect says is what the balances of every device that knows it show, once. */
export const effectsMoved = defineInvariant({
  name: 'effects-moved',
  promise: 'Every effect that a device knows changes its balances exactly once, by exactly what the effect says.',
  needs: ['write', 'balance'],
  uses: [captures, delivery],
  judge: (file) => [...file.identities.keys()].map((identity) => new Judge(file, file.chain(identity)).judgement()),
});

class Judge {
  private readonly file: CaseFile;
  private readonly chain: DeliveryChain;
  private readonly findings: FindingDraft[] = [];
  private readonly hidden: string[] = [];
  private readonly lastMoves = new Map<string, number>();

  constructor(file: CaseFile, chain: DeliveryChain) {
    this.file = file;
    this.chain = chain;
  }

  judgement(): Judgement {
    for (const { effect, device } of this.chain.routine.deviations) {
      for (const each of this.bookings(effect, device)) this.examine(each);
    }
    return {
      subject: this.chain.identity,
      findings: this.findings,
      unchecked:
        this.hidden.length > 0
          ? `${this.hidden[0]}, which could hide ${count(this.hidden.length, 'balance change')}`
          : undefined,
      detail: `${count(this.chain.effectCount, 'effect')} on ${count(this.chain.devices.length, 'device')}`,
    };
  }

  /** The effect in each phase in which the device knew it. */
  private bookings(effect: Effect, device: string): Booking[] {
    return this.chain
      .outcome(effect, device)
      .flatMap((outcome, phase) => (outcome.kind === 'known' ? [{ effect, device, phase, known: outcome.by }] : []));
  }

  /** The newest line from which on the device can have known an effect that it booked in this phase. Asked where one was not booked. */
  private lastMove(device: string, phase: number): number {
    return getOrCreate(this.lastMoves, `${phase} ${device}`, () => {
      let last = 0;
      for (const effect of this.chain.effects) {
        if (!this.chain.passage(effect, device, phase)?.moved.length) continue;
        const each = this.bookings(effect, device).find((booking) => booking.phase === phase);
        if (each) last = Math.max(last, this.earliest(each));
      }
      return last;
    });
  }

  /** From which line on the device can have known the effect: a hole before the first one that says so may hide another. */
  private earliest({ effect, device, phase, known }: Booking): number {
    const hole = this.file.holeThatHides(device, ['balance', 'replication', 'import'], { phase, cause: effect.write });
    const { position } = known.since;
    return hole === null || hole === 'end' ? position : Math.min(position, hole.before.position);
  }

  private examine(each: Booking): void {
    for (const expected of expectedChanges(this.chain, each)) {
      const movement = movementOf(this.chain, each, expected);
      if (!movement) this.missing(each, expected);
      else this.moved(each, expected, movement);
    }
  }

  private moved(each: Booking, expected: ExpectedChange, movement: Movement): void {
    if (equal(movement.sum, expected.delta)) return;
    const uncaused = movement.lines.every(({ event }) => event.effect === undefined);
    if (uncaused) return;
    const times = movement.lines.length;
    const last = movement.lines.at(-1) as Mark<HistoryEvent>;
    const isDouble = times > 1 && isMultiple(movement.sum, expected.delta, times);
    const hole = this.hole(each, expected.coin);
    if (hole && (hole === 'end' || hole.before.position <= last.position || !isDouble)) {
      this.hidden.push(describeHole(each.device, hole));
      return;
    }
    if (isDouble) this.findings.push(duplicate(this.chain, each, expected, movement));
    else {
      const seen = formatAmount(movement.sum);
      this.findings.push({
        ...this.draft(each, expected, 'balance-missing', last),
        message: `${each.effect.effect} changes ${expected.tokenId} by ${formatAmount(expected.delta)} ${expected.coin}, but on ${each.device} it moved ${seen}`,
        story: [
          ...writingOf(each.effect),
          ...movement.lines.map(({ event }) => ({
            event,
            role: `moves ${signed(event.delta)} ${expected.coin}`,
            first: event === last.event,
          })),
        ],
      });
    }
  }

  private missing(each: Booking, expected: ExpectedChange): void {
    const { effect, device, phase, known } = each;
    const hole = this.hole(each, expected.coin);
    if (hole || this.chain.knowsUnwritten(device, phase)) {
      this.hidden.push(
        hole
          ? describeHole(device, hole)
          : `an effect that ${device} knows was written by a line that is not in the logs`,
      );
      return;
    }
    if (this.isUnderWay(each) || this.isTakenOnTrust(each)) return;
    if ((this.chain.phases(device)[phase]?.passed ?? 0) > 0) return;
    const instead = this.movedInstead(each, expected);
    if (instead) {
      this.findings.push(wrongToken(this.draft(each, expected, 'masked', instead), each, expected, instead));
      return;
    }
    const how = knownLine(effect, known);
    this.findings.push({
      ...this.draft(each, expected, 'balance-missing', known.since),
      message: `${device} ${how.role}, but ${expected.tokenId} never moved by ${formatAmount(expected.delta)} ${expected.coin} there`,
      story: [
        ...(known.how === 'written' ? [] : writingOf(effect)),
        { ...how, role: `${how.role}; no balance line of ${expected.tokenId} follows`, first: true },
      ],
    });
  }

  /** An effect of a snapshot that lists nothing and restored none of its tokens: only the frontier says that it is there. Or what it restored was looked at before. */
  private isTakenOnTrust({ known }: Booking): boolean {
    if (known.how !== 'contained') return false;
    return this.chain.isVouched || this.chain.holdings.contentsOf(known.since as Mark<ReplayEvent<'import'>>) === null;
  }

  /** The line by which the effect moved the right amount of a token that it does not name: totals agree, tokens do not. */
  private movedInstead(
    { effect, device, phase }: Booking,
    { coin, delta }: ExpectedChange,
  ): Mark<ReplayEvent<'balance'>> | undefined {
    const named = tokensTouched(effect);
    const others = [...this.chain.movements(effect, device, phase)].filter(([tokenId]) => !named.includes(tokenId));
    return others.find(([, movement]) => movement.coin === coin && equal(movement.sum, delta))?.[1].lines[0];
  }

  /** Whether the log stops before the device can be expected to have booked the effect. */
  private isUnderWay({ effect, device, phase, known }: Booking): boolean {
    const capture = this.file.captures.get(device);
    const isLast = phase === this.chain.phases(device).length - 1;
    if (isLast && capture && endOf(capture) === 'quiescent') return false;
    const booked = this.chain.phases(device)[phase]?.booked ?? 0;
    if (Math.max(this.lastMove(device, phase), booked) > known.since.position) return false;
    return !this.chain
      .phases(device)
      [phase]?.publishes.some(
        ({ event, position }) =>
          position > known.since.position && (event.frontier[effect.origin ?? ''] ?? 0) >= effect.originSeq,
      );
  }

  private hole({ effect, device, phase }: Booking, coin: string) {
    return this.file.holeThatHides(device, ['balance', 'replication'], { phase, cause: effect.write, coin });
  }

  private draft(
    { effect, device }: Booking,
    { tokenId, coin }: ExpectedChange,
    code: 'balance-missing' | 'masked',
    at: Mark<HistoryEvent>,
  ) {
    const { identity } = this.chain;
    const opId = effect.write?.event.opId;
    const blame = { device, by: 'conservation' } as const;
    return {
      code,
      verdict: 'violated',
      identity,
      device,
      coin,
      tokenId,
      effect: effect.effect,
      opId,
      at,
      blame,
      touches: [tokenId],
    } as const;
  }
}

function wrongToken(
  draft: Omit<FindingDraft, 'message'>,
  { effect, device }: Booking,
  { tokenId, coin, delta }: ExpectedChange,
  { event }: Mark<ReplayEvent<'balance'>>,
): FindingDraft {
  return {
    ...draft,
    message: `${effect.effect} moves ${tokenId} by ${formatAmount(delta)} ${coin}, but on ${device} it moved ${event.tokenId}: the total is right, the token is not`,
    story: [
      ...writingOf(effect),
      { event, role: `moves ${signed(event.delta)} ${coin} of ${event.tokenId}`, first: true },
    ],
    touches: [tokenId, event.tokenId],
  };
}

function duplicate(
  chain: DeliveryChain,
  { effect, device, phase }: Booking,
  expected: ExpectedChange,
  { lines, sum }: Movement,
): FindingDraft {
  const applied = chain.passage(effect, device, phase)?.applied ?? [];
  const second = lines[1] as Movement['lines'][number];
  const story: (StoryLine & { position: number })[] = [
    ...applied.map(({ event, position }, index) => ({
      event,
      position,
      role: index === 0 ? `applies ${effect.effect}` : `applies ${effect.effect} again`,
    })),
    ...lines.map(({ event, position }) => ({
      event,
      position,
      role: `moves ${signed(event.delta)} ${expected.coin}`,
      first: event === second.event,
    })),
  ];
  return {
    code: 'duplicate-apply',
    verdict: 'violated',
    identity: chain.identity,
    device,
    coin: expected.coin,
    tokenId: expected.tokenId,
    effect: effect.effect,
    opId: effect.write?.event.opId,
    blame: { device, by: 'conservation' },
    at: second,
    message: `${device} applied ${effect.effect} ${lines.length} times: ${expected.tokenId} moved by ${formatAmount(sum)} ${expected.coin} instead of ${formatAmount(expected.delta)}`,
    story: [...writingOf(effect), ...story.sort((left, right) => left.position - right.position)],
    touches: [expected.tokenId],
  };
}

function knownLine({ effect }: Effect, { how, since }: Known): StoryLine {
  const roles = {
    written: `writes ${effect}`,
    applied: `applies ${effect}`,
    moved: `books ${effect}`,
    deduplicated: `says that it knew ${effect} already`,
    contained: `imports a snapshot with ${effect}`,
    implied: `applies a head that implies ${effect}`,
  };
  return { event: since.event, role: roles[how] };
}

function signed(amount: Amount): string {
  const text = formatAmount(amount);
  return text.startsWith('-') ? text : `+${text}`;
}
