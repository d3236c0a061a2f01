import { parse } from 'csv-parse/sync';
import { expect, test } from 'vitest';
import { everything, exported } from './support.ts';

type Row = Readonly<Record<string, string>>;

const read = (text: string): Row[] =>
  parse(text, { columns: true, relax_column_count: false, record_delimiter: '\r\n' });

/** What the cells say of one row that say something. */
const said = (row: Row | undefined): Row =>
  Object.fromEntries(Object.entries(row ?? {}).filter(([, cell]) => cell !== ''));

test('a run is one table', async () => {
  const text = await exported(everything, 'csv');
  expect(text.split('\r\n')[0]).toBe(
    'run,device,identity,incarnation,seq,stream,type,name,opId,parentOpId,start_ms,end_ms,duration_ms,attempt,ok,unfinished,bytes,blocks,count,total_ms,max_ms,detail,file,line',
  );
  const rows = read(text);
  expect(rows.map(({ device, type, name }) => `${device} ${type} ${name}`)).toEqual([
    ...['peer1 write write mint', 'peer1 verify verify', 'peer1 verify verify', 'peer1 publish publish'],
    ...[
      'peer1 op publish-state',
      'peer1 request pin',
      'peer1 op pay',
      'peer1 request fetch',
      'peer1 counters ipfs.pin',
    ],
    ...['peer1 section §A.1 setup', 'peer1 assertion agree', 'peer1 section §A.2 the end'],
    ...['peer2 request fetch', 'peer2 op wait'],
  ]);
  const common = { run: 'soak-7', device: 'peer1', identity: 'bob', incarnation: '1', file: 'peer1.ndjson' };
  expect(said(rows[0])).toEqual({
    ...{ ...common, seq: '5', line: '5', type: 'write', name: 'write mint', opId: 'op-1', bytes: '812' },
    ...{ start_ms: '1748642400075.75', end_ms: '1748642400080', duration_ms: '4.25', detail: 'effect=e1 key=token:T1' },
  });
  expect(said(rows[4])).toEqual({
    ...{ ...common, seq: '4', line: '4', type: 'op', name: 'publish-state', opId: 'op-2', parentOpId: 'op-1' },
    ...{ start_ms: '1748642400054.5', end_ms: '1748642400135', duration_ms: '80.5', ok: 'true', unfinished: 'false' },
  });
  expect(said(rows[8])).toEqual({
    ...{
      ...common,
      seq: '13',
      line: '13',
      type: 'counters',
      name: 'ipfs.pin',
      count: '3',
      total_ms: '12.75',
      max_ms: '8',
    },
    ...{ start_ms: '1748642400075', end_ms: '1748642400175', duration_ms: '100' },
  });
  expect(said(rows.at(-1))).toMatchObject({ name: 'wait', unfinished: 'true', end_ms: '1748642405285' });
});

test.each([
  ['pin, "now"', '"pin, ""now"""', 'pin, "now"'],
  ['two\nlines', '"two\nlines"', 'two\nlines'],
  [' spaces ', '" spaces "', ' spaces '],
  ['=1+1', "'=1+1", "'=1+1"],
  ['@SUM(A1)', "'@SUM(A1)", "'@SUM(A1)"],
  ["'-1", "''-1", "''-1"],
  ["'tis", "'tis", "'tis"],
  ['\u0000bell\u0007', '\u0000bell\u0007', '\u0000bell\u0007'],
  ['a-1', 'a-1', 'a-1'],
])('a name such as %j is the cell %j', async (kind, cell, value) => {
  const text = await exported(`peer1  raw ${line(kind)}`, 'csv');
  expect(text).toContain(`,request,${cell},`);
  expect(read(text)).toMatchObject([{ name: value }]);
});

test('a negative number is no formula', async () => {
  const [row] = read(await exported('peer1  request pin durationMs=-5 time=1748642400123', 'csv'));
  expect(row).toMatchObject({ duration_ms: '-5', start_ms: '1748642400123', end_ms: '1748642400123' });
});

test('what has no time, or an absurd one, has no cells for it', async () => {
  const [one, other] = read(await exported(`peer1  raw ${line('a', null)}\npeer1  raw ${line('b', 1e17, 2)}`, 'csv'));
  expect(said(one)).not.toHaveProperty('start_ms');
  expect(said(other)).not.toHaveProperty('end_ms');
});

function line(kind: string, time: number | null = 1_748_642_400_123, seq = 1): string {
  const header = { v: 1, type: 'request', device: 'peer1', identity: 'bob', incarnation: 1, seq, time };
  return JSON.stringify({ ...header, kind, attempt: 1, ok: true, durationMs: 1 });
}
