import { type Amount, compareAmounts, equal, formatAmount, isZero, subtract } from '../base/amount.ts';
import { captures } from '../replay/projections/captures.ts';
import { ledger } from '../replay/projections/ledger.ts';
import { type Mislisting, type Misreading, readings } from '../replay/projections/readings.ts';
import type { CaseFile } from './evidence/case-file.ts';
import { count, describeHole } from './evidence/wording.ts';
import { defineInvariant, type FindingDraft, type Judgement } from './invariant.ts';

/** What the user saw is what the ledger says. */
export const balanceReads = defineInvariant({
  name: 'balance-reads',
  promise: 'What a device shows its user is what its ledger holds at that point.',
  needs: ['balance', ['balance.read', 'tokens.read']],
  uses: [captures, ledger, readings],
  judge: (file) =>
    [...file.identities].map(([identity, devices]) =>
      judgeIdentity(
        file,
        identity,
        devices.map(({ device }) => device),
      ),
    ),
});

function judgeIdentity(file: CaseFile, identity: string, devices: readonly string[]): Judgement {
  const findings: FindingDraft[] = [];
  const hidden: string[] = [];
  let read = 0;
  for (const device of devices) {
    const of = file.states.read(readings).get(device);
    read += of?.count ?? 0;
    for (const wrong of [...(of?.wrong ?? []), ...(of?.wrongLists ?? [])]) {
      const coin = 'amount' in wrong ? wrong.read.event.coin : undefined;
      const hole = file.holeThatHides(device, ['balance', 'clear'], { phase: wrong.phase, coin });
      if (hole !== null && hole !== 'end' && hole.before.position <= wrong.read.position)
        hidden.push(describeHole(device, hole));
      else findings.push('amount' in wrong ? misread(identity, device, wrong) : mislisted(identity, device, wrong));
    }
  }
  return {
    subject: identity,
    findings,
    unchecked:
      hidden.length > 0
        ? `${hidden[0]}, before ${count(hidden.length, 'reading')} that the ledger does not confirm`
        : undefined,
    detail: `${count(read, 'reading')}`,
  };
}

function misread(identity: string, device: string, { read, amount, tokens, repeated }: Misreading): FindingDraft {
  const { event } = read;
  const shown = `${formatAmount(event.amount)} ${event.coin} (${count(event.tokens, 'token')})`;
  const held = `${formatAmount(amount)} ${event.coin} (${count(tokens, 'token')})`;
  const again = repeated > 0 ? `, and so in ${count(repeated, 'later reading')}` : '';
  return {
    code: 'balance-read',
    verdict: 'violated',
    identity,
    device,
    coin: event.coin,
    opId: event.opId,
    detail: kindOfMisreading(event.amount, amount),
    blame: { device, by: 'cannot-tell' },
    at: read,
    message: `${device} showed ${shown} where its ledger holds ${held}${again}`,
    story: [{ event, role: `shows ${shown}; the ledger holds ${held}`, first: true }],
  };
}

function mislisted(identity: string, device: string, { read, surplus, missing }: Mislisting): FindingDraft {
  const claims = [
    ...(surplus.length > 0 ? [`lists ${surplus.join(', ')}, not in its ledger`] : []),
    ...(missing.length > 0 ? [`leaves out ${missing.map(({ tokenId }) => tokenId).join(', ')}`] : []),
  ].join(' and ');
  return {
    code: 'balance-read',
    verdict: 'violated',
    identity,
    device,
    coin: missing[0]?.coin,
    tokenId: surplus[0] ?? missing[0]?.tokenId,
    detail: 'other',
    blame: { device, by: 'cannot-tell' },
    at: read,
    message: `${device} ${claims}`,
    story: [{ event: read.event, role: claims, first: true }],
  };
}

/** `unit`: off by a power of ten. `rounding`: the ledger's amount with fewer decimals. Else `other`. */
function kindOfMisreading(shown: Amount, held: Amount): 'rounding' | 'unit' | 'other' {
  if (isPowerOfTen(shown, held)) return 'unit';
  return isRounded(shown, held) ? 'rounding' : 'other';
}

/** Two amounts with the same digits are a power of ten apart. */
function isPowerOfTen(shown: Amount, held: Amount): boolean {
  const digits = ({ units }: Amount) => units.toString().replace(/0+$/, '');
  return !isZero(shown) && !isZero(held) && !equal(shown, held) && digits(shown) === digits(held);
}

/** Whether the shown amount is less than one unit of its own last place away from the one held, and has fewer places. */
function isRounded(shown: Amount, held: Amount): boolean {
  const text = formatAmount(shown);
  const places = text.includes('.') ? text.length - text.indexOf('.') - 1 : 0;
  const difference = subtract(shown, held);
  const size = difference.units < 0n ? { ...difference, units: -difference.units } : difference;
  const heldText = formatAmount(held);
  const heldPlaces = heldText.includes('.') ? heldText.length - heldText.indexOf('.') - 1 : 0;
  return !isZero(size) && places < heldPlaces && compareAmounts(size, { units: 1n, scale: places }) < 0;
}
