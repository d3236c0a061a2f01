import { createRandom, quantile } from '../../base/statistics.ts';
import type { Batch, SharedBatch } from './batch.ts';
import type { Plan } from './plan.ts';
import { play, type Race, racesOf, stageOf, waitsOf, wallOf } from './rehearse.ts';

/** How often the operations are played. */
const repetitions = 200;
/** How many waits until durable are drawn of each name, for their middle and their worst; once at least for every write. */
const mostWaits = 100_000;

/** What came of playing all operations of a name: the median wall time of each time, and waits until durable, in µs. */
export interface Outcome {
  readonly wallsUs: readonly number[];
  readonly waitsUs: readonly number[];
}

/**
 * Plays all operations, again and again, each time with other lengths of the batches that are drawn; and once with the longest
 * ones, for the races.
 */
export function playAll(
  plansByName: readonly (readonly Plan[])[],
  batches: readonly SharedBatch[],
  seed: number,
): { readonly outcomes: readonly Outcome[]; readonly races: readonly Race[] } {
  const random = createRandom(seed);
  const lengths = new Float64Array(batches.length);
  const names = plansByName.map((plans) => ({
    stages: plans.map((plan) => ({ ...stageOf(plan), isFixed: isFixed(plan) })),
    wallsUs: [] as number[],
    waitsUs: [] as number[],
  }));
  for (let repetition = 0; repetition < repetitions; repetition++) {
    for (const { batch } of batches) lengths[batch.index] = drawn(batch, random);
    for (const { stages, wallsUs, waitsUs } of names) {
      const walls = new Float64Array(stages.length);
      for (const [index, stage] of stages.entries()) {
        const isKnown = stage.isFixed && repetition > 0;
        walls[index] = isKnown ? wallOf(stage) : play(stage, lengths);
      }
      wallsUs.push(median(walls));
      if (waitsUs.length >= mostWaits) continue;
      for (const stage of stages) for (const wait of waitsOf(stage, lengths)) waitsUs.push(wait);
    }
  }
  for (const { batch } of batches) lengths[batch.index] = batch.lengthsUs.at(-1) ?? 0;
  const races = names.flatMap(({ stages }) =>
    stages.flatMap((stage) => {
      play(stage, lengths);
      return racesOf(stage, lengths);
    }),
  );
  return { outcomes: names, races };
}

/** So many verifications went at once: the slowest of them is what was waited for. */
function drawn({ lengthsUs, atOnce }: Batch, random: () => number): number {
  if (lengthsUs.length === 1) return lengthsUs[0] as number;
  let longest = 0;
  for (let draw = 0; draw < atOnce; draw++) {
    longest = Math.max(longest, lengthsUs[Math.floor(random() * lengthsUs.length)] as number);
  }
  return longest;
}

/** Whether nothing is drawn for the operation, so that it goes the same way each time. */
function isFixed({ parts, holds }: Plan): boolean {
  const held = [...holds.values()].flat();
  return [...parts, ...held].every(({ batch }) => batch.lengthsUs.length === 1);
}

/** The middle of some times, in whole µs. */
export function median(us: Float64Array): number {
  return Math.round(quantile(us.sort(), 0.5));
}
