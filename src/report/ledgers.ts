import { byText } from '../base/order.ts';
import type { Balance, DeviceSummary } from '../results.ts';
import { plural, printable } from './format.ts';
import { limited, type Page } from './page.ts';
import { table } from './table.ts';

const rowsShown = 12;

interface Row {
  readonly identity: string;
  readonly coin: string;
  readonly amount: string;
  readonly tokens: string;
  readonly holders: string[];
}

/** What the devices hold at the end, a row for each coin and amount, so that devices that agree share one. */
export function standings(devices: readonly DeviceSummary[], page: Page): string[] {
  const rows = new Map<string, Row>();
  for (const { device, identity } of devices) {
    for (const { coin, amount, tokens } of balancesIn(device, identity, devices)) {
      const key = JSON.stringify([identity, coin, amount, tokens]);
      const row = rows.get(key) ?? { identity, coin, amount, tokens: plural(tokens, 'token'), holders: [] };
      row.holders.push(device);
      rows.set(key, row);
    }
  }
  const { shown, rest } = limited([...rows.values()].sort(byIdentityAndCoin), rowsShown, page.all);
  const lines = table(
    shown.map(({ identity, coin, amount, tokens, holders }) => [
      printable(identity),
      printable(coin),
      amount,
      tokens,
      printable(holders.length > 3 && !page.all ? `on ${holders.length} devices` : `on ${holders.join(', ')}`),
    ]),
    ['left', 'left', 'decimal', 'right', 'left'],
  );
  return rest === 0 ? lines : [...lines, page.palette.faint(`… and ${plural(rest, 'more balance')} (--all)`)];
}

function byIdentityAndCoin(left: Row, right: Row): number {
  return byText(left.identity, right.identity) || byText(left.coin, right.coin);
}

/** The device's balances, and nothing of the coins that only its siblings have; a coin that none of them holds is left out. */
function balancesIn(name: string, identity: string, devices: readonly DeviceSummary[]): Balance[] {
  const siblings = devices.filter((device) => device.identity === identity);
  const held = siblings
    .flatMap(({ balances }) => balances)
    .filter(({ amount, tokens }) => amount !== '0' || tokens > 0);
  const own = siblings.find(({ device }) => device === name)?.balances ?? [];
  return [...new Set(held.map(({ coin }) => coin))].map(
    (coin) => own.find((balance) => balance.coin === coin) ?? { coin, amount: '0', tokens: 0 },
  );
}
