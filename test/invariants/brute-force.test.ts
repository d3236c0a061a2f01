import { expect, test } from 'vitest';
import type { RunReport } from '../../src/results.ts';
import { tell } from '../story/tell.ts';
import { type Files, reportOn } from '../story.ts';
import { type BruteVerdict, bruteForce } from './brute-force.ts';
import { chance } from './mutate.ts';
import { tinyWorld } from './tiny-worlds.ts';

const worlds = 1_500;
/** FROM=10000 TALLY=1 npx vitest run test/invariants/brute-force.test.ts tries others, and says how many there were. */
const from = Number(process.env.FROM ?? 1);
const completionsAtMost = 500;

const classByCode: Readonly<Record<string, 'delivery' | 'balances'>> = {
  'lost-update': 'delivery',
  'not-applied': 'delivery',
  'self-filtered': 'delivery',
  'balance-missing': 'balances',
  'duplicate-apply': 'balances',
  masked: 'balances',
  ungrounded: 'balances',
  resurrected: 'balances',
};

test(`the judge says what trying all completions says: ${worlds} tiny worlds`, { timeout: 120_000 }, async () => {
  const tally = { asked: 0, violated: 0, 'not-checked': 0, held: 0, tolerated: 0 };
  for (let seed = from; seed < from + worlds; seed++) {
    const story = tinyWorld(chance(seed, 'tiny world'));
    const files = tell(story);
    const slow = bruteForce(files, completionsAtMost);
    if (!slow) continue;
    for (const { question, surely, accused, tolerated } of compare(files, slow, await reportOn(files, { all: true }))) {
      tally.asked++;
      tally[surely]++;
      if (accused === (surely === 'violated')) continue;
      expect(tolerated, `seed ${seed}: ${question} is ${surely}, accused: ${accused}\n${story}`).toBe(true);
      tally.tolerated++;
    }
  }
  if (process.env.TALLY) console.log(tally);
  expect(tally.asked).toBeGreaterThan(5 * worlds);
  expect(tally.violated).toBeGreaterThan(worlds / 3);
  expect(tally['not-checked']).toBeGreaterThan(worlds / 3);
  expect(tally.tolerated).toBeLessThan(tally.asked / 50);
});

test('no run has held of which a completion is violated', { timeout: 60_000 }, async () => {
  for (let seed = from; seed < from + worlds / 5; seed++) {
    const files = tell(tinyWorld(chance(seed, 'tiny world')));
    const slow = bruteForce(files, completionsAtMost);
    if (!slow || [...slow.answers.values()].every((answer) => answer === 'held')) continue;
    // Where nothing tells of replication, delivery is a question that was not asked.
    if (!Object.values(files).some((content) => content.includes('"type":"replication"'))) continue;
    expect((await reportOn(files)).verdict, `seed ${seed}`).not.toBe('held');
  }
});

interface Answer {
  readonly question: string;
  readonly surely: 'violated' | 'not-checked' | 'held';
  readonly accused: boolean;
  readonly tolerated: boolean;
}

function compare(files: Files, slow: BruteVerdict, { findings, checks }: RunReport): Answer[] {
  const accusations = new Set(
    findings
      .filter(({ code, verdict }) => verdict === 'violated' && code in classByCode)
      .map(({ code, device, effect }) => `${classByCode[code]} ${device} ${effect}`),
  );
  const evidence = new Evidence(files);
  return [...slow.answers].flatMap(([question, surely]): Answer[] => {
    const [kind, device] = question.split(' ') as ['delivery' | 'balances', string];
    const check = checks.find(({ name }) => name === (kind === 'delivery' ? 'effects-delivered' : 'effects-moved'));
    // A question that the run has no lines for is not asked.
    if (check === undefined || check.subject === null) return [];
    const accused = accusations.has(question);
    const tolerated = !accused && (evidence.lacksWrites || evidence.couldBeMended(kind, device));
    return [{ question, surely, accused, tolerated }];
  });
}

/** Where the judge may hold back further than the slow one, and why. Where it accuses, every completion must be violated. */
class Evidence {
  // biome-ignore lint/suspicious/noExplicitAny: records as they were parsed
  private readonly records: readonly any[];

  constructor(files: Files) {
    this.records = Object.values(files).flatMap((content) =>
      content
        .trim()
        .split('\n')
        .map((line) => JSON.parse(line)),
    );
  }

  /** What the logs name or number and nobody writes there: the judge neither counts which lines must fill a hole, nor guesses what was written. */
  get lacksWrites(): boolean {
    const writes = this.records.filter(({ type }) => type === 'write');
    const written = new Set(writes.map(({ effect }) => effect));
    const numbers = new Set(writes.map(({ device, originSeq }) => `${device} ${originSeq}`));
    return (
      this.records.some(({ effect }) => effect !== undefined && !written.has(effect)) ||
      writes.some(({ device, originSeq }) => originSeq > 1 && !numbers.has(`${device} ${originSeq - 1}`))
    );
  }

  /**
   * A change that was booked wrongly may be put right by a line in a hole; and each missing change may be what one hole
   * hides, although it is too small for both.
   */
  couldBeMended(kind: string, device: string): boolean {
    return kind === 'balances' && this.isHoled(device);
  }

  private isHoled(device: string): boolean {
    const own = this.of(device);
    const someEnded = this.records.some(({ type }) => type === 'device.end');
    return own.some(({ seq }, index) => seq !== index + 1) || (someEnded && own.at(-1)?.type !== 'device.end');
  }

  private of(device: string) {
    return this.records.filter((record) => record.device === device);
  }
}
