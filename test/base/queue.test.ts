import fc from 'fast-check';
import { expect, test } from 'vitest';
import { dequeue, enqueue, lengthOf, newQueue, queued } from '../../src/base/queue.ts';

test('what comes first goes first, whatever comes and goes between', () => {
  fc.assert(
    fc.property(fc.array(fc.option(fc.integer()), { maxLength: 600 }), (steps) => {
      const queue = newQueue<number>();
      const model: number[] = [];
      for (const step of steps) {
        if (step === null) expect(dequeue(queue)).toBe(model.shift());
        else {
          enqueue(queue, step);
          model.push(step);
        }
        expect(lengthOf(queue)).toBe(model.length);
      }
      expect(queued(queue)).toEqual(model);
    }),
  );
});
