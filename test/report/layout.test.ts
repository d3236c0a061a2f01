import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { grouped } from '../../src/base/grouped.ts';
import { formatBytes, plural, printable, shellWord, signed } from '../../src/report/format.ts';
import { shortenerOf } from '../../src/report/ids.ts';
import { limited } from '../../src/report/page.ts';
import { align, table } from '../../src/report/table.ts';
import { hang, wrap } from '../../src/report/wrap.ts';

const amounts = fc.stringMatching(/^[+-]?(0|[1-9]\d{0,30})(\.\d{1,18})?$/);

describe('a column of amounts', () => {
  test('has its points under each other, and nothing is lost', () => {
    fc.assert(
      fc.property(fc.array(amounts, { minLength: 1 }), (cells) => {
        const placed = align(cells, 'decimal');
        const pointOf = (cell: string) => (cell.includes('.') ? cell.indexOf('.') : cell.trimEnd().length);
        expect(new Set(placed.map(pointOf)).size).toBe(1);
        expect(new Set(placed.map(({ length }) => length)).size).toBe(1);
        expect(placed.map((cell) => cell.trim())).toEqual(cells);
      }),
    );
  });

  test('leaves words where they are', () => {
    expect(align(['balance', '1.25', '-100'], 'decimal')).toEqual(['balance', '   1.25', '-100   ']);
  });
});

test('a table has no blanks at the ends of its lines', () => {
  expect(
    table(
      [
        ['a', '1', ''],
        ['bbb', '100', 'x'],
      ],
      ['left', 'right', 'left'],
    ),
  ).toEqual(['a      1', 'bbb  100  x']);
});

test('wrapping keeps every word and every width', () => {
  fc.assert(
    fc.property(fc.array(fc.stringMatching(/^[a-z]{1,10}$/), { minLength: 1 }), (words) => {
      const lines = wrap(words.join(' '), 12);
      expect(lines.join(' ')).toBe(words.join(' '));
      expect(lines.every(({ length }) => length <= 12)).toBe(true);
    }),
  );
  expect(hang('  ✓ name  ', 'one two three four five six', 30)).toEqual([
    '  ✓ name  one two three four',
    '          five six',
  ]);
});

describe('a shortened id', () => {
  test('has as many characters as it takes to tell it from the others', () => {
    const ids = ['aaaa111122223333444455556666bbbb', 'aaaa119922223333444455556666bbbb', 'T1', 'bob-peer2'];
    expect(ids.map(shortenerOf(ids))).toEqual(['aaaa1111…6666bbbb', 'aaaa1199…6666bbbb', 'T1', 'bob-peer2']);
  });

  test('is never the same for two ids', () => {
    const id = fc.stringMatching(/^[ab]{10,60}$/);
    fc.assert(
      fc.property(fc.uniqueArray(id, { minLength: 2, maxLength: 20 }), (ids) => {
        expect(new Set(ids.map(shortenerOf(ids))).size).toBe(ids.length);
      }),
    );
  });

  test('is found inside a sentence', () => {
    const id = '7c1e4b0d93aa5f6e8c2b1d0f7e6a90f0';
    expect(shortenerOf([id])(`spends ${id}, and ${id}.`)).toBe('spends 7c1e…90f0, and 7c1e…90f0.');
  });
});

test('numbers are the same in every locale', () => {
  expect([0, 999, 1_000, 1_234_567].map(grouped)).toEqual(['0', '999', '1,000', '1,234,567']);
  expect([0, 999, 1_000, 999_999, 3_210_987_654].map(formatBytes)).toEqual([
    '0 B',
    '999 B',
    '1.0 kB',
    '1.0 MB',
    '3.2 GB',
  ]);
  expect([plural(1, 'entry', 'entries'), plural(2, 'entry', 'entries')]).toEqual(['1 entry', '2 entries']);
  expect(['100', '-0.5', '0'].map(signed)).toEqual(['+100', '-0.5', '0']);
});

test('control characters and tricks with direction are made visible', () => {
  expect(printable('a\u001b[31mb\u202ec\n')).toBe('a\\x1b[31mb\\u202ec\\x0a');
});

test('a word is quoted where a shell needs it', () => {
  expect(['run-1/', 'a b', "it's", ''].map(shellWord)).toEqual(['run-1/', "'a b'", "'it'\\''s'", "''"]);
});

test('one more than the limit is no reason to cut', () => {
  expect(limited([1, 2, 3], 2, false)).toEqual({ shown: [1, 2, 3], rest: 0 });
  expect(limited([1, 2, 3, 4], 2, false)).toEqual({ shown: [1, 2], rest: 2 });
  expect(limited([1, 2, 3, 4], 2, true)).toEqual({ shown: [1, 2, 3, 4], rest: 0 });
});
