import fc from 'fast-check';
import { expect, test } from 'vitest';
import { RowClock } from '../../../src/replay/glance/row-clock.ts';

const most = 4;
const step = fc.record({
  device: fc.nat({ max: most - 1 }),
  origin: fc.nat({ max: most - 1 }),
  /** How many of what it has not heard of it hears at once; 0: it writes. */
  hears: fc.nat({ max: 3 }),
  /** Whether others go on from what was kept by then. */
  isLandmark: fc.boolean(),
});

/** By device: how many lines passed, what it knows, and of each effect what it knew by then. */
interface Known {
  place: number;
  readonly knows: number[];
  readonly wrote: (readonly number[])[];
  readonly heard: number[];
}

const newKnown = (devices: number): Known => {
  const nothing = () => new Array<number>(devices).fill(0);
  return { place: 0, knows: nothing(), wrote: [], heard: nothing() };
};

test('a device knows what those knew of whose effects it has heard, also where it goes on from a landmark', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: most }), fc.array(step, { maxLength: 300 }), (devices, steps) => {
      const known = Array.from({ length: devices }, () => newKnown(devices));
      const begin = { devices, seen: [] as RowClock[] };
      let clocks = known.map((_, number) => new RowClock(number, begin));
      for (const { device, origin, hears, isLandmark } of steps) {
        const [own, other] = [known[device % devices], known[origin % devices]] as [Known, Known];
        const [number, from] = [device % devices, origin % devices];
        const clock = clocks[number] as RowClock;
        own.place += 1;
        own.knows[number] = own.place;
        if (hears === 0) {
          own.wrote.push([...own.knows]);
          clock.write(own.place);
        } else if (other !== own) {
          const newest = Math.min((own.heard[from] as number) + hears, other.wrote.length);
          for (const [index, place] of (other.wrote[newest - 1] ?? []).entries()) {
            own.knows[index] = Math.max(own.knows[index] as number, place);
          }
          own.knows[number] = own.place;
          own.heard[from] = newest;
          if (newest > 0) clock.hear(clocks[from] as RowClock, newest);
        }
        const padded = [...clock.at(own.place)];
        while (padded.length < devices) padded.push(0);
        expect(padded).toEqual(own.knows);
        if (!isLandmark) continue;
        const peers = { devices, seen: [] as RowClock[] };
        for (const each of clocks) each.forgetHeard();
        clocks = clocks.map((each, index) => new RowClock(index, peers, each.keep()));
      }
    }),
  );
});

test('what a device wrote before another one appeared is kept for that one', () => {
  const peers = { devices: 2, seen: [] as RowClock[] };
  const first = new RowClock(0, peers);
  for (let place = 1; place <= 200; place += 1) first.write(place);
  expect(first.forgetHeard()).toBe(200);
  const second = new RowClock(1, peers);
  second.hear(first, 3);
  expect(second.at(1)).toEqual([3, 1]);
  second.hear(first, 150);
  expect(first.forgetHeard()).toBe(50);
  expect(first.keep().rows.slice(4, 6)).toEqual(Int32Array.of(151, 0));
});
