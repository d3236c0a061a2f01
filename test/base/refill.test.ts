import { deserialize, serialize } from 'node:v8';
import { expect, test } from 'vitest';
import { refill } from '../../src/base/refill.ts';

class Counter {
  #step: number;
  count = 0;
  readonly seen = { names: new Set<string>() };

  constructor(step: number) {
    this.#step = step;
  }

  add(name: string): void {
    this.count += this.#step;
    this.seen.names.add(name);
  }
}

class Pair {
  readonly left = new Counter(1);
  readonly right: Counter;
  last: Counter['seen'] | undefined;

  constructor(step: number) {
    this.right = new Counter(step);
  }
}

test('an object goes on from what is kept of another, with what it was made with and what that shares', () => {
  const pair = new Pair(2);
  pair.left.add('a');
  pair.right.add('b');
  pair.last = pair.right.seen;
  const again = refill(new Pair(3), deserialize(serialize(pair)));
  again.right.add('c');
  expect([again.left.count, again.right.count]).toEqual([1, 5]);
  expect(again.left).toBeInstanceOf(Counter);
  expect(again.last).toEqual({ names: new Set(['b', 'c']) });
  expect(pair.right.count).toBe(2);
});
