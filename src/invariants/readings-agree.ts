import { equal } from '../base/amount.ts';
import { groupBy, sortedEntries } from '../base/order.ts';
import type { ReplayEvent } from '../events/event.ts';
import type { Mark } from '../replay/mark.ts';
import { assertions, type FailedAssertion } from '../replay/projections/assertions.ts';
import { captures } from '../replay/projections/captures.ts';
import { type Showing, shown } from '../replay/projections/shown.ts';
import type { CaseFile } from './evidence/case-file.ts';
import { compareReadings, describeReading } from './evidence/reading.ts';
import { count } from './evidence/wording.ts';
import { defineInvariant, type FindingDraft, type StoryLine } from './invariant.ts';

/**
 * What the scenario asserted of its devices held. Readings of two devices are comparable only where the scenario says so:
 * what each showed last may differ by what is under way.
 */
export const readingsAgree = defineInvariant({
  name: 'readings-agree',
  promise: 'Every assertion of the scenario holds: where it compares two devices, they show the same.',
  // An observer's lines are nobody's log, so that no type can be asked for; without assertions there is no answer.
  needs: [],
  uses: [captures, assertions, shown],
  judge(file, earlier) {
    const { held, failed } = file.states.read(assertions);
    if (held + failed.length === 0) return [];
    const findings = failed.flatMap((assertion) => judgeAssertion(file, assertion, earlier));
    const known = failed.filter((assertion) => isKnown(file, assertion, earlier));
    const names = known.map(({ assertion }) => assertion.event.name).join(', ');
    return [
      {
        subject: null,
        findings,
        violated: known.length > 0 ? `${names} failed, for a reason found by another check` : undefined,
        detail: count(held + failed.length, 'assertion'),
      },
    ];
  },
});

type Reading = Mark<ReplayEvent<'balance.read'>>;

function judgeAssertion(file: CaseFile, failure: FailedAssertion, earlier: readonly FindingDraft[]): FindingDraft[] {
  const pairs = sortedEntries(groupBy(failure.readings, ({ event }) => event.coin)).flatMap(([, ofCoin]) => {
    const [left, right, ...others] = ofCoin;
    return left && right && others.length === 0 && left.event.device !== right.event.device ? [[left, right]] : [];
  }) as [Reading, Reading][];
  const unequal = pairs.filter(([left, right]) => !equal(left.event.amount, right.event.amount));
  const differing =
    unequal.length > 0 ? unequal : pairs.filter(([left, right]) => left.event.tokens !== right.event.tokens);
  if (differing.length === 0) return isKnown(file, failure, earlier) ? [] : [plain(failure)];
  return differing.map((pair) => parted(file, failure, pair, earlier));
}

/** Two devices show different balances where the scenario says that they must not. */
function parted(
  file: CaseFile,
  { assertion }: FailedAssertion,
  sides: [Reading, Reading],
  earlier: readonly FindingDraft[],
): FindingDraft {
  const { name } = assertion.event;
  const [left, right] = sides.map((side) => ofDevice(file, side.event)) as [Side, Side];
  const identity = left.identity === right.identity ? left.identity : undefined;
  const { coin } = left.event;
  const accused = earlier.filter(
    (draft) =>
      (draft.code === 'resurrected' || draft.code === 'conservation') &&
      draft.coin === coin &&
      [left, right].some(({ event }) => event.device === draft.device),
  );
  const [wrong] = new Set(accused.map(({ device }) => device)).size === 1 ? accused : [];
  const at =
    [left, right].find(({ event }) => event.device === wrong?.device)?.own?.last ?? right.own?.last ?? assertion;
  const sameAmount = equal(left.event.amount, right.event.amount);
  return {
    code: 'undetermined',
    verdict: 'violated',
    identity,
    device: wrong?.device,
    coin,
    tokenId: wrong?.tokenId,
    detail: wrong?.detail,
    stage: wrong
      ? { at: 'visible' }
      : {
          after: 'written',
          before: 'visible',
          decides: `balance or tokens.read lines of ${left.event.device} and ${right.event.device}`,
        },
    blame: wrong?.blame ?? { device: null, by: 'cannot-tell' },
    comparison: compareReadings(left.event, right.event),
    at,
    message: `the scenario asserts that ${left.event.device} and ${right.event.device} agree (${name}), and they do not: ${left.event.device} shows ${describeReading(left.event)}, ${right.event.device} ${describeReading(right.event)}${sameAmount ? ', with another number of tokens' : ''}`,
    story: [
      ...[left, right].flatMap(({ own }) => ownLine(own, at)),
      { event: assertion.event, role: `fails: ${name}`, ...(at === assertion && { first: true }) },
      ...sides.map((side, index) => ({
        event: side.event,
        role: `lists ${describeReading(side.event)} for ${[left, right][index]?.event.device}`,
      })),
    ],
  };
}

/** One side of an assertion: what it lists, under the device's own name, and where the device's own log shows it. */
interface Side {
  readonly event: ReplayEvent<'balance.read'>;
  readonly identity: string | undefined;
  readonly own: Showing | undefined;
}

function ofDevice(file: CaseFile, event: ReplayEvent<'balance.read'>): Side {
  const device = nameIn([...file.captures.keys()], event.device) ?? event.device;
  const own = file.states
    .read(shown)
    .get(device)
    ?.showings.findLast(
      ({ coin, amount, tokens }) => coin === event.coin && tokens === event.tokens && equal(amount, event.amount),
    );
  const identity = file.captures.get(device)?.identity || undefined;
  return { event: { ...event, device, incarnation: own?.last.event.incarnation ?? event.incarnation }, identity, own };
}

/** The device that a scenario's word for it names: that very name, or the one whose words are all of the scenario's and more. */
function nameIn(devices: readonly string[], side: string): string | undefined {
  if (devices.includes(side)) return side;
  const wanted = wordsOf(side);
  const fitting = devices.filter((device) => wanted.every((word) => wordsOf(device).includes(word)));
  return fitting.length === 1 ? fitting[0] : undefined;
}

/** `recovered1` and `peer1-recovered` share their words: `recovered`, `1`. */
function wordsOf(name: string): string[] {
  return name.toLowerCase().match(/[a-z]+|\d+/g) ?? [];
}

function ownLine(own: Showing | undefined, at: Mark): StoryLine[] {
  const first = own?.last === at && { first: true };
  return own ? [{ event: own.last.event, role: `shows ${describeReading(own)}`, ...first }] : [];
}

/** An assertion that compares no two balances, or does not say which: the scenario still failed. */
/** Whether an assertion that does not say what it compares failed in a wallet whose devices are known to part. */
function isKnown(file: CaseFile, { assertion, readings }: FailedAssertion, earlier: readonly FindingDraft[]): boolean {
  const identity = file.captures.get(assertion.event.device)?.identity;
  const parts = ({ verdict, device }: FindingDraft) => verdict === 'violated' && device !== undefined;
  return readings.length === 0 && earlier.some((draft) => parts(draft) && draft.identity === identity);
}

function plain({ assertion, readings }: FailedAssertion): FindingDraft {
  const { name, detail } = assertion.event;
  const said = detail === undefined ? '' : `: ${detail.split('\n')[0]?.slice(0, 120)}`;
  const lines = readings.map(({ event }) => ({ event, role: `lists ${describeReading(event)} for ${event.device}` }));
  return {
    code: 'undetermined',
    verdict: 'violated',
    stage: { after: 'written', before: 'visible', decides: 'the two balances behind the assertion, as a diff' },
    blame: { device: null, by: 'cannot-tell' },
    at: assertion,
    message: `an assertion of the scenario failed, and no line says which devices it compares: ${name}${said}`,
    story: [{ event: assertion.event, role: `fails: ${name}`, first: true }, ...lines],
  };
}
