import fc from 'fast-check';
import { expect, test } from 'vitest';
import { inCausalOrder, type PickedEvent } from '../../../src/replay/glance/picked-line.ts';

const clock = fc.array(fc.nat({ max: 5 }), { minLength: 3, maxLength: 3 });

test('what happened before something else stands before it', () => {
  fc.assert(
    fc.property(fc.array(clock, { maxLength: 12 }), (clocks) => {
      const picked = clocks.map((each) => ({ clock: each, lane: { number: 0 } }) as unknown as PickedEvent);
      const ordered = inCausalOrder(picked);
      const isBefore = (left: PickedEvent, right: PickedEvent) =>
        left.clock.every((place, lane) => place <= (right.clock[lane] as number)) &&
        left.clock.some((place, lane) => place < (right.clock[lane] as number));
      for (const [index, later] of ordered.entries()) {
        expect(ordered.slice(index + 1).some((other) => isBefore(other, later))).toBe(false);
      }
    }),
  );
});
