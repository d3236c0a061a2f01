import { type Amount, equal, formatAmount, isZero, zero } from '../../base/amount.ts';
import { byText } from '../../base/order.ts';
import { type CoinTotal, ledger, totals } from '../../replay/projections/ledger.ts';
import type { Finding } from '../../results.ts';
import type { Counterfactual } from '../../results-explanation.ts';
import type { CaseFile } from '../evidence/case-file.ts';
import { count } from '../evidence/wording.ts';
import type { FindingDraft } from '../invariant.ts';
import type { Verdicts } from './judge.ts';
import type { Mend } from './mends.ts';

/** A history, and what the invariants say of it. */
export interface Judged {
  readonly file: CaseFile;
  readonly verdicts: Verdicts;
}

/** A finding of the history as it was. */
export interface Explained {
  readonly finding: Finding;
  readonly draft: FindingDraft;
}

/** What is to be said where nothing can be replayed without the fault. */
export function noCounterfactual(why: string): Counterfactual {
  return unreplayed(`no counterfactual: ${why}`);
}

/**
 * What is to be said where no line tells what devices held, only what they showed: nothing can be replayed, and what the other
 * side of the finding showed is what this one would have.
 */
export function withoutLedgers(
  { coin = '', comparison, blame, device }: FindingDraft,
  { clause }: Mend,
): Counterfactual {
  const wrong = blame?.device ?? device;
  const right = comparison?.sides.find((side) => side.device !== wrong);
  if (wrong === undefined || !right) return noCounterfactual('no balance line tells what the devices held');
  const shown = `${right.amount} ${coin} in ${count(right.tokens, 'token')}, as ${right.device} did`;
  return unreplayed(
    `had ${clause}, ${wrong} would have shown ${shown}; no balance line tells what the devices held, so that nothing was replayed`,
  );
}

function unreplayed(sentence: string): Counterfactual {
  return { sentence, outcome: 'none', ledgers: [], gone: [], remaining: [] };
}

/** Compares a history as it was with the same history without one fault, and says what that fault alone did. */
export function counterfactual(
  explained: Explained,
  mend: Mend,
  asItWas: Judged,
  mended: Judged & { readonly shown: readonly CoinTotal[] | null },
): Counterfactual {
  const comparison = new Comparison(explained, mend, asItWas, mended);
  const coin = comparison.coins[0];
  const { shown } = mended;
  const told = shown
    ? { sentence: comparison.wouldShow(shown), outcome: 'unmoved' as const }
    : coin === undefined
      ? { sentence: comparison.movesNothing(), outcome: 'unmoved' as const }
      : comparison.atTheEnd(coin);
  return { ...told, ledgers: coin === undefined ? [] : comparison.ledgers(coin), ...comparison.findings() };
}

class Comparison {
  readonly coins: readonly string[];
  private readonly explained: Explained;
  private readonly mend: Mend;
  private readonly before: Judged;
  private readonly after: Judged;
  private readonly devices: readonly string[];

  constructor(explained: Explained, mend: Mend, before: Judged, after: Judged) {
    const { identity = '', coin } = explained.draft;
    const booked = (mend.remedies ?? []).flatMap(({ tokens }) => [...tokens.values()].map((holding) => holding.coin));
    this.coins = [...new Set([coin ?? null, ...booked])].filter((name) => name !== null);
    this.explained = explained;
    this.mend = mend;
    this.before = before;
    this.after = after;
    this.devices = (before.file.identities.get(identity) ?? []).map(({ device }) => device);
  }

  wouldShow(shown: readonly CoinTotal[]): string {
    const { coin } = this.explained.draft;
    const held = coin === undefined ? shown : [shown.find((total) => total.coin === coin) ?? nothing(coin)];
    const what = held.length === 0 ? 'nothing' : held.map(describeHeld).join(', ');
    return `had ${this.mend.clause}, it would have shown ${what}; no ledger would be different`;
  }

  movesNothing(): string {
    return `had ${this.mend.clause}, no ledger would be different, for it moves no token`;
  }

  atTheEnd(coin: string): Pick<Counterfactual, 'sentence' | 'outcome'> {
    const had = `had ${this.mend.clause}`;
    const agree = this.apart.size === 0;
    if (this.devices.some((device) => this.coins.some((name) => this.isChanged(device, name)))) {
      return agree
        ? { sentence: `${had}, ${this.together(coin, 'would hold')}`, outcome: 'agree' }
        : {
            sentence: `${had}, ${this.apartly(coin, 'would hold')}; they would still differ: ${this.why()}`,
            outcome: 'differ',
          };
    }
    const inTheEnd = agree
      ? `in the end ${this.together(coin, 'hold')}, with it or without`
      : `in the end ${this.apartly(coin, 'hold')}, with it or without: ${this.why()}`;
    return {
      sentence: `${had}, ${this.beforeClear(coin) ?? 'no ledger would be different'}; ${inTheEnd}`,
      outcome: 'unmoved',
    };
  }

  ledgers(coin: string): Counterfactual['ledgers'] {
    return this.devices.map((device) => {
      const { amount, tokens } = heldBy(this.after.file, device, coin);
      return { device, coin, amount: formatAmount(amount), tokens };
    });
  }

  /** Which violations the replay without the fault still finds. Of several with one name, the explained one is missed first. */
  findings(): Pick<Counterfactual, 'gone' | 'remaining'> {
    const { finding: explained } = this.explained;
    const names = this.after.verdicts.findings.map(nameOf);
    const own = this.before.verdicts.findings.filter(
      ({ verdict, identity }) => verdict === 'violated' && identity === explained.identity,
    );
    const remaining = new Set<string>();
    for (const finding of own.toSorted(
      (left, right) => Number(left.id === explained.id) - Number(right.id === explained.id),
    )) {
      const found = names.indexOf(nameOf(finding));
      if (found < 0) continue;
      names.splice(found, 1);
      remaining.add(finding.id);
    }
    const ids = own.map(({ id }) => id);
    return { gone: ids.filter((id) => !remaining.has(id)), remaining: ids.filter((id) => remaining.has(id)) };
  }

  /** By token that devices would hold differently, the devices. */
  private get apart(): ReadonlyMap<string, readonly string[]> {
    return new Map(this.coins.flatMap((coin) => [...disagreements(this.after.file, this.devices, coin)]));
  }

  private isChanged(device: string, coin: string): boolean {
    return !sameTokens(tokensOf(this.before.file, device, coin), tokensOf(this.after.file, device, coin));
  }

  private together(coin: string, hold: string): string {
    const [device = ''] = this.devices;
    const held = describeHeld(heldBy(this.after.file, device, coin));
    if (this.devices.length > 1) {
      return `${this.devices.length === 2 ? 'both' : `all ${count(this.devices.length, 'device')}`} ${hold} ${held}`;
    }
    const was = describeHeld(heldBy(this.before.file, device, coin));
    return `${device} ${hold === 'hold' ? 'holds' : hold} ${held}${was === held ? '' : `, instead of ${was}`}`;
  }

  private apartly(coin: string, hold: string): string {
    const held = (device: string) => describeHeld(heldBy(this.after.file, device, coin));
    const [first = '', ...rest] = this.devices;
    const verb = hold === 'hold' ? 'holds' : hold;
    return [`${first} ${verb} ${held(first)}`, ...rest.map((device) => `${device} ${held(device)}`)].join(', ');
  }

  /** What a device would have held before it was cleared, where that is all that would have been different. */
  private beforeClear(coin: string): string | undefined {
    for (const device of this.devices) {
      const phases = this.before.file.states.read(ledger).get(device)?.cleared.length ?? 0;
      for (let phase = 0; phase < phases; phase++) {
        const [was, would] = [this.before, this.after].map(({ file }) =>
          describeHeld(heldBy(file, device, coin, phase)),
        );
        if (was !== would) return `${device} would have held ${would} before it was cleared, instead of ${was}`;
      }
    }
    return undefined;
  }

  /** Why devices would differ all the same: what else is wrong, what is under way, or that nobody can say. */
  private why(): string {
    const { identity = '' } = this.explained.draft;
    const others = this.after.verdicts.drafts.flatMap((draft, index) => {
      const bears =
        draft.verdict === 'violated' &&
        draft.identity === identity &&
        [...this.apart].some(
          ([tokenId, devices]) =>
            draft.touches?.includes(tokenId) && (draft.device === undefined || devices.includes(draft.device)),
        );
      return bears ? [this.after.verdicts.findings[index] as Finding] : [];
    });
    const names = others.map((finding) => {
      const id = this.before.verdicts.findings.find((known) => nameOf(known) === nameOf(finding))?.id;
      return `${id === undefined ? '' : `${id}, `}${finding.code}${finding.effect === null ? '' : ` of ${finding.effect}`}`;
    });
    if (names.length > 0) return `there is also ${[...new Set(names)].slice(0, 3).join('; ')}`;
    const agreement = this.after.verdicts.checks.find(
      ({ name, subject }) => name === 'ledgers-agree' && subject === identity,
    );
    return agreement?.reason ?? 'no line says why';
  }
}

/** By token of a coin that the devices do not all hold alike: those that hold it otherwise than the first, and the first. */
function disagreements(
  file: CaseFile,
  [first = '', ...others]: readonly string[],
  coin: string,
): Map<string, string[]> {
  const apart = new Map<string, string[]>();
  const reference = tokensOf(file, first, coin);
  for (const device of others) {
    const held = tokensOf(file, device, coin);
    for (const tokenId of [...new Set([...reference.keys(), ...held.keys()])].sort(byText)) {
      if (equal(reference.get(tokenId) ?? zero, held.get(tokenId) ?? zero)) continue;
      apart.set(tokenId, [...(apart.get(tokenId) ?? [first]), device]);
    }
  }
  return apart;
}

function sameTokens(left: ReadonlyMap<string, Amount>, right: ReadonlyMap<string, Amount>): boolean {
  return left.size === right.size && [...left].every(([tokenId, amount]) => equal(amount, right.get(tokenId) ?? zero));
}

function tokensOf(file: CaseFile, device: string, coin: string): ReadonlyMap<string, Amount> {
  return file.states.read(ledger).get(device)?.coins.get(coin)?.tokens ?? new Map();
}

/** What a device holds of a coin: at the end, or where a phase ended that a `clear` closed. */
function heldBy(file: CaseFile, device: string, coin: string, phase?: number): CoinTotal {
  const held = file.states.read(ledger).get(device);
  const all = phase === undefined ? totals(held?.coins ?? new Map()) : (held?.cleared[phase] ?? []);
  return all.find((total) => total.coin === coin) ?? nothing(coin);
}

function nothing(coin: string): CoinTotal {
  return { coin, amount: zero, tokens: 0 };
}

function describeHeld({ coin, amount, tokens }: CoinTotal): string {
  return tokens === 0 && isZero(amount) ? `no ${coin}` : `${formatAmount(amount)} ${coin} in ${count(tokens, 'token')}`;
}

/** What a finding is about, whatever its number. */
function nameOf({ code, check, identity, device, effect, tokenId }: Finding): string {
  return JSON.stringify([code, check, identity, device, effect, tokenId]);
}
