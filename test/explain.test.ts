import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { checkBalances } from '../src/check.ts';
import { type ExplainOptions, explainFinding } from '../src/explain.ts';
import { explanationAsText } from '../src/report/explanation.ts';
import type { Explanation, SliceLine } from '../src/results-explanation.ts';
import { showCut } from '../src/show.ts';
import { expectGolden } from './report/golden.ts';
import { samplesFolder } from './samples/golden.ts';
import { type FaultName, faultNames, simulate } from './simulator/index.ts';
import { tell } from './story/tell.ts';
import { type Files, inFolder } from './story.ts';

test('the sample as text', async () => {
  const path = join(samplesFolder, 'missed-spend');
  const [report] = await checkBalances({ paths: [path] });
  const id = report?.findings.find(({ code }) => code === 'self-filtered')?.id ?? '';
  const explanation = await explainFinding({ paths: [path], finding: id });
  const paths = ['logs-sample/missed-spend'];
  const told = explanationAsText(explanation, { width: 80, color: false, all: false, paths, flags: [] });
  expectGolden('explanation.missed-spend.txt', told.replaceAll(id, 'F?'));
});

const skipped = `
  peer1  write e1 kind=mint outputs=T1:UCT:100 booked
  peer2  applied e1 booked
  peer1  write e2 kind=transfer inputs=T1 outputs=T2:UCT:99.999999999989,A1:UCT:0.000000000011:alice booked
  peer1  verify e2
  peer2  received e2
  peer2  skipped e2 reason=own-identity
  peer1  end quiescent
  peer2  end quiescent
`;

describe('a log that tells what was shown, and no balance', () => {
  const shown = `
    peer1  start
    peer1  write e1 kind=mint outputs=T1:UCT:10
    peer1  write e2 kind=mint outputs=T2:UCT:20
    peer1  write e3 inputs=T1 outputs=T3:UCT:9
    peer1  read UCT 29 tokens=2
    peer2  start
    peer2  read UCT 39 tokens=3
  `;

  test('has no ledger before or after a line', async () => {
    expect((await explain(shown)).lines.flatMap(({ changes }) => changes)).toEqual([]);
  });

  test('says what the device would have shown, and that nothing was replayed', async () => {
    expect((await explain(shown)).counterfactual).toEqual({
      sentence:
        'had T1 stayed spent on peer2, peer2 would have shown 29 UCT in 2 tokens, as peer1 did; no balance line tells what the devices held, so that nothing was replayed',
      ...{ outcome: 'none', ledgers: [], gone: [], remaining: [] },
    });
  });
});

describe('the causal slice', () => {
  test('has every line that bears on the finding, causes first, with the ledger before and after', async () => {
    expect(slice(await explain(skipped))).toEqual([
      'peer1.ndjson:1 writes e1: makes 100 UCT (T1)',
      'peer1.ndjson:2 moves T1 by +100 UCT | 0 UCT in 0 → 100 UCT in 1',
      'peer2.ndjson:1 applies e1',
      'peer2.ndjson:2 moves T1 by +100 UCT | 0 UCT in 0 → 100 UCT in 1',
      '* peer1.ndjson:3 writes e2: spends T1, makes 99.999999999989 UCT (T2) + 0.000000000011 UCT (A1) for alice',
      'peer1.ndjson:4 moves T1 by -100 UCT | 100 UCT in 1 → 0 UCT in 0',
      'peer1.ndjson:5 moves T2 by +99.999999999989 UCT | 0 UCT in 0 → 99.999999999989 UCT in 1',
      'peer1.ndjson:6 makes e2 durable',
      'peer2.ndjson:3 receives e2',
      '*! peer2.ndjson:4 skips e2 (reason: own-identity)',
    ]);
  });

  test('leaves out what is about other effects, tokens and devices', async () => {
    const noise = `
      peer3  write x1 kind=mint outputs=X1:UCT:7 booked
      peer1  applied x1 booked
      peer2  applied x1 booked
      peer1  write n1 key=note
      peer1  read UCT 106.999999999989 tokens=2
      peer3  applied e1 booked
      peer3  applied e2 booked
    `;
    const story = skipped.replace(/(?=\s+peer1 {2}end)/, noise);
    const { lines } = await explain(`${story}  peer3  end quiescent\n`);
    expect(lines.filter(({ device, role }) => device === 'peer3' || /x1|n1|X1/.test(role))).toEqual([]);
    expect(lines).toHaveLength(10);
  });

  test('tells the snapshot and the wipe that bear on it, and what the wipe took', async () => {
    const { lines } = await explain(`
      peer1  write e1 kind=mint outputs=T1:UCT:100 booked
      peer2  applied e1 booked
      peer1  write e2 kind=mint outputs=T2:UCT:5 booked
      peer1  verify e2
      peer1  publish s1 frontier=peer1:2 contents=e1
      peer2  clear
      peer2  import s1 booked
      peer1  end quiescent
      peer2  end quiescent
    `);
    expect(slice({ lines })).toEqual([
      '* peer1.ndjson:3 writes e2: makes 5 UCT (T2)',
      'peer1.ndjson:4 moves T2 by +5 UCT | 100 UCT in 1 → 105 UCT in 2',
      'peer2.ndjson:3 clears | 100 UCT in 1 → 0 UCT in 0',
      '* peer1.ndjson:5 makes e2 durable',
      '*! peer1.ndjson:6 publishes s1, which claims e2 and does not hold it',
      '* peer2.ndjson:4 imports s1',
    ]);
  });

  test('has a line of the story that is no part of the history, such as the second of two with one number', async () => {
    const { lines } = await explain(`
      peer1  write e1 kind=mint outputs=T1:UCT:100 booked
      peer1  read UCT 100 tokens=1
      peer1  section seq=3 section=B title=Recover
      peer1  end quiescent
    `);
    expect(lines.map(({ role }) => role)).toEqual(['has seq 3: balance.read', 'has seq 3 again: section']);
  });

  test('is the same whatever the clocks say and however the files are called', async () => {
    const { lines, ...rest } = await explain(skipped);
    const places = (some: readonly SliceLine[]) => some.map(({ device, seq, role }) => `${device} ${seq} ${role}`);
    const shifted = await explain(`: clock=peer1:5000\n${skipped}`);
    expect(places(shifted.lines)).toEqual(places(lines));
    const renamed = Object.entries(tell(skipped)).map(([path, text]) => [path.replace('peer1', 'z'), text]);
    const other = await explainFiles(Object.fromEntries(renamed));
    expect(places(other.lines)).toEqual(places(lines));
    expect(other.counterfactual).toEqual(rest.counterfactual);
  });
});

describe('the stage', () => {
  test.each<[string, string, object]>([
    ['refused', skipped, { at: 'accepted' }],
    [
      'never arrived, though durable',
      skipped.replace(/.*(received|skipped) e2.*\n/g, ''),
      { after: 'durable', before: 'received', decides: 'a replication line of peer2 that names e2' },
    ],
    [
      'arrived, and nothing more is known',
      skipped.replace(/.*skipped e2.*\n/g, ''),
      {
        after: 'received',
        before: 'applied',
        decides: 'a replication line of peer2 that says whether e2 was skipped, rejected or applied',
      },
    ],
    ['applied, and nobody sees it', skipped.replace('skipped e2', 'applied e2'), { at: 'visible' }],
  ])('of what was %s', async (_what, story, stage) => {
    expect((await explain(story)).finding.stage).toEqual(stage);
  });
});

describe('the counterfactual', () => {
  test('is replayed and judged: the devices agree, and the finding is gone', async () => {
    expect((await explain(skipped)).counterfactual).toEqual({
      sentence: 'had peer2 applied e2, both would hold 99.999999999989 UCT in 1 token',
      outcome: 'agree',
      ledgers: [
        { device: 'peer1', coin: 'UCT', amount: '99.999999999989', tokens: 1 },
        { device: 'peer2', coin: 'UCT', amount: '99.999999999989', tokens: 1 },
      ],
      gone: ['F1'],
      remaining: [],
    });
  });

  test('brings no token to life that was spent later', async () => {
    const story = `
      peer1  write e1 kind=mint outputs=T1:UCT:100 booked
      peer1  write e2 kind=transfer inputs=T1 outputs=T2:UCT:100 booked
      peer2  applied e2 booked
      peer1  end quiescent
      peer2  end quiescent
    `;
    expect(await sentence(story)).toBe(
      'had peer2 applied e1, no ledger would be different; in the end both hold 100 UCT in 1 token, with it or without',
    );
  });

  test('says by what else devices would still differ', async () => {
    const story = `
      peer1  write e1 kind=mint outputs=T1:UCT:100 booked
      peer2  skipped e1 reason=own-identity
      peer1  write e2 kind=mint outputs=T2:UCT:5 booked
      peer2  skipped e2 reason=own-identity
      peer1  end quiescent
      peer2  end quiescent
    `;
    const { counterfactual } = await explain(story, 'F2');
    expect(counterfactual).toMatchObject({ outcome: 'differ', gone: ['F2'], remaining: ['F1'] });
    expect(counterfactual.sentence).toBe(
      'had peer2 applied e2, peer1 would hold 105 UCT in 2 tokens, peer2 5 UCT in 1 token; they would still differ: there is also F1, self-filtered of e1',
    );
  });

  test('says that what is under way may still arrive', async () => {
    const story = `
      peer1  write e1 kind=mint outputs=T1:UCT:100 booked
      peer2  skipped e1 reason=own-identity
      peer1  write e2 kind=mint outputs=T2:UCT:5 booked
    `;
    expect(await sentence(story)).toMatch(/they would still differ: no device stopped orderly/);
  });

  test('says what a device would have held before it was cleared, and that its recovery healed it', async () => {
    const story = `
      peer1  write e1 kind=mint outputs=T1:UCT:100 booked
      peer2  skipped e1 reason=own-identity
      peer1  publish s1 frontier=peer1:1 contents=e1
      peer2  clear
      peer2  import s1 booked
      peer1  end quiescent
      peer2  end quiescent
    `;
    const { counterfactual } = await explain(story);
    expect(counterfactual).toMatchObject({ outcome: 'unmoved', gone: ['F1'] });
    expect(counterfactual.sentence).toBe(
      'had peer2 applied e1, peer2 would have held 100 UCT in 1 token before it was cleared, instead of no UCT; in the end both hold 100 UCT in 1 token, with it or without',
    );
  });

  test.each<[string, string, string]>([
    [
      'three devices',
      `peer1  write e1 kind=mint outputs=T1:UCT:100 booked
       peer2  skipped e1 reason=own-identity
       peer3  applied e1 booked
       peer1  end quiescent
       peer2  end quiescent
       peer3  end quiescent`,
      'had peer2 applied e1, all 3 devices would hold 100 UCT in 1 token',
    ],
    [
      'a device alone',
      `peer1  write e1 kind=mint outputs=T1:UCT:100 booked
       peer1  applied e1
       peer1  balance T1 UCT 100 effect=e1
       peer1  end quiescent`,
      'had peer1 applied e1 once, peer1 would hold 100 UCT in 1 token, instead of 200 UCT in 1 token',
    ],
    [
      'an effect without tokens',
      `peer1  write e1 key=note
       peer2  skipped e1 reason=own-identity
       peer1  balance T1 UCT 1
       peer2  balance T1 UCT 1
       peer1  end quiescent
       peer2  end quiescent`,
      'had peer2 applied e1, no ledger would be different, for it moves no token',
    ],
    [
      'a snapshot that nobody imported',
      `peer1  write e1 kind=mint outputs=T1:UCT:100 booked
       peer1  publish s1 frontier=peer1:1 contents=
       peer2  applied e1 booked
       peer1  end quiescent
       peer2  end quiescent`,
      'had s1 held e1, no ledger would be different; in the end both hold 100 UCT in 1 token, with it or without',
    ],
    [
      'a double spend of which nobody knows the loser',
      `peer1  write e1 kind=mint outputs=T1:UCT:100 booked
       peer2  applied e1 booked
       peer1  write e2 kind=transfer inputs=T1 outputs=T2:UCT:100 booked
       peer2  write f1 kind=transfer inputs=T1 outputs=T3:UCT:100 booked
       peer1  applied f1 booked
       peer2  applied e2 booked
       peer1  end quiescent
       peer2  end quiescent`,
      'no counterfactual: these logs cannot tell which of the two that spent T1 should not have been',
    ],
    [
      'a reading',
      `peer1  write e1 kind=mint outputs=T1:UCT:99.5 booked
       peer1  read UCT 100 tokens=1
       peer1  end quiescent`,
      'had peer1 shown what its ledger holds, it would have shown 99.5 UCT in 1 token; no ledger would be different',
    ],
    [
      'a hole in a log',
      `peer1  write e1 kind=mint outputs=T1:UCT:99.5 booked
       - peer1  write e2
       peer1  end quiescent`,
      'no counterfactual: this is about the logs, and not about what a device did',
    ],
  ])('of %s', async (_what, story, told) => {
    expect(await sentence(story)).toBe(told);
  });

  const aboutLedgers = faultNames.filter(
    (name) => !/masked|undetermined|conservation|double-spend|seq|torn|trunc|file|missing-device|unknown/.test(name),
  );

  test.each(aboutLedgers)('takes %s out of simulated runs', async (fault: FaultName) => {
    let explained = 0;
    for (const seed of [1, 2, 3]) {
      const { files, name } = simulate({ seed, fault, ending: 'quiescent', detail: 'full' });
      await inFolder(Object.fromEntries(files.map((file) => [file.name, file.content])), name, async (folder) => {
        const [report] = await checkBalances({ paths: [folder] });
        const own = report?.findings.find(({ code }) => code === fault);
        if (!own) return;
        const { counterfactual } = await explainFinding({ paths: [folder], finding: own.id });
        expect([seed, counterfactual.gone.includes(own.id)]).toEqual([seed, true]);
        explained++;
      });
    }
    expect(explained).toBeGreaterThan(0);
  });
});

describe('an id that is not there', () => {
  test('is answered with those that are', async () => {
    await expect(explain(skipped, 'F7')).rejects.toMatchObject({
      message: 'F7: no such finding in run-1',
      hint: 'findings there: F1 self-filtered',
    });
    await expect(explain(`peer1  balance T1 UCT 1\n  peer2  balance T1 UCT 1`)).rejects.toMatchObject({
      hint: 'nothing was found there',
    });
  });

  test('may be another one where the run was judged in part', async () => {
    expect((await explain(skipped, 'f1')).finding.code).toBe('self-filtered');
    expect((await explain(skipped, 'F1', { checks: ['ledgers-agree'] })).finding.check).toBe('ledgers-agree');
    await expect(explain(skipped, 'F1', { until: 'peer2:1:3' })).rejects.toThrow('no such finding');
  });

  test('of several runs is not guessed', async () => {
    await inFolder({ 'run-1/a.ndjson': '', 'run-2/a.ndjson': '' }, 'runs', async (folder) => {
      await expect(explainFinding({ paths: [folder], finding: 'F1' })).rejects.toThrow(
        'explain: expected one run, got 2',
      );
    });
  });
});

describe('show --at a finding', () => {
  const at = (story: string, id: string) =>
    inFolder(tell(story), 'run-1', (folder) => showCut({ paths: [folder], at: id }));

  test('is the cut at the event where it was seen', async () => {
    const cut = await at(skipped, 'f1');
    expect(cut.at).toBe('peer2:1:4');
    expect(cut.devices.map(({ device, at: last }) => [device, last?.seq])).toEqual([
      ['peer1', 3],
      ['peer2', 4],
    ]);
  });

  test('says so where it was seen at none', async () => {
    await expect(at(': copy=peer1.ndjson:copy.ndjson\npeer1  end quiescent', 'F1')).rejects.toMatchObject({
      message: '--at: F1 (duplicate-file) was seen at no point of the run',
      hint: 'replay explain run-1 F1 says what it is about',
    });
    await expect(at(skipped, 'F2')).rejects.toThrow('F2: no such finding in run-1');
  });
});

async function explain(story: string, finding = 'F1', more: Partial<ExplainOptions> = {}): Promise<Explanation> {
  return explainFiles(tell(story), finding, more);
}

async function explainFiles(files: Files, finding = 'F1', more: Partial<ExplainOptions> = {}): Promise<Explanation> {
  return inFolder(files, 'run-1', (folder) => explainFinding({ paths: [folder], finding, ...more }));
}

async function sentence(story: string): Promise<string> {
  return (await explain(story)).counterfactual.sentence;
}

/** A line each: `*` for evidence, `!` for the first divergence, where, what, and the ledger. */
function slice({ lines }: Pick<Explanation, 'lines'>): string[] {
  return lines.map((line) => {
    const marks = `${line.evidence ? '*' : ''}${line.first ? '!' : ''}`;
    const held = ({ amount, tokens }: { amount: string; tokens: number }, coin: string) =>
      `${amount} ${coin} in ${tokens}`;
    const changes = line.changes.map(({ coin, before, after }) =>
      JSON.stringify(before) === JSON.stringify(after)
        ? ` | holds ${held(after, coin)}`
        : ` | ${held(before, coin)} → ${held(after, coin)}`,
    );
    return [marks, `${line.file}:${'line' in line ? line.line : line.item}`, line.role + changes.join('')]
      .filter((part) => part !== '')
      .join(' ');
  });
}
