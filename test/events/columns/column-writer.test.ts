import { describe, expect, test } from 'vitest';
import { zero } from '../../../src/base/amount.ts';
import { ColumnWriter, newMemory } from '../../../src/events/columns/column-writer.ts';
import { textAt } from '../../../src/events/columns/texts.ts';
import { cell, planColumns } from '../../../src/events/columns/wants.ts';
import type { ReplayEvent } from '../../../src/events/event.ts';

const file = { path: 'peer1.log', unit: 'line' } as const;
const plan = planColumns({ balance: ['coin', 'delta', 'effect'], 'balance.read': ['tokens'], clear: 'whole' });
const nothingElse = { problems: [], skipped: 0, bytes: 0 };
const start = { bytes: 0, lines: 0 };

function balance(more: Partial<ReplayEvent<'balance'>> = {}): ReplayEvent<'balance'> {
  const header = { device: 'peer1', identity: 'bob', incarnation: 1, seq: 1, time: 5, opId: undefined, run: undefined };
  const place = { mono: undefined, file, line: 1, stream: undefined };
  return { type: 'balance', ...header, ...place, tokenId: 'T1', coin: 'UCT', delta: zero, ...more };
}

function written(...events: readonly ReplayEvent[]) {
  const writer = new ColumnWriter(plan, file);
  for (const event of events) writer.event(event);
  return writer.take(nothingElse, events.length, start);
}

describe('an event becomes a row', () => {
  test('of which the wanted fields have cells, in the order in which they are wanted', () => {
    const { cells, words, rows, times } = written(balance({ line: 7, seq: 3, effect: 'e1' }));
    const [coin, delta, effect] = cells.subarray(cell.field, cell.field + 3) as unknown as [number, number, number];
    expect([textAt(words, coin), textAt(words, delta), textAt(words, effect)]).toEqual(['UCT', '0', 'e1']);
    expect([rows, cells[cell.kind], cells[cell.line], cells[cell.seq]]).toEqual([1, plan.kinds.get('balance'), 7, 3]);
    expect(times[0]).toBe(5);
  });

  test('in which an absent field is 0, and an absent time is no number', () => {
    const { cells, times } = written(balance({ effect: 'e1' }), balance({ time: null }));
    expect(cells[plan.width + cell.field + 2]).toBe(0);
    expect(times[1]).toBeNaN();
  });

  test('with the index of its writer, who is told apart by device, identity and run', () => {
    const { cells, writers } = written(
      balance(),
      balance({ device: 'peer2' }),
      balance({ run: 'run-1' }),
      balance({ identity: 'alice' }),
      balance(),
    );
    const indices = [0, 1, 2, 3, 4].map((row) => cells[row * plan.width + cell.writer]);
    expect(indices).toEqual([0, 1, 2, 3, 0]);
    expect(writers[2]).toEqual({ device: 'peer1', identity: 'bob', run: 'run-1' });
  });
});

describe('an event is handed over whole', () => {
  const { file: _, ...header } = balance();
  test.each([
    ['where all of it is wanted', { ...header, file, type: 'clear' } as ReplayEvent],
    ['where its seq is beyond a cell', balance({ seq: 2 ** 31 })],
    ['where its incarnation is', balance({ incarnation: 2 ** 31 })],
    ['where a whole number is', { ...balance(), type: 'balance.read', amount: zero, tokens: 2 ** 31 } as ReplayEvent],
    ['where it stands in no sequence of its device', balance({ stream: 'script.log' })],
    ['where a text is no Unicode', balance({ effect: '\ud800' })],
  ])('%s', (__, event) => {
    const { cells, events, rows } = written(balance(), event, balance());
    expect(events).toEqual([event]);
    expect(cells[plan.width + cell.kind]).toBe(-1);
    expect(rows).toBe(3);
  });

  test('but not where the largest number that a cell holds is just reached', () => {
    expect(written(balance({ seq: 2 ** 31 - 1, incarnation: 2 ** 31 - 1 })).events).toEqual([]);
  });
});

describe('a constant', () => {
  test('stands at its place in this batch and in all that follow, whatever memory they are in', () => {
    const writer = new ColumnWriter(plan, file);
    const at = writer.constantOf('UCT', { kind: 'string' }) as number;
    for (let turn = 0; turn < 3; turn += 1) {
      for (let seq = 1; seq <= 3000; seq += 1) writer.event(balance({ seq }));
      const { words } = writer.take(nothingElse, 0, start);
      expect(textAt(words, at)).toBe('UCT');
      if (turn === 1) writer.use(newMemory(plan, true));
    }
    expect(writer.constantOf('UCT', { kind: 'string' })).toBe(at);
  });

  test('there is none where no more room is left for it', () => {
    const writer = new ColumnWriter(plan, file);
    const places = Array.from({ length: 400 }, (_, index) =>
      writer.constantOf(`${index}`.padStart(60, 'x'), { kind: 'string' }),
    );
    expect(places[0]).toBeGreaterThan(0);
    expect(places.at(-1)).toBeUndefined();
    expect(textAt(writer.words, places[100] as number)).toBe('100'.padStart(60, 'x'));
  });

  test('of an amount is its text', () => {
    const writer = new ColumnWriter(plan, file);
    const at = writer.constantOf({ units: 150n, scale: 2 }, { kind: 'amount' }) as number;
    expect(textAt(writer.words, at)).toBe('1.5');
  });
});

test('rows grow in the memory that they began in, shared where that is', () => {
  const writer = new ColumnWriter(plan, file);
  writer.use(newMemory(plan, true, 2));
  for (let seq = 1; seq <= 100; seq += 1) writer.event(balance({ seq, effect: `e${seq}` }));
  const { cells, times, words, rows } = writer.take(nothingElse, 100, start);
  expect([cells, times, words].map(({ buffer }) => buffer instanceof SharedArrayBuffer)).toEqual([true, true, true]);
  expect(rows).toBe(100);
  const last = cells.subarray(99 * plan.width);
  expect([last[cell.seq], textAt(words, last[cell.field + 2] as number)]).toEqual([100, 'e100']);
});

test('a batch begins anew: what was taken is not in the next', () => {
  const writer = new ColumnWriter(plan, file);
  writer.event(balance({ stream: 'x' }));
  writer.take(nothingElse, 1, start);
  const { rows, events, numbers } = writer.take(nothingElse, 1, start);
  expect([rows, events.length, numbers.length]).toEqual([0, 0, 1]);
});

test('a field that no event type has is refused', () => {
  expect(() => planColumns({ balance: ['nonsense'] })).toThrow('balance has no field nonsense that fits a column');
});
