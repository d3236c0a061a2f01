import { readdirSync } from 'node:fs';
import { join } from 'node:path';

const decimals = 18;

/** The logs of a run, as paths. */
export function filesOf(folder) {
  return readdirSync(folder)
    .sort()
    .map((name) => join(folder, name));
}

/** The answer that every contender owes, from one event after the other. It holds what is asked for and no more. */
export class Answer {
  /** @type {Map<string, { identity: string, device: string, tokens: Map<string, { coin: string, units: bigint }> }>} */
  #devices = new Map();
  /** @type {Map<string, string>} */
  #operations = new Map();
  /** @type {Map<string, { total: number, retries: number }>} */
  #trips = new Map();

  take({ type, device, identity, coin, tokenId, delta, opId, op, attempt }) {
    if (type === 'balance') this.#move(device, identity, coin, tokenId, units(delta));
    else if (type === 'op.start') this.#operations.set(opId, op);
    else if (type === 'verify' || type === 'request') this.#count(this.#operations.get(opId), attempt > 1);
  }

  #move(device, identity, coin, tokenId, delta) {
    let ledger = this.#devices.get(device);
    if (!ledger) {
      ledger = { identity, device, tokens: new Map() };
      this.#devices.set(device, ledger);
    }
    const held = (ledger.tokens.get(tokenId)?.units ?? 0n) + delta;
    if (held === 0n) ledger.tokens.delete(tokenId);
    else ledger.tokens.set(tokenId, { coin, units: held });
  }

  #count(op, isRetry) {
    const trips = this.#trips.get(op) ?? { total: 0, retries: 0 };
    if (isRetry) trips.retries++;
    else trips.total++;
    this.#trips.set(op, trips);
  }

  /** Prints it, a tab-separated line per figure. */
  print() {
    for (const { device, tokens } of this.#devices.values()) {
      const sums = new Map();
      for (const { coin, units } of tokens.values()) {
        const [sum, count] = sums.get(coin) ?? [0n, 0];
        sums.set(coin, [sum + units, count + 1]);
      }
      for (const [coin, [sum, count]] of sums) console.log(['balance', device, coin, decimal(sum), count].join('\t'));
    }
    for (const [op, { total, retries }] of this.#trips) console.log(['trips', op, total, retries].join('\t'));
    console.log(`differing\t${this.#differing()}`);
  }

  /** How many tokens are not held alike by all devices of an identity. */
  #differing() {
    const all = [...this.#devices.values()];
    let count = 0;
    for (const of of new Set(all.map(({ identity }) => identity))) {
      const ledgers = all.filter(({ identity }) => identity === of);
      const ids = new Set(ledgers.flatMap(({ tokens }) => [...tokens.keys()]));
      for (const id of ids) if (new Set(ledgers.map(({ tokens }) => tokens.get(id)?.units)).size > 1) count++;
    }
    return count;
  }
}

function units(amount) {
  const point = amount.indexOf('.');
  if (point < 0) return BigInt(amount + '0'.repeat(decimals));
  return BigInt(amount.slice(0, point) + amount.slice(point + 1).padEnd(decimals, '0'));
}

function decimal(sum) {
  const digits = String(sum < 0n ? -sum : sum).padStart(decimals + 1, '0');
  return `${sum < 0n ? '-' : ''}${digits.slice(0, -decimals)}.${digits.slice(-decimals)}`;
}
