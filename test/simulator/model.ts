/** One token as an effect puts it out. Amounts are whole numbers of the coin's smallest unit. */
export interface Token {
  readonly tokenId: string;
  readonly coin: string;
  readonly amount: bigint;
  /** The identity that may spend it. */
  readonly owner: string;
}

/** What a token effect is to the supply. */
export type EffectKind = 'mint' | 'transfer' | 'receive' | 'burn';

/** An immutable fact of one identity's replicated log. */
export interface Effect {
  readonly id: string;
  readonly cid: string;
  readonly origin: string;
  readonly identity: string;
  readonly originSeq: number;
  readonly key: string;
  readonly opId: string;
  readonly kind?: EffectKind;
  readonly inputs: readonly Token[];
  readonly outputs: readonly Token[];
  /** Whom it causally follows, as far as a reader of the logs can know: its `deps`, and the one before it of its origin. */
  readonly parents: readonly Effect[];
}

/** One token's balance moves on one device. */
export interface Change {
  readonly tokenId: string;
  readonly coin: string;
  readonly delta: bigint;
}

/** A published state of an identity, which a device may take over. */
export interface Snapshot {
  readonly id: string;
  readonly identity: string;
  readonly publisher: string;
  readonly frontier: Readonly<Record<string, number>>;
  readonly contents: readonly Effect[];
}

/** A coin and its smallest unit. */
export interface Coin {
  readonly name: string;
  readonly decimals: number;
  /** About how much one mint makes, in whole coins. */
  readonly minted: bigint;
}

/** One written line, with what is needed to sort it into files. */
export interface LogLine {
  readonly device: string;
  readonly incarnation: number;
  /** Absent for a debug line, which is not part of the contract. */
  readonly seq?: number;
  readonly type?: string;
  /** The world's own time, which no device knows. */
  readonly at: number;
  readonly text: string;
}

/** A file of a run before it is put into one string. */
export interface LogFile {
  name: string;
  lines: LogLine[];
  /** The beginning of a last line whose end was never written. */
  torn?: string;
}

/** The coins of every world: few and many decimals, and amounts beyond what a JSON number can hold. */
export const coins: readonly Coin[] = [
  { name: 'UCT', decimals: 12, minted: 100n },
  { name: 'USDC', decimals: 6, minted: 2_500n },
  { name: 'VAST', decimals: 18, minted: 10n ** 40n },
  { name: 'WHOLE', decimals: 0, minted: 1_000n },
];

/** The decimals of a coin that the world knows. */
export function decimalsOf(coin: string): number {
  return coins.find(({ name }) => name === coin)?.decimals ?? 0;
}

/** An exact decimal string, trimmed unless the zeros are asked for. */
export function formatAmount(amount: bigint, decimals: number, padded = false): string {
  const digits = (amount < 0n ? -amount : amount).toString().padStart(decimals + 1, '0');
  const whole = digits.slice(0, digits.length - decimals);
  const fraction = digits.slice(digits.length - decimals);
  const shown = padded ? fraction : fraction.replace(/0+$/, '');
  return `${amount < 0n ? '-' : ''}${whole}${shown === '' ? '' : `.${shown}`}`;
}
