import type { EventInput } from '../event.ts';
import { count, number } from '../field.ts';
import { milliseconds, now } from './clock.ts';
import { encodeField } from './encode-event.ts';
import { settle } from './settle.ts';

interface Counter {
  count: number;
  totalMs: number;
  maxMs: number;
}

/** Perf counters of one window. They cost a map entry per name, whatever is counted. */
export interface Counters {
  incr(name: string, n?: number): void;
  observe(name: string, ms: number): void;
  /** Calls the function and observes how long it took until it returned, or until its promise settled, well or not. */
  time<Result>(name: string, fn: () => Result): Result;
  /** What was counted since the last call; `undefined` where nothing was. */
  takeWindow(): EventInput<'counters'> | undefined;
}

/** Opens the first window. */
export function createCounters(): Counters {
  let counters = new Map<string, Counter>();
  let openedAt = now();

  const add = (name: string, times: number, ms: number) => {
    const counter = counters.get(name);
    if (!counter) {
      counters.set(name, { count: times, totalMs: ms, maxMs: ms });
      return;
    }
    counter.count += times;
    counter.totalMs += ms;
    if (ms > counter.maxMs) counter.maxMs = ms;
  };

  return {
    incr(name, n = 1) {
      encodeField('counters', name, count, n);
      add(name, n, 0);
    },
    observe(name, ms) {
      encodeField('counters', name, number, ms);
      add(name, 1, ms);
    },
    time(name, fn) {
      const startedAt = now();
      return settle(fn, () => add(name, 1, now() - startedAt));
    },
    takeWindow() {
      const window = { windowMs: milliseconds(now() - openedAt), counters: printable(counters) };
      const used = counters.size > 0;
      counters = new Map();
      openedAt = now();
      return used ? window : undefined;
    },
  };
}

function printable(counters: ReadonlyMap<string, Counter>): EventInput<'counters'>['counters'] {
  const entries = [...counters].map(([name, { count, totalMs, maxMs }]) => [
    name,
    {
      count,
      totalMs: milliseconds(totalMs),
      maxMs: milliseconds(maxMs),
      ...(count > 0 && { avgMs: milliseconds(totalMs / count) }),
    },
  ]);
  return Object.fromEntries(entries);
}
