/**
 * Names of key material, in the kebab form of a key (`walletPrivateKey` and `WALLET_PRIVATE_KEY` are `wallet-private-key`),
 * matched as whole words. A bare `token` is none: `tokenId`, `tokens` and `token` are what the ledger is about.
 */
const secretWords = new RegExp(
  `(^|-)(${[
    '(private|priv|secret|master|signing|encryption|decryption|api)-?keys?',
    '(secrets?|mnemonics?|seeds?|entropy|passwords?|passwd|pwd|passphrases?|authorization|cookies?|credentials?|nsec|xprv|wif)',
    '(seed|pass|recovery)-?(phrases?|words?)',
    '(auth|access|refresh|bearer|session|api|id)-?tokens?|jwts?',
  ].join('|')})(-|$)`,
);

/** Names that end so tell how much there is of a secret, not what it is. */
const measure = /-(count|length|size|ms)$/;

/** Text that says by its own shape that it opens doors: an `Authorization` header's value, or a JSON Web Token. */
const secretText = /^(bearer|basic) \S|^eyJ[\w-]+\.[\w-]+\.[\w-]*$/i;

const censored = '[Redacted]';

/** Deeper than this nothing is copied: nobody reads it, and a secret could hide there. */
const deepest = 12;

/**
 * Makes the censor for free-form fields: a copy as JSON in which nothing below a secret name is left, at any depth and in any
 * spelling of the name. `true`, `false` and `null` stay: `hasPassword` tells nothing. `names` adds to the defaults.
 * Never throws: what cannot be read is replaced by a word that says so. Text inside of strings is not searched.
 */
export function createCensor(names: readonly string[] = []): (fields: unknown) => unknown {
  const extra = new Set(names.map(kebab));
  const isSecret = (name: string) => {
    const words = kebab(name);
    return extra.has(words) || (secretWords.test(words) && !measure.test(words));
  };

  const copy = (value: unknown, ancestors: readonly object[]): unknown => {
    if (typeof value === 'string') return secretText.test(value) ? censored : value;
    if (typeof value === 'bigint') return value.toString();
    if (typeof value !== 'object' || value === null) return value;
    if (ancestors.includes(value)) return '[Circular]';
    if (ancestors.length === deepest) return '[Too deep]';
    if (ArrayBuffer.isView(value) || value instanceof ArrayBuffer) return `[${value.byteLength} bytes]`;
    const below = [...ancestors, value];
    if (Array.isArray(value) || value instanceof Set) return Array.from(value, (item) => copy(item, below));
    if ('toJSON' in value && typeof value.toJSON === 'function') return copy(value.toJSON(), below);
    const copied: [string, unknown][] = entriesOf(value).map(([name, item]) => [
      name,
      isSecret(name) && tells(item) ? censored : copy(item, below),
    ]);
    return Object.fromEntries(copied);
  };

  return (fields) => {
    try {
      return copy(fields, []);
    } catch (error) {
      return `[Unreadable: ${error instanceof Error ? error.message : 'a getter threw'}]`;
    }
  };
}

function entriesOf(value: object): [string, unknown][] {
  if (value instanceof Map) return Array.from(value, ([name, item]) => [String(name), item]);
  const own = Object.entries(value);
  if (!(value instanceof Error)) return own;
  const { name, message, stack, cause } = value;
  return Object.entries({ name, message, stack, ...(cause !== undefined && { cause }) }).concat(own);
}

function tells(value: unknown): boolean {
  return value !== undefined && value !== null && typeof value !== 'boolean';
}

function kebab(name: string): string {
  return name
    .replace(/([a-z0-9])([A-Z])/g, '$1-$2')
    .replace(/([A-Z]+)([A-Z][a-z])/g, '$1-$2')
    .replace(/[^A-Za-z0-9]+/g, '-')
    .toLowerCase();
}
