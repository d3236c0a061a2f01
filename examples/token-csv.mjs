import { defineReader } from 'ledger-replay';

/**
 * A reader for a format that the tool does not know: a table of balance changes, whose first line names the columns.
 *
 *     when;device;seq;token;coin;change
 *     2026-05-30T21:58:07.330Z;bob-peer1;1;7c1e;UCT;+99.999999999989
 */
export const tokenCsv = defineReader({
  name: 'token-csv',
  recognises: ({ text }) => /^(?=.*\bdevice\b)(?=.*\btoken\b)[a-z]+(;[a-z]+)+\r?\n/.test(text),
  begin() {
    let columns;
    return (line) => {
      const cells = line.split(';');
      if (columns === undefined) {
        columns = cells;
        return [];
      }
      // What is thrown becomes a problem of this line, with its place; the other lines are used.
      if (cells.length !== columns.length) throw new Error(`expected ${columns.length} columns, got ${cells.length}`);
      const row = Object.fromEntries(columns.map((column, index) => [column, cells[index]]));
      return {
        type: 'balance',
        device: row.device,
        identity: row.device.split('-')[0],
        seq: Number(row.seq),
        time: Date.parse(row.when),
        tokenId: row.token,
        coin: row.coin,
        delta: row.change.replace(/^\+/, ''),
      };
    };
  },
});
