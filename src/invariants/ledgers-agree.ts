import { type Amount, equal, formatAmount, subtract } from '../base/amount.ts';
import { byText, getOrCreate, groupBy } from '../base/order.ts';
import type { HistoryEvent } from '../replay/causal-order.ts';
import type { Mark } from '../replay/mark.ts';
import { type Capture, captures, endOf } from '../replay/projections/captures.ts';
import { delivery } from '../replay/projections/delivery.ts';
import { ledger } from '../replay/projections/ledger.ts';
import type { TokenDifference } from '../results.ts';
import type { CaseFile } from './evidence/case-file.ts';
import type { DeliveryChain } from './evidence/delivery-chain.ts';
import { sideBySide, tokensOf, total } from './evidence/side-by-side.ts';
import { count, describeHole } from './evidence/wording.ts';
import { defineInvariant, type FindingDraft, type Judgement } from './invariant.ts';

/** Devices of one identity hold the same tokens, once nothing is under way between them. */
export const ledgersAgree = defineInvariant({
  name: 'ledgers-agree',
  promise: 'When nothing is under way any more, all devices of an identity hold the same tokens.',
  needs: ['balance'],
  uses: [captures, delivery, ledger],
  isEssential: (file) => file.showsTokens,
  judge: (file, earlier) =>
    [...file.identities]
      .filter(([, devices]) => devices.length > 1)
      .map(([identity, devices]) => new Agreement(file, identity, devices, earlier).judgement()),
});

/** Why a token that two devices hold differently is no news: it is under way, hidden, or found already. */
type Explanation = 'lag' | 'hidden' | 'found';

class Agreement {
  private readonly file: CaseFile;
  private readonly chain: DeliveryChain;
  private readonly devices: readonly Capture[];
  private readonly earlier: readonly FindingDraft[];
  private readonly findings: FindingDraft[] = [];
  private readonly unchecked: string[] = [];
  private lagging = 0;
  private known = 0;

  constructor(file: CaseFile, identity: string, devices: readonly Capture[], earlier: readonly FindingDraft[]) {
    this.file = file;
    this.chain = file.chain(identity);
    this.devices = devices;
    this.earlier = earlier.filter((finding) => finding.verdict === 'violated' && finding.identity === identity);
  }

  judgement(): Judgement {
    const subject = this.chain.identity;
    if (this.file.aborted || this.mayHaveLifecycle()) {
      return {
        subject,
        findings: [],
        unchecked: 'no device stopped orderly (device.end): what is under way may still arrive',
      };
    }
    const coins = [...new Set(this.devices.flatMap(({ device }) => [...(this.coins(device)?.keys() ?? [])]))].sort(
      byText,
    );
    const certain = this.devices.filter((capture) => this.isCertain(capture));
    for (const coin of coins) this.compareCoin(coin, certain);
    const lag =
      this.lagging > 0
        ? [`${count(this.lagging, 'token')} still on the way when a device stopped without being quiescent`]
        : [];
    return {
      subject,
      findings: this.findings,
      violated:
        this.known > 0
          ? `${count(this.known, 'token')} held differently, for a reason found by another check`
          : undefined,
      unchecked: [...new Set(this.unchecked), ...lag][0],
      detail: `${count(this.devices.length, 'device')}, ${count(coins.length, 'coin')}`,
    };
  }

  private coins(device: string) {
    return this.file.states.read(ledger).get(device)?.coins;
  }

  /** Whether the device's ledger is the whole truth: no hole could hide a line of it. */
  private isCertain({ device, phase }: Capture): boolean {
    const hole = this.file.holeThatHides(device, ['balance', 'clear', 'import', 'replication'], { phase, hard: true });
    if (!hole) return true;
    this.unchecked.push(describeHole(device, hole));
    return false;
  }

  /** Compares every device with the one whose ledger most of them share; the one that differs from most is named. */
  private compareCoin(coin: string, certain: readonly Capture[]): void {
    // Where one list of tokens stands for all devices, it is printed once.
    const printed = new Map<ReadonlyMap<string, Amount>, string>();
    const alike = [
      ...groupBy(certain, ({ device }) => {
        const tokens = tokensOf(this.file, device, coin);
        return getOrCreate(printed, tokens, () => fingerprint(tokens));
      }).values(),
    ];
    alike.sort((left, right) => right.length - left.length);
    const reference = alike[0]?.[0];
    if (!reference) return;
    const majority = (alike[0]?.length ?? 0) > (alike[1]?.length ?? 0);
    for (const other of alike.slice(1).flat()) this.compare(coin, reference.device, other.device, majority);
  }

  private compare(coin: string, one: string, other: string, majority: boolean): void {
    const comparison = sideBySide(this.file, [one, other], coin);
    const [left, right] = comparison.sides.map(({ device }) => device) as [string, string];
    const different = comparison.tokens;
    const why = (token: TokenDifference) => this.explanation(token, [left, right]);
    const real = different.filter((token) => !['lag', 'hidden'].includes(why(token) ?? ''));
    this.lagging += different.filter((token) => why(token) === 'lag').length;
    if (different.some((token) => why(token) === 'hidden'))
      this.unchecked.push(`a hole could hide why ${left} and ${right} differ`);
    const unexplained = real.filter((token) => why(token) === undefined);
    this.known += real.filter((token) => why(token) === 'found').length;
    const [leftTotal, rightTotal] = [left, right].map((device) => total(tokensOf(this.file, device, coin))) as [
      Amount,
      Amount,
    ];
    if (unexplained.length === 0) return;
    const masked = equal(leftTotal, rightTotal);
    const at = this.lastChange(unexplained, [left, right]);
    this.findings.push({
      code: masked ? 'masked' : 'undetermined',
      verdict: 'violated',
      identity: this.chain.identity,
      device: majority ? other : undefined,
      coin,
      tokenId: unexplained[0]?.tokenId,
      blame: { device: null, by: 'cannot-tell' },
      at,
      message: masked
        ? `${left} and ${right} both show ${formatAmount(leftTotal)} ${coin}, but hold different tokens`
        : `${left} and ${right} differ by ${formatAmount(subtract(rightTotal, leftTotal))} ${coin} in ${count(unexplained.length, 'token')}, and no line says why`,
      story: at
        ? [{ event: at.event, role: `is the last change of a token that only one side holds`, first: true }]
        : [],
      comparison,
      touches: unexplained.map(({ tokenId }) => tokenId),
    });
  }

  /** Why two devices may hold a token differently without that being news. */
  private explanation({ tokenId, coin }: TokenDifference, devices: readonly string[]): Explanation | undefined {
    if (this.earlier.some(({ device, touches }) => devices.includes(device ?? '') && touches?.includes(tokenId)))
      return 'found';
    const life = this.chain.tokens.get(tokenId);
    const outcomes = [...(life?.births ?? []), ...(life?.retirements ?? [])]
      .filter(({ origin }) => origin !== null || this.file.logs('write'))
      .flatMap((effect) => devices.map((device) => this.chain.finalOutcome(effect, device).kind));
    if (outcomes.includes('hidden')) return 'hidden';
    const settled = !this.file.hasLifecycle || this.devices.every((capture) => endOf(capture) === 'quiescent');
    if (outcomes.includes('pending') || !settled) return 'lag';
    return devices.some((device) => this.mayHaveLostLines(device, coin)) ? 'hidden' : undefined;
  }

  /** Whether the devices' first lines are lost, so that nobody knows whether they say when they start and stop. */
  private mayHaveLifecycle(): boolean {
    return (
      !this.file.hasLifecycle &&
      this.devices.some(({ holes }) => holes.some(({ from, hides }) => from === 1 && hides === 'anything'))
    );
  }

  private mayHaveLostLines(device: string, coin: string): boolean {
    const phase = this.file.captures.get(device)?.phase;
    return this.file.holeThatHides(device, ['balance', 'clear'], { phase, coin }) !== null;
  }

  /** The newest line, on the device with more of them, that changed one of these tokens. */
  private lastChange(tokens: readonly TokenDifference[], devices: readonly string[]): Mark<HistoryEvent> | undefined {
    const ids = new Set(tokens.map(({ tokenId }) => tokenId));
    const lines = devices.flatMap((device) => {
      const changes = this.chain.linesOf(ids, device, this.chain.phases(device).length - 1);
      return tokens.flatMap(({ tokenId }) => changes.get(tokenId) ?? []);
    });
    return lines.sort((a, b) => b.position - a.position)[0];
  }
}

function fingerprint(tokens: ReadonlyMap<string, Amount>): string {
  return [...tokens]
    .map(([tokenId, amount]) => `${tokenId}=${formatAmount(amount)}`)
    .sort(byText)
    .join('\n');
}
