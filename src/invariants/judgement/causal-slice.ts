import { type Amount, add, formatAmount, isZero, negate, zero } from '../../base/amount.ts';
import type { EventName, ReplayEvent } from '../../events/event.ts';
import type { HistoryEvent } from '../../replay/causal-order.ts';
import type { Mark } from '../../replay/mark.ts';
import { defineProjection, type Projection } from '../../replay/projection.ts';
import { type Ledger, ledger } from '../../replay/projections/ledger.ts';
import type { LedgerChange, SliceLine } from '../../results-explanation.ts';
import type { CaseFile } from '../evidence/case-file.ts';
import { describeWrite, tokensTouched } from '../evidence/wording.ts';
import type { FindingDraft, StoryLine } from '../invariant.ts';
import { causesFirst } from './causes-first.ts';
import { placeOf } from './judge.ts';
import { lineKey } from './mends.ts';

/** What a finding is about, by name: a line that names one of them bears on it. */
interface Subject {
  readonly devices: ReadonlySet<string>;
  readonly effects: ReadonlySet<string>;
  /** Effects that made or spent the tokens. */
  readonly kin: ReadonlySet<string>;
  readonly tokens: ReadonlySet<string>;
  readonly snapshots: ReadonlySet<string>;
  readonly cids: ReadonlySet<string>;
  /** By its own place, each line that the finding names. */
  readonly story: ReadonlyMap<string, StoryLine>;
  readonly coins: readonly string[];
}

interface Found {
  readonly mark: Mark<HistoryEvent>;
  readonly changes: readonly LedgerChange[];
}

/** The lines of a history that bear on one finding. */
export interface Slice {
  readonly found: Found[];
  omitted: number;
}

/** Lines that are kept beside those that the finding names; a token that comes and goes without end must not fill the memory. */
const mostLines = 1000;

/** Which lines of a type bear on a finding, and what each says, as a clause without a subject. */
type Bearings = {
  readonly [Name in EventName]?: readonly [
    bears: (event: ReplayEvent<Name>, subject: Subject) => boolean,
    says: (event: ReplayEvent<Name>) => string,
  ];
};

const doings: Readonly<Record<ReplayEvent<'replication'>['action'], string>> = {
  received: 'receives',
  applied: 'applies',
  skipped: 'skips',
  deduplicated: 'knows already',
  rejected: 'rejects',
};

const bearings: Bearings = {
  write: [
    ({ effect }, { effects, kin }) => effects.has(effect) || kin.has(effect),
    (event) => `writes ${event.effect}: ${describeWrite(event)}`,
  ],
  verify: [
    ({ ok, effect = '', cid = '' }, { effects, cids }) => ok && (effects.has(effect) || cids.has(cid)),
    ({ effect, cid }) => `makes ${effect ?? cid} durable`,
  ],
  replication: [
    ({ effect, action }, { effects, kin }) => effects.has(effect) || (kin.has(effect) && action === 'applied'),
    ({ effect, action, reason }) => `${doings[action]} ${effect}${reason === undefined ? '' : ` (reason: ${reason})`}`,
  ],
  publish: [({ snapshot }, { snapshots }) => snapshots.has(snapshot), ({ snapshot }) => `publishes ${snapshot}`],
  import: [({ snapshot }, { snapshots }) => snapshots.has(snapshot), ({ snapshot }) => `imports ${snapshot}`],
  clear: [() => true, () => 'clears'],
  balance: [
    ({ tokenId }, { tokens }) => tokens.has(tokenId),
    ({ tokenId, coin, delta }) => `moves ${tokenId} by ${delta.units > 0n ? '+' : ''}${formatAmount(delta)} ${coin}`,
  ],
  arbiter: [
    ({ tokenId }, { tokens }) => tokens.has(tokenId),
    ({ tokenId, verdict }) => `is told that ${tokenId} is ${verdict}`,
  ],
};

/**
 * Collects what bears on a finding while the history passes once more: the lines that it names, and on the devices
 * concerned those of its effect, of its tokens and of its snapshot. Bounded by what bears on it, and by a limit.
 */
export function causalSlice(file: CaseFile, draft: FindingDraft): Projection<Slice> {
  const subject = subjectOf(file, draft);
  return defineProjection<Slice>({
    name: 'causal-slice',
    uses: [ledger],
    initial: () => ({ found: [], omitted: 0 }),
    on: {},
    each(slice, event, context) {
      const named = subject.story.has(lineKey(event));
      if (!named && !bearsOn(event, subject)) return;
      if (!named && slice.found.length >= mostLines) slice.omitted++;
      else slice.found.push({ mark: context.mark(event), changes: changesOf(event, context.read(ledger), subject) });
    },
  });
}

/** The lines in an order in which causes come first, and which is the story's own where causes do not decide. */
export function sliceLines(file: CaseFile, draft: FindingDraft, { found }: Slice): SliceLine[] {
  const { story } = subjectOf(file, draft);
  const met = new Set(found.map(({ mark }) => lineKey(mark.event)));
  const unmet = [...story].filter(([key]) => !met.has(key)).map(([, line]) => line);
  const places = new Map([...story.keys()].map((key, place) => [key, place]));
  const hasLedgers = file.logs('balance');
  const placeInStory = ({ event }: Mark<HistoryEvent>) => places.get(lineKey(event)) ?? -1;
  return [
    ...causesFirst(found, placeInStory).map(({ mark: { event }, changes }) =>
      lineOf(event, story.get(lineKey(event)), hasLedgers ? changes : []),
    ),
    ...unmet.map((line) => lineOf(line.event, line, [])),
  ];
}

function lineOf(event: HistoryEvent, told: StoryLine | undefined, changes: readonly LedgerChange[]): SliceLine {
  const { device, incarnation, seq, time } = event;
  return {
    ...placeOf(event),
    ...{ device, incarnation, seq, time },
    role: told?.role ?? roleOf(event),
    evidence: told !== undefined,
    ...(told?.first === true && { first: true as const }),
    changes,
  };
}

function bearsOn(event: HistoryEvent, subject: Subject): boolean {
  if (event.stream !== undefined || !subject.devices.has(event.device)) return false;
  return bearingOf(event)?.[0](event, subject) ?? false;
}

function roleOf(event: HistoryEvent): string {
  return bearingOf(event)?.[1](event) ?? event.type;
}

function bearingOf(event: HistoryEvent) {
  const known: Readonly<Record<string, unknown>> = bearings;
  return known[event.type] as
    | readonly [bears: (event: HistoryEvent, subject: Subject) => boolean, says: (event: HistoryEvent) => string]
    | undefined;
}

function subjectOf(file: CaseFile, draft: FindingDraft): Subject {
  const { identity = '', device, effect, tokenId, coin, story = [], blame, comparison } = draft;
  const chain = file.chain(identity);
  const named = chain.effects.filter((candidate) => candidate.effect === effect);
  const tokens = new Set([...(tokenId === undefined ? [] : [tokenId]), ...named.flatMap(tokensTouched)]);
  const lives = [...tokens].flatMap((token) => chain.tokens.get(token) ?? []);
  const kin = lives.flatMap(({ births, retirements }) => [...births, ...retirements]);
  const events = story.map(({ event }) => event);
  const own = new Set(chain.devices);
  const devices = [
    ...[device, blame?.device, ...events.map((event) => event.device), ...named.map(({ origin }) => origin)],
    ...(comparison?.sides.map((side) => side.device) ?? []),
  ].filter((name) => typeof name === 'string' && own.has(name)) as string[];
  return {
    devices: new Set(devices.length > 0 ? devices : chain.devices),
    effects: new Set(named.map((candidate) => candidate.effect)),
    kin: new Set(kin.map((candidate) => candidate.effect)),
    tokens,
    snapshots: new Set(events.flatMap((event) => ('snapshot' in event && event.snapshot ? [event.snapshot] : []))),
    cids: new Set(named.flatMap(({ write }) => write?.event.cid ?? [])),
    story: new Map(story.map((line) => [lineKey(line.event), line])),
    coins: [...new Set([coin, ...lives.map((life) => life.coin)])].filter((name) => typeof name === 'string'),
  };
}

/** What a line did to the ledger of its device, which is as it was after the line. */
function changesOf(event: HistoryEvent, ledgers: ReadonlyMap<string, Ledger>, { coins }: Subject): LedgerChange[] {
  if (event.stream !== undefined) return [];
  const held = ledgers.get(event.device);
  if (event.type === 'balance') {
    const after = holding(held, event.coin);
    const token = held?.coins.get(event.coin)?.tokens.get(event.tokenId) ?? zero;
    const tokenBefore = add(token, negate(event.delta));
    const tokens = after.tokens - Number(!isZero(token)) + Number(!isZero(tokenBefore));
    return [change(event.coin, { amount: add(after.amount, negate(event.delta)), tokens }, after)];
  }
  if (event.type === 'clear') {
    return (held?.cleared.at(-1) ?? [])
      .filter((total) => coins.includes(total.coin) && total.tokens > 0)
      .map((total) => change(total.coin, total, { amount: zero, tokens: 0 }));
  }
  if (event.type === 'balance.read') return [change(event.coin, holding(held, event.coin), holding(held, event.coin))];
  return [];
}

interface Sum {
  readonly amount: Amount;
  readonly tokens: number;
}

function holding(held: Ledger | undefined, coin: string): Sum {
  const of = held?.coins.get(coin);
  return { amount: of?.total ?? zero, tokens: of?.tokens.size ?? 0 };
}

function change(coin: string, before: Sum, after: Sum): LedgerChange {
  const text = ({ amount, tokens }: Sum) => ({ amount: formatAmount(amount), tokens });
  return { coin, before: text(before), after: text(after) };
}
