import { describe, expect, test } from 'vitest';
import { findings, judge } from '../story.ts';

/** A device with 99.999999999989 UCT in one token that shows something. */
const shows = (line: string) =>
  judge(`
  peer1  balance T1 UCT 99.999999999989
  peer2  balance T1 UCT 99.999999999989
  peer1  ${line}
`);

describe('what a device shows', () => {
  test('is what its ledger holds', async () => {
    expect(await shows('read UCT 99.999999999989 tokens=1')).toEqual(['held']);
  });

  test('may have zeros behind it', async () => {
    expect(await shows('read UCT 99.99999999998900 tokens=1')).toEqual(['held']);
  });

  test.each([
    ['fewer decimals', 'read UCT 100 tokens=1', 'rounding'],
    ['decimals cut off', 'read UCT 99.99 tokens=1', 'rounding'],
    ['the smallest unit', 'read UCT 99999999999989 tokens=1', 'unit'],
    ['a thousandth', 'read UCT 0.099999999999989 tokens=1', 'unit'],
    ['something else', 'read UCT 199.999999999989 tokens=1', 'other'],
    ['another number of tokens', 'read UCT 99.999999999989 tokens=2', 'other'],
    ['nothing at all', 'read UCT 0 tokens=0', 'other'],
  ])('is wrong in %s', async (_, line, detail) => {
    expect(await shows(line)).toEqual(['violated', `balance-read peer1 UCT ${detail}`]);
  });

  test('is nothing for a coin that it never had', async () => {
    expect(await shows('read USDC 0 tokens=0')).toEqual(['held']);
  });

  test('is judged at that point, not at the end', async () => {
    expect(
      await judge(`
        peer1  read UCT 0 tokens=0
        peer1  balance T1 UCT 100
        peer1  read UCT 100 tokens=1
        peer1  balance T2 UCT 5
        peer1  read UCT 105 tokens=2
        peer2  balance T1 UCT 100
        peer2  balance T2 UCT 5
      `),
    ).toEqual(['held']);
  });

  test('is nothing after a clear', async () => {
    expect(
      await judge(`
        peer1  balance T1 UCT 100
        peer1  clear
        peer1  read UCT 0 tokens=0
        peer1  balance T1 UCT 100
        peer2  balance T1 UCT 100
      `),
    ).toEqual(['held']);
  });

  test('is what it held before a restart', async () => {
    expect(
      await judge(`
        peer1  start
        peer1  balance T1 UCT 100
        peer1  start
        peer1  read UCT 100 tokens=1
        peer1  end quiescent
        peer2  balance T1 UCT 100
        peer2  end quiescent
      `),
    ).toEqual(['held']);
  });

  test('is told once, however often it is shown', async () => {
    expect(
      await judge(`
        peer1  balance T1 UCT 100
        peer2  balance T1 UCT 100
        peer1  read UCT 90 tokens=1
        peer1  read UCT 90 tokens=1
        peer1  read UCT 90 tokens=1
      `),
    ).toEqual(['violated', 'balance-read peer1 UCT other']);
  });

  test('is judged on a single device, too', async () => {
    expect(
      await judge(`
        peer1  balance T1 UCT 100
        peer1  read UCT 90 tokens=1
      `),
    ).toEqual(['violated', 'balance-read peer1 UCT other']);
  });

  test('is not judged where a hole before it could hide a change', async () => {
    expect(
      await judge(`
        peer1  balance T1 UCT 100
        - peer1  balance T2 UCT 5
        peer1  read UCT 105 tokens=2
        peer2  balance T1 UCT 100
      `),
    ).toEqual(['not-checked', 'seq-gap peer1']);
  });

  test('is not judged where a crash right before it could have taken a change with it', async () => {
    const story = (incarnation: number) => `
      peer1  balance T1 UCT 100 file=first.ndjson
      peer1  read UCT 105 tokens=2 incarnation=${incarnation} seq=${3 - incarnation} file=second.ndjson
      peer2  balance T1 UCT 100
    `;
    expect(await findings(story(2))).toEqual([]);
    expect(await findings(story(1))).toEqual(['balance-read peer1 UCT other']);
  });

  test('is judged before the hole', async () => {
    expect(
      await judge(`
        peer1  balance T1 UCT 100
        peer1  read UCT 90 tokens=1
        - peer1  balance T2 UCT 5
        peer1  log
        peer2  balance T1 UCT 100
      `),
    ).toContain('balance-read peer1 UCT other');
  });
});

describe('the tokens that a device lists', () => {
  const lists = (line: string) =>
    judge(`
    peer1  balance 7c1ea90f UCT 100
    peer1  balance 65ab0001 UCT 5
    peer2  balance 7c1ea90f UCT 100
    peer2  balance 65ab0001 UCT 5
    peer1  ${line}
  `);

  test.each([
    ['by their ids', 'tokens 7c1ea90f 65ab0001'],
    ['by the beginnings of their ids', 'tokens 7c1e 65ab'],
    ['with amounts', 'tokens 7c1e:UCT:100 65ab:UCT:5.0'],
    ['beside the tombstone of another', 'tokens 7c1e 65ab dead:UCT:3:tombstone tombstones=1'],
  ])('are those that it holds, %s', async (_, line) => {
    expect(await lists(line)).toEqual(['held']);
  });

  test.each([
    ['one too many', 'tokens 7c1e 65ab 9999', 'balance-read peer1 9999 other'],
    ['one too few', 'tokens 7c1e', 'balance-read peer1 65ab0001 other'],
    ['one of another amount', 'tokens 7c1e:UCT:100 65ab:UCT:6', 'balance-read peer1 65ab other'],
  ])('are not, where there is %s', async (_, line, finding) => {
    expect(await lists(line)).toEqual(['violated', finding]);
  });
});
