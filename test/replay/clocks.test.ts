import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { report } from '../story.ts';

/** Two devices that write to each other, with clocks so far apart. */
const talking = (offsets: string) => `
  ${offsets}
  peer1  write e1
  peer2  applied e1 after=40
  peer2  write f1 after=5
  peer1  applied f1 after=70
  peer1  write e2 after=300
  peer2  applied e2 after=55
`;

describe('the bounds of a clock’s offset', () => {
  test('contain the true one, whatever it is', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.integer({ min: -5_000, max: 5_000 }),
        fc.integer({ min: -5_000, max: 5_000 }),
        async (one, two) => {
          const { clocks } = await report(talking(`: clock=peer1:${one}\n: clock=peer2:${two}`));
          const [bound] = clocks;
          expect(bound).toMatchObject({ device: 'peer2', reference: 'peer1', pairs: 3 });
          const truth = two - one;
          expect(Math.abs((bound?.offsetMs ?? 0) - truth)).toBeLessThanOrEqual(bound?.errorMs as number);
          expect(bound?.errorMs).toBe(55);
        },
      ),
      { numRuns: 20 },
    );
  });

  test('have one side where messages went one way', async () => {
    const { clocks } = await report('peer1 write e1\npeer2 applied e1 after=40\n: clock=peer2:0');
    expect(clocks).toEqual([{ device: 'peer2', reference: 'peer1', offsetMs: 40, errorMs: null, pairs: 1 }]);
  });

  test('come from snapshots, too', async () => {
    const { clocks } = await report('peer1 publish s1 frontier=peer1:0\npeer2 import s1 after=30');
    expect(clocks).toMatchObject([{ device: 'peer2', offsetMs: 30, errorMs: null, pairs: 1 }]);
  });

  test('are none where a clock was set meanwhile, so that messages both ways seem to arrive before they left', async () => {
    const { clocks } = await report(`
      peer1  write e1 time=10000
      peer2  applied e1 time=9000
      peer2  write f1 time=9500
      peer1  applied f1 time=9000
    `);
    expect(clocks).toEqual([]);
  });

  test('are none where devices never heard of each other', async () => {
    expect((await report('peer1 log\npeer2 log')).clocks).toEqual([]);
  });
});
