import type { MutantName } from './operators.ts';

/** A mutant that changes nothing that a report shows, and why. */
export interface Equivalent extends MutantName {
  readonly why: string;
}

/** Mutants that do not count: nobody can notice them. `npm test` holds that each is still there. */
export const equivalents: readonly Equivalent[] = [
  {
    file: 'src/invariants/amounts-conserved.ts',
    operator: 'comparison',
    from: 'rest.units > 0n',
    why: 'Where nothing is left over, there is no finding.',
  },
  {
    file: 'src/invariants/evidence/identity-log.ts',
    operator: 'connective',
    from: 'return (this.replication?.doubtful ?? false) || (this.lacksWrites && this.everyPhase.some(takesOver));',
    why: 'It spares a second look, which answers alike.',
  },
  {
    file: 'src/invariants/evidence/reach.ts',
    operator: 'constant',
    from: 'if ((steps.at(-1)?.originSeq ?? 0) >= originSeq) return false;',
    why: 'What is claimed already was followed already, so that following it once more claims nothing.',
  },
  {
    file: 'src/invariants/ledgers-agree.ts',
    operator: 'connective',
    from: "this.earlier = earlier.filter((finding) => finding.verdict === 'violated' && finding.identity === identity);",
    why: 'Only what is violated touches tokens, and a device that it names is of one identity.',
  },
  {
    file: 'src/invariants/tokens-grounded.ts',
    operator: 'comparison',
    from: 'const later = changes.filter(({ position }) => position > line.position);',
    why: 'The line itself brings something, so that it is none of those that take something away.',
  },
  {
    file: 'src/invariants/balance-reads.ts',
    operator: 'comparison 2',
    from: 'return !isZero(size) && places < heldPlaces && compareAmounts(size, { units: 1n, scale: places }) < 0;',
    why: 'The one held has more places, so that the difference is no whole unit of the other’s last place.',
  },
  {
    file: 'src/invariants/balance-reads.ts',
    operator: 'comparison',
    from: 'const size = difference.units < 0n ? { ...difference, units: -difference.units } : difference;',
    why: 'Nothing is its own opposite.',
  },
  {
    file: 'src/invariants/evidence/expected-changes.ts',
    operator: 'comparison',
    from: 'const wentAndCame = caused.length > 1 && movesBothWays(chain, device, phase, tokenId);',
    why: 'Of a single movement, the first is the same as all of them together; it saves time.',
  },
];
