import { expect, test } from 'vitest';
import { type Step, type TimedStep, timedStepOf } from '../../src/replay/operations/step.ts';
import { concurrencyOf } from '../../src/round-trips/concurrency.ts';
import { publish, request, verify, write } from './support.ts';

const of = (...events: readonly Step['event'][]) =>
  new Map([['a', events.flatMap((event) => timedStepOf({ event, inferred: false }) ?? [])]]);

/** `from–to: how many, their median`. */
const levels = (steps: ReadonlyMap<string, readonly TimedStep[]>) =>
  concurrencyOf(steps).map(({ from, to, time }) => `${from}–${to}: ${time.count}, ${time.p50Ms} ms`);

test('trips one after the other have no levels, even where milliseconds are rounded', () => {
  expect(levels(new Map())).toEqual([]);
  expect(levels(of(request(0, 100), request(100, 200), verify('e1', 199.5, 300), write('e1', 150)))).toEqual([]);
});

test('a trip is at the level of how many are under way when it begins, itself included', () => {
  expect(levels(of(request(0, 100), request(10, 130), verify('e1', 20, 160), publish('s', 5, 1)))).toEqual([
    '1–1: 1, 100 ms',
    '2–2: 1, 120 ms',
    '3–4: 1, 140 ms',
  ]);
});

test('trips that begin at once see each other, and a level that nobody met is left out', () => {
  const six = Array.from({ length: 6 }, (_, index) => request(0, 100 + index));
  expect(levels(of(request(500, 550), ...six))).toEqual(['1–1: 1, 50 ms', '5–8: 6, 102.5 ms']);
});

test('devices do not meet, and trips without a time are left out', () => {
  const [[, other]] = [...of(request(0, 100))] as [[string, TimedStep[]]];
  expect(levels(new Map([...of(request(50, 100)), ['b', other]]))).toEqual([]);
  expect(levels(of(request(0, 100, { time: null }), request(0, 100)))).toEqual([]);
});
