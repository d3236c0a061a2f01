import { type Amount, add, formatAmount, zero } from '../base/amount.ts';
import type { ReplayEvent } from '../events/event.ts';
import type { HistoryEvent } from '../replay/causal-order.ts';
import type { Mark } from '../replay/mark.ts';
import { captures } from '../replay/projections/captures.ts';
import { delivery, type Effect } from '../replay/projections/delivery.ts';
import type { CaseFile } from './evidence/case-file.ts';
import type { DeliveryChain } from './evidence/delivery-chain.ts';
import { covers, type TokenLines } from './evidence/identity-log.ts';
import { count, describeHole, tokensTouched, writingOf } from './evidence/wording.ts';
import { defineInvariant, type FindingDraft, type Judgement, type StoryLine } from './invariant.ts';

/** Lineage: every token that lives was brought by something, and lives no longer than until it is spent. */
export const tokensGrounded = defineInvariant({
  name: 'tokens-grounded',
  promise: 'A token lives on a device only because an event brought it there, and never beside what it was spent for.',
  needs: ['write', 'balance'],
  uses: [captures, delivery],
  judge: (file, earlier) =>
    [...file.identities.keys()]
      .filter((identity) => file.chain(identity).namesCauses)
      .map((identity) => new Lineage(file, file.chain(identity), earlier).judgement()),
});

type Line = Mark<ReplayEvent<'balance'>>;

/** Where a balance line says that a token comes from: an effect that makes it, a snapshot that holds it, nothing, or who knows. */
type Ground =
  | { readonly kind: 'grounded'; readonly since: Mark<HistoryEvent> }
  | { readonly kind: 'ungrounded'; readonly why: string }
  | { readonly kind: 'unknown' };

class Lineage {
  private readonly file: CaseFile;
  private readonly chain: DeliveryChain;
  private readonly earlier: readonly FindingDraft[];
  private readonly findings: FindingDraft[] = [];
  private readonly hidden: string[] = [];

  constructor(file: CaseFile, chain: DeliveryChain, earlier: readonly FindingDraft[]) {
    this.file = file;
    this.chain = chain;
    this.earlier = earlier.filter(({ verdict, identity }) => verdict === 'violated' && identity === chain.identity);
  }

  judgement(): Judgement {
    for (const device of this.chain.devices) {
      for (const phase of this.chain.phases(device).keys()) {
        const lines = this.chain.routine.doubtfulLines(device, phase);
        for (const [tokenId, changes] of lines) {
          const finding = this.judgeToken(device, phase, tokenId, changes, lines);
          if (finding) this.findings.push(finding);
        }
      }
    }
    return {
      subject: this.chain.identity,
      findings: this.findings,
      unchecked:
        this.hidden[0] && `${this.hidden[0]}, which could hide where ${count(this.hidden.length, 'token')} came from`,
      detail: count(this.chain.devices.length, 'device'),
    };
  }

  /** The first thing wrong with one token's life on a device; `undefined` where nothing is, or the logs cannot tell. */
  private judgeToken(
    device: string,
    phase: number,
    tokenId: string,
    changes: readonly Line[],
    all: TokenLines,
  ): FindingDraft | undefined {
    let held: Amount = zero;
    for (const line of changes) {
      const before = held;
      held = add(held, line.event.delta);
      if (line.event.delta.units > 0n) {
        const ground = this.groundOf(line, device, phase);
        if (ground.kind === 'unknown') return undefined;
        if (ground.kind === 'ungrounded') {
          return this.unlessHidden(device, phase, line, () => ungrounded(this.chain, line, ground.why));
        }
        const end = this.retiredBefore(tokenId, device, phase, ground.since);
        if (end && stays(changes, line))
          return this.unlessHidden(device, phase, line, () => this.resurrected(line, end));
      } else if (before.units <= 0n && held.units < 0n && !this.isBornSomewhereElse(tokenId, device, phase)) {
        return this.unlessHidden(device, phase, line, () =>
          ungrounded(this.chain, line, 'spent there, and nothing brought it'),
        );
      }
    }
    return held.units > 0n ? this.besideSuccessor(device, tokenId, phase, changes, all) : undefined;
  }

  private groundOf({ event, position }: Line, device: string, phase: number): Ground {
    const { tokenId, effect, snapshot } = event;
    if (snapshot !== undefined) return this.groundInSnapshot(tokenId, snapshot, device, phase, position);
    if (effect === undefined) return { kind: 'ungrounded', why: 'no effect and no snapshot brought it' };
    const life = this.chain.tokens.get(tokenId);
    const birth = life?.births.find((candidate) => candidate.effect === effect);
    if (birth) {
      const outcome = this.chain.outcome(birth, device)[phase];
      return outcome?.kind === 'known' ? { kind: 'grounded', since: outcome.by.since } : { kind: 'unknown' };
    }
    const named = this.chain.effects.find((candidate) => candidate.effect === effect);
    if (!named?.write) return { kind: 'unknown' };
    return { kind: 'ungrounded', why: `${effect} does not make it` };
  }

  private groundInSnapshot(tokenId: string, snapshot: string, device: string, phase: number, position: number): Ground {
    const imported = this.chain
      .phases(device)
      [phase]?.imports.findLast((mark) => mark.event.snapshot === snapshot && mark.position <= position);
    const frontier = this.chain.published(snapshot)?.event.frontier;
    if (!imported || !frontier) return { kind: 'unknown' };
    const births = this.chain.tokens.get(tokenId)?.births ?? [];
    if (births.some((birth) => covers(frontier, birth))) return { kind: 'grounded', since: imported };
    if (!this.chain.knowsAllUpTo(frontier)) return { kind: 'unknown' };
    return { kind: 'ungrounded', why: `${snapshot} claims nothing that makes it` };
  }

  /** The effect that had retired the token on the device before, for certain. */
  private retiredBefore(tokenId: string, device: string, phase: number, since: Mark<HistoryEvent>): Effect | undefined {
    return this.chain.tokens.get(tokenId)?.retirements.find((retirement) => {
      if (retirement.write === null) return false;
      const outcome = this.chain.outcome(retirement, device)[phase];
      if (outcome?.kind !== 'known') return false;
      if (outcome.by.since.position < since.position) return true;
      const imported =
        since.event.type === 'import' ? this.chain.holdings.contentsOf(since as Mark<ReplayEvent<'import'>>) : null;
      return imported?.has(retirement.effect) ?? false;
    });
  }

  /** Whether something that is not in the device's own lines may have brought the token: then its birth is missing, not absent. */
  private isBornSomewhereElse(tokenId: string, device: string, phase: number): boolean {
    return (this.chain.tokens.get(tokenId)?.births ?? []).some((birth) => {
      const outcome = this.chain.outcome(birth, device)[phase];
      return outcome?.kind === 'known' || outcome?.kind === 'hidden';
    });
  }

  /** A token that a snapshot brought, which lives beside what it was spent for. */
  private besideSuccessor(
    device: string,
    tokenId: string,
    phase: number,
    changes: readonly Line[],
    all: TokenLines,
  ): FindingDraft | undefined {
    if (phase !== this.chain.phases(device).length - 1) return undefined;
    if (this.earlier.some((draft) => draft.device === device && draft.touches?.includes(tokenId))) return undefined;
    if (this.file.holeThatHides(device, ['balance', 'replication'], { phase })) return undefined;
    for (const retirement of this.chain.tokens.get(tokenId)?.retirements ?? []) {
      const successor = retirement.write?.event.outputs?.find((output) => isAlive(all.get(output.tokenId)));
      const line = changes.at(-1);
      if (successor && line?.event.snapshot !== undefined) {
        return this.unlessHidden(device, phase, line, () => this.resurrected(line, retirement, successor.tokenId));
      }
    }
    return undefined;
  }

  private unlessHidden(
    device: string,
    phase: number,
    line: Line,
    finding: () => FindingDraft,
  ): FindingDraft | undefined {
    const { coin } = line.event;
    const hole = this.file.holeThatHides(device, ['balance', 'import', 'clear', 'replication'], { phase, coin });
    if (hole === null || hole === 'end' || hole.before.position > line.position) return finding();
    this.hidden.push(describeHole(device, hole));
    return undefined;
  }

  private resurrected(line: Line, retirement: Effect, successor?: string): FindingDraft {
    const { device, tokenId, coin, delta, effect } = line.event;
    const beside = successor === undefined ? '' : `, beside ${successor}, which it was spent for`;
    const retired = this.chain.outcome(retirement, device).find(({ kind }) => kind === 'known');
    const ending: StoryLine[] =
      retired?.kind === 'known' && retired.by.how !== 'written'
        ? [{ event: retired.by.since.event, role: `knows ${retirement.effect}, by which ${tokenId} is spent` }]
        : [];
    return {
      ...subject(this.chain, line, 'resurrected'),
      effect: effect ?? retirement.effect,
      opId: retirement.write?.event.opId,
      message: `${device} holds ${formatAmount(delta)} ${coin} (${tokenId}) that ${retirement.effect} has spent${beside}`,
      story: [
        ...writingOf(retirement),
        ...ending,
        { event: line.event, role: `brings ${tokenId} back: +${formatAmount(delta)} ${coin}`, first: true },
      ],
      touches: [tokenId, ...tokensTouched(retirement)],
    };
  }
}

function ungrounded(chain: DeliveryChain, line: Line, why: string): FindingDraft {
  const { device, tokenId, coin, delta, effect } = line.event;
  const change = `${delta.units > 0n ? '+' : ''}${formatAmount(delta)} ${coin}`;
  return {
    ...subject(chain, line, 'ungrounded'),
    effect,
    opId: line.event.opId,
    message: `${tokenId} changed by ${change} on ${device}: ${why}`,
    story: [{ event: line.event, role: `moves ${tokenId} by ${change}: ${why}`, first: true }],
    touches: [tokenId],
  };
}

function subject(chain: DeliveryChain, line: Line, code: 'ungrounded' | 'resurrected') {
  const { device, coin, tokenId } = line.event;
  const blame = { device, by: 'lineage' } as const;
  return { code, verdict: 'violated', identity: chain.identity, device, coin, tokenId, blame, at: line } as const;
}

/** Whether what a line brought was not taken back by a later line of the phase. */
function stays(changes: readonly Line[], line: Line): boolean {
  const later = changes.filter(({ position }) => position > line.position);
  return !later.some(({ event }) => event.delta.units < 0n);
}

function isAlive(lines: readonly Line[] | undefined): boolean {
  return (lines ?? []).reduce((sum, { event }) => add(sum, event.delta), zero).units > 0n;
}
