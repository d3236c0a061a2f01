import { compareAmounts, equal, formatAmount, subtract } from '../base/amount.ts';
import { byText, groupBy, sortedEntries } from '../base/order.ts';
import { captures } from '../replay/projections/captures.ts';
import { type Showing, shown } from '../replay/projections/shown.ts';
import { type Supply, supply } from '../replay/projections/supply.ts';
import type { CaseFile } from './evidence/case-file.ts';
import { besideReading, describeReading } from './evidence/reading.ts';
import { type Explanation, type SuppliedToken, TokenSupply } from './evidence/token-supply.ts';
import { count, describeHole } from './evidence/wording.ts';
import { defineInvariant, type FindingDraft, type Judgement, type StoryLine } from './invariant.ts';

/** Devices that are wrong and equal are still wrong: the identity's own history of mints and spends decides. */
export const supplyAgrees = defineInvariant({
  name: 'supply-agrees',
  promise: 'No device shows more than the mints and spends of its identity leave.',
  needs: ['write', 'balance.read'],
  uses: [captures, supply, shown],
  judge: (file) =>
    sortedEntries(file.states.read(supply))
      .filter(([identity, { dropped, writes }]) => identity !== '' && (dropped === 'size' || writes.size > 0))
      .map(([identity, kept]) => judgeIdentity(file, identity, kept)),
});

/** Readings times effects beyond which only what each device showed last is held against the history. */
const mostComparisons = 20_000_000;

/** A device showed more than it can have held, and went on to. */
interface Excess {
  readonly device: string;
  readonly first: Showing;
  readonly last: Showing;
  /** How many readings say so, all told. */
  readonly times: number;
  readonly explanation: Explanation;
}

function judgeIdentity(file: CaseFile, identity: string, kept: Supply): Judgement {
  const devices = (file.identities.get(identity) ?? []).map(({ device }) => device);
  const history = new TokenSupply(identity, kept);
  const readings = devices.flatMap((device) => file.states.read(shown).get(device)?.showings ?? []);
  const detail = `${count(readings.length, 'reading')} against ${count(kept.writes.size, 'effect')}`;
  const onlyLast = readings.length * kept.writes.size > mostComparisons;
  const excesses = devices.flatMap((device) => excessesOf(file, history, device, onlyLast));
  const unknown = whyUnknown(file, kept, history, devices, excesses.length > 0);
  if (unknown !== undefined) return { subject: identity, findings: [], unchecked: unknown, detail };
  const anchored = excesses.filter(({ first: { coin } }) => isAccountedFor(file, history, devices, coin));
  const explained = anchored.filter(({ explanation }) => explanation.sets.length > 0);
  const together = [...groupBy(explained, groupOf).values()];
  const unexplained = excesses.filter((excess) => !explained.includes(excess));
  const whole = history.saysKinds && file.faults.expectedDevices.length > 0;
  const equals = [...groupBy(unexplained, groupOf).values()].filter(
    ([one, ...others]) => whole && others.length > 0 && one && anchored.includes(one),
  );
  const rest = unexplained.find((excess) => !equals.flat().includes(excess));
  if (rest) {
    const unchecked = `${rest.device} shows ${describeReading(rest.first)}, more than the logged mints leave, and no spent token explains it: a mint or a receive, or the log of a device, is missing`;
    return { subject: identity, findings: [], unchecked, detail };
  }
  return {
    subject: identity,
    findings: [
      ...together.map((group) => resurrected(file, identity, devices, group)),
      ...equals.map((group) => unsupplied(identity, history, group)),
    ],
    detail,
  };
}

/** What may be missing from the history, so that a surplus proves nothing. A restart that may have lost lines counts where there is one. */
function whyUnknown(
  file: CaseFile,
  kept: Supply,
  history: TokenSupply,
  devices: readonly string[],
  surplus: boolean,
): string | undefined {
  if (kept.dropped === 'size') return 'more effects than are held against readings';
  if (file.cut) return 'up to a point, nothing says what had reached a device';
  for (const device of devices) {
    const hole = file.holeThatHides(device, ['write', 'import', 'clear', 'replication'], { hard: !surplus });
    if (hole) return `${describeHole(device, hole)}, which could hide a mint`;
  }
  const missing = file.faults.expectedDevices.find((device) => !file.captures.has(device));
  if (missing !== undefined) return `no log of ${missing}, which could hold a mint`;
  const origin = history.originWithHole;
  if (origin !== undefined) return `an effect of ${origin} is not in its log, by its originSeq`;
  const effect = [...kept.named].find((name) => !kept.writes.has(name));
  if (effect !== undefined) return `no line says what ${effect} does: its write is not in the logs`;
  const snapshot = [...kept.imported].find((name) => !kept.published.has(name));
  if (snapshot !== undefined) return `no line says who published ${snapshot}, which was imported`;
  const [token] = history.unborn;
  return token === undefined ? undefined : `no line says where ${token} came from, which was spent`;
}

/** By coin, what the device showed beyond all that it can have held. */
function excessesOf(file: CaseFile, history: TokenSupply, device: string, onlyLast: boolean): Excess[] {
  const { showings = [], latest = new Map() } = file.states.read(shown).get(device) ?? {};
  const asked: readonly Showing[] = onlyLast ? [...latest.values()] : showings;
  const impossible = asked.filter((showing) => compareAmounts(showing.amount, history.most(device, showing)) > 0);
  return sortedEntries(groupBy(impossible, ({ coin }) => coin)).flatMap(([, ofCoin]) => {
    const explanations = ofCoin.map((showing) => history.explain(device, showing));
    const index = Math.max(
      explanations.findIndex(({ sets }) => sets.length > 0),
      0,
    );
    const first = ofCoin[index];
    const explanation = explanations[index];
    const last = ofCoin.at(-1);
    if (!first || !last || !explanation) return [];
    const times = ofCoin.slice(index).reduce((sum, showing) => sum + showing.times, 0);
    return [{ device, first, last, times, explanation }];
  });
}

/** Whether the history accounts for anything that a device showed of the coin: then no earlier wealth is missing from it. */
function isAccountedFor(file: CaseFile, history: TokenSupply, devices: readonly string[], coin: string): boolean {
  return devices.some((device) =>
    (file.states.read(shown).get(device)?.showings ?? [])
      .filter((showing) => showing.coin === coin && showing.amount.units > 0n)
      .slice(0, 64)
      .some((showing) => history.explain(device, showing).sets[0]?.length === 0),
  );
}

/** Devices that ended with the same wrong balance for the same reason are one finding. */
function groupOf({ last, explanation: { sets } }: Excess): string {
  const tokens = sets.map((set) => set.map(({ tokenId }) => tokenId).join('+')).join(' ');
  return `${last.coin} ${formatAmount(last.amount)} ${last.tokens} ${tokens}`;
}

function resurrected(
  file: CaseFile,
  identity: string,
  devices: readonly string[],
  group: readonly Excess[],
): FindingDraft {
  const { first, device, explanation } = group[0] as Excess;
  const { coin, amount } = first;
  const { expected, sets } = explanation;
  const [tokens = []] = sets;
  const [token] = sets.length === 1 ? tokens : [];
  const surplus = formatAmount(subtract(amount, expected));
  const names = group.map((excess) => excess.device).sort(byText);
  const subject =
    names.length === 1 ? `${device} shows` : `${names.join(' and ')} ${names.length === 2 ? 'both' : 'all'} show`;
  const other = devices.find((name) => !names.includes(name) && showingOf(file, name, coin, expected));
  const right = other === undefined ? undefined : showingOf(file, other, coin, expected);
  return {
    code: 'resurrected',
    verdict: 'violated',
    identity,
    device,
    coin,
    tokenId: token?.tokenId,
    effect: token?.retirements[0]?.event.effect,
    opId: token?.retirements[0]?.event.opId,
    detail: 'inferred',
    blame: { device, by: 'lineage' },
    at: first.first,
    message: `${subject} ${describeReading(first)}, ${surplus} more than the ${formatAmount(expected)} ${coin} that the mints and spends of ${identity} leave, as if ${describeSets(sets)} (inferred: no line lists the tokens)`,
    comparison: besideReading(right, first) ?? besideReading(group[1]?.first, first),
    story: [
      ...(sets.length === 1 ? tokens.flatMap(lifeOf) : []),
      ...(right ? [{ event: right.last.event, role: `shows ${describeReading(right)}, as it should be` }] : []),
      ...group.flatMap((excess, index) => storyOf(excess, surplus, index === 0)),
    ],
    touches: sets.flat().map(({ tokenId }) => tokenId),
  };
}

function describeSets(sets: readonly (readonly SuppliedToken[])[]): string {
  const described = sets.map((set) => set.map(describeToken).join(' and '));
  return `${described.length === 1 ? described[0] : `one of these: ${described.join('; ')},`} counted again`;
}

/** `T1 (10 UCT), spent for T2,` */
function describeToken({ tokenId, coin, amount, retirements }: SuppliedToken): string {
  const successors = (retirements[0]?.event.outputs ?? []).map((output) => output.tokenId);
  const spent = successors.length === 0 ? 'spent' : `spent for ${successors.join(', ')}`;
  return `${tokenId} (${formatAmount(amount)} ${coin}), ${spent},`;
}

function lifeOf({ tokenId, coin, amount, births, retirements }: SuppliedToken): StoryLine[] {
  return [
    ...births.slice(0, 1).map(({ event }) => ({ event, role: `makes ${tokenId}: ${formatAmount(amount)} ${coin}` })),
    ...retirements.slice(0, 1).map(({ event }) => {
      const made = (event.outputs ?? []).map((output) => `${output.tokenId} (${formatAmount(output.amount)})`);
      return { event, role: `spends ${tokenId}${made.length > 0 ? `, makes ${made.join(', ')}` : ''}` };
    }),
  ];
}

function storyOf({ first, last, times }: Excess, surplus: string, isFirst: boolean): StoryLine[] {
  const [from, to] = [first.first.event, last.last.event];
  return [
    { event: from, role: `shows ${describeReading(first)}: ${surplus} too much`, ...(isFirst && { first: true }) },
    ...(times > 1 ? [{ event: to, role: `shows ${describeReading(last)}, the last of ${times} such readings` }] : []),
  ];
}

/** The last time that a device showed just this much. */
function showingOf(file: CaseFile, device: string, coin: string, amount: Showing['amount']): Showing | undefined {
  return file.states
    .read(shown)
    .get(device)
    ?.showings.findLast((showing) => showing.coin === coin && equal(showing.amount, amount));
}

/** Several devices show the same, and it is more than everything that was ever minted or received, in a run whose devices are all here. */
function unsupplied(identity: string, history: TokenSupply, group: readonly Excess[]): FindingDraft {
  const { device, first } = group[0] as Excess;
  const most = history.most(device, first);
  const surplus = formatAmount(subtract(first.amount, most));
  return {
    code: 'conservation',
    verdict: 'violated',
    identity,
    device,
    coin: first.coin,
    blame: { device, by: 'conservation' },
    at: first.first,
    message: `${group.map((excess) => excess.device).join(' and ')} agree on ${describeReading(first)}, ${surplus} more than ${identity} can hold by all of its mints, receipts and spends`,
    comparison: besideReading(group[1]?.first, first),
    story: group.flatMap((excess, index) => storyOf(excess, surplus, index === 0)),
  };
}
