import { describe, expect, test } from 'vitest';
import { findings, judge, report, reportOn } from '../story.ts';
import { mapLogs, simulated } from './mutate.ts';

/** Two devices: the one mints and spends, the other takes over what it did without a line that says so. */
const payment = `
  peer1  start
  peer1  write e1 kind=mint outputs=T1:UCT:10
  peer1  read UCT 10 tokens=1
  peer1  write e2 kind=mint outputs=T2:UCT:20
  peer1  write e3 inputs=T1 outputs=T3:UCT:9
  peer1  read UCT 29 tokens=2
  peer2  start
`;

const of = async (story: string) => (await report(story)).checks.find(({ name }) => name === 'supply-agrees');

describe('what a device shows without a ledger', () => {
  test('may lag in whatever way', async () => {
    for (const shown of ['0 tokens=0', '10 tokens=1', '20 tokens=1', '30 tokens=2', '29 tokens=2', '9 tokens=1']) {
      expect(await of(`${payment} peer2  read UCT ${shown}`), shown).toMatchObject({ verdict: 'held' });
    }
  });

  test('is too much where a token counts beside what it was spent for', async () => {
    expect(await judge(`${payment} peer2  read UCT 39 tokens=3`)).toEqual([
      'violated',
      'resurrected peer2 e3 inferred',
    ]);
  });

  test('is told with the token, its life and the device that is right', async () => {
    const [finding] = (await report(`${payment} peer2  read UCT 39 tokens=3\n peer2  read UCT 39 tokens=3`)).findings;
    expect(finding).toMatchObject({
      code: 'resurrected',
      device: 'peer2',
      coin: 'UCT',
      tokenId: 'T1',
      detail: 'inferred',
      blame: { device: 'peer2', by: 'lineage' },
      difference: { left: { device: 'peer1', amount: '29' }, right: { device: 'peer2', amount: '39' }, delta: '10' },
      at: { file: 'peer2.ndjson', line: 2 },
    });
    expect(finding?.evidence.map(({ role }) => role)).toEqual([
      'makes T1: 10 UCT',
      'spends T1, makes T3 (9)',
      'shows 29 UCT (2 tokens), as it should be',
      'shows 39 UCT (3 tokens): 10 too much',
      'shows 39 UCT (3 tokens), the last of 2 such readings',
    ]);
  });

  test('names no token where several would explain it', async () => {
    const story = `
      peer1  write e1 outputs=T1:UCT:10
      peer1  read UCT 10 tokens=1
      peer1  write e2 outputs=T2:UCT:10
      peer1  write e3 inputs=T1 outputs=T3:UCT:9
      peer1  write e4 inputs=T2 outputs=T4:UCT:9
      peer1  read UCT 28 tokens=3
    `;
    const [finding] = (await report(story)).findings;
    expect(finding).toMatchObject({ code: 'resurrected', tokenId: null, detail: 'inferred' });
    expect(finding?.message).toContain('one of these: T1 (10 UCT), spent for T3,; T2 (10 UCT), spent for T4,');
  });

  test('names the one token that explains it, though two others would if it showed one more', async () => {
    const story = (shown: string) => `
      peer1  write e1 outputs=T1:UCT:10
      peer1  write e2 outputs=T2:UCT:4
      peer1  write e3 outputs=T3:UCT:6
      peer1  read UCT 20 tokens=3
      peer1  write e4 inputs=T1,T2,T3 outputs=T4:UCT:20
      peer1  read UCT 30 tokens=${shown}
    `;
    const message = async (shown: string) => (await report(story(shown))).findings[0]?.message;
    expect(await message('2')).toContain('as if T1 (10 UCT), spent for T4, counted again');
    expect(await message('7')).toBeUndefined();
    expect(await message('3')).toContain('as if T2 (4 UCT), spent for T4, and T3 (6 UCT), spent for T4, counted again');
  });

  test('is one finding where devices are wrong and equal', async () => {
    const both = ['peer2', 'peer3'].map((peer) => `${peer}  read UCT 39 tokens=3`).join('\n');
    const { findings: found } = await report(`${payment}${both}`);
    expect(found).toHaveLength(1);
    expect(found[0]?.evidence.map(({ file, first }) => [file, first === true])).toEqual([
      ['peer1.ndjson', false],
      ['peer1.ndjson', false],
      ['peer1.ndjson', false],
      ['peer2.ndjson', true],
      ['peer3.ndjson', false],
    ]);
    expect(found[0]?.message).toMatch(/^peer2 and peer3 both show 39 UCT \(3 tokens\), 10 more than the 29 UCT/);
  });

  test('is too much where what it showed before was just what had reached it', async () => {
    const silent = payment.replaceAll(/peer1 {2}read.*/g, '');
    const right = 'peer2  read UCT 29 tokens=2';
    expect(await judge(`${silent}${right}\npeer2  read UCT 39 tokens=3`)).toEqual([
      'violated',
      'resurrected peer2 e3 inferred',
    ]);
    expect(await of(`${silent}peer2  read UCT 39 tokens=3`)).toMatchObject({ verdict: 'not-checked' });
  });

  test('is told at the first reading that something explains', async () => {
    const unexplained = 'peer2  read UCT 45 tokens=3';
    const explained = 'peer2  read UCT 39 tokens=3';
    const { findings: found } = await report(`${payment}${unexplained}\n${explained}\n${explained}`);
    expect(found).toMatchObject([{ code: 'resurrected', at: { file: 'peer2.ndjson', line: 3 } }]);
    expect(found[0]?.evidence.at(-1)?.role).toBe('shows 39 UCT (3 tokens), the last of 2 such readings');
  });

  test('counts the tokens of all coins, where the device does', async () => {
    const story = `
      peer1  write e1 outputs=T1:UCT:10
      peer1  write e2 outputs=T2:USDU:7
      peer1  read UCT 10 tokens=2
      peer1  write e3 inputs=T1 outputs=T3:UCT:9
    `;
    expect(await findings(`${story} peer1  read UCT 19 tokens=3`)).toEqual(['resurrected peer1 e3 inferred']);
  });
});

describe('more than there is', () => {
  const whole = (...shown: string[]) => `
    : manifest='{"run":"run-1","devices":{"peer1":{"identity":"bob"},"peer2":{"identity":"bob"},"peer3":{"identity":"bob"}}}'
    peer1  write e1 kind=mint outputs=T1:UCT:10
    peer1  read UCT 10 tokens=1
    ${shown.join('\n')}
    peer2  log
    peer3  log
  `;
  const checked = { checks: ['supply-agrees'] };

  test('is made of nothing, where two devices of a run that is all here agree on it', async () => {
    const both = whole('peer2  read UCT 25 tokens=2', 'peer3  read UCT 25 tokens=2');
    const [finding, ...others] = (await report(both, checked)).findings;
    expect(others).toEqual([]);
    expect(finding).toMatchObject({ code: 'conservation', device: 'peer2', blame: { by: 'conservation' } });
    expect(finding?.message).toBe(
      'peer2 and peer3 agree on 25 UCT (2 tokens), 15 more than bob can hold by all of its mints, receipts and spends',
    );
    expect(finding?.evidence.map(({ file, first }) => [file, first === true])).toEqual([
      ['peer2.ndjson', true],
      ['peer3.ndjson', false],
    ]);
  });

  test('proves nothing on one device alone', async () => {
    expect(await judge(whole('peer2  read UCT 25 tokens=2'), checked)).toEqual(['not-checked']);
  });

  test('nor where the run may have other devices', async () => {
    const both = whole('peer2  read UCT 25 tokens=2', 'peer3  read UCT 25 tokens=2');
    expect(await judge(both.replace(/: manifest.*/, ''), checked)).toEqual(['not-checked']);
  });

  test('nor where an effect does not say what kind it is', async () => {
    const both = whole('peer2  read UCT 25 tokens=2', 'peer3  read UCT 25 tokens=2');
    expect(await judge(both.replace('kind=mint ', ''), checked)).toEqual(['not-checked']);
  });

  test('nor where nothing that was ever shown is what the history says', async () => {
    const both = whole('peer2  read UCT 25 tokens=2', 'peer3  read UCT 25 tokens=2');
    expect(await judge(both.replace('read UCT 10 tokens=1', 'read UCT 25 tokens=2'), checked)).toEqual(['not-checked']);
  });
});

test('a crash that may have taken lines with it matters only where something is too much', async () => {
  const story = (shown: string) => `
    peer1  write e1 kind=mint outputs=T1:UCT:10 file=first.ndjson
    peer1  read UCT 10 tokens=1 file=first.ndjson
    peer1  write e2 inputs=T1 outputs=T2:UCT:9 file=first.ndjson
    peer1  start file=second.ndjson
    peer1  read UCT ${shown} file=second.ndjson
  `;
  expect(await of(story('9 tokens=1'))).toMatchObject({ verdict: 'held' });
  expect(await of(story('19 tokens=2'))).toMatchObject({ verdict: 'not-checked' });
});

describe('a surplus proves nothing', () => {
  const surplus = 'peer2  read UCT 39 tokens=3';

  test.each([
    [
      'a hole may hide a mint',
      `${payment.replace('peer1  read UCT 29', '- peer1  read UCT 29')} peer1  end\n${surplus}`,
    ],
    ['a log is cut off', `${payment} peer1  end quiescent\n${surplus}`],
    [
      'a device that the manifest names has no log',
      `: manifest='{"run":"run-1","devices":{"peer1":{},"peer2":{},"peer9":{}}}'\n${payment}\n${surplus}`,
    ],
    ['an effect is missing from its log', `${payment} peer1  write e9 originSeq=9\n${surplus}`],
    ['a snapshot comes from elsewhere', `${payment} peer2  import s1\n${surplus}`],
    ['nobody wrote what was applied', `${payment} peer2  applied x1 origin=peer9 originSeq=1\n${surplus}`],
    ['a token was spent that nothing made', `${payment} peer1  write e4 inputs=T9\n${surplus}`],
    ['no spent token is worth so much', `${payment} peer2  read UCT 45 tokens=3`],
    ['the number of tokens fits nothing', `${payment} peer2  read UCT 39 tokens=7`],
    ['something else shows that a mint is not logged', `${payment} peer1  read EUR 5 tokens=1\n${surplus}`],
    [
      'nothing ever shown is what the history says',
      `
      peer1  write e1 outputs=T1:UCT:10
      peer1  write e2 inputs=T1 outputs=T3:UCT:9
      peer1  read UCT 109 tokens=2
      peer2  read UCT 119 tokens=3
      `,
    ],
  ])('where %s', async (_, story) => {
    const { findings: found } = await report(story);
    expect(found.filter(({ check }) => check === 'supply-agrees')).toEqual([]);
    expect(await of(story)).toMatchObject({ verdict: 'not-checked' });
  });

  test('where nothing was shown before but that there is nothing', async () => {
    const story = `
      peer1  read UCT 0 tokens=0
      peer1  write e1 outputs=T1:UCT:10
      peer1  write e2 inputs=T1 outputs=T3:UCT:9
      peer1  read UCT 19 tokens=2
    `;
    expect(await of(story)).toMatchObject({ verdict: 'not-checked' });
    expect(await of(story.replace('peer1  write e2', 'peer1  read UCT 10 tokens=1\npeer1  write e2'))).toMatchObject({
      verdict: 'violated',
    });
  });

  test('where the devices log their ledgers: those decide', async () => {
    expect(await of(`${payment} peer2  balance T1 UCT 10 effect=e1\n${surplus}`)).toBeUndefined();
  });
});

/** The run as devices would log it that write no lines of these types. */
function without(types: readonly string[], run: ReturnType<typeof simulated>) {
  const numbers = new Map<string, number>();
  return mapLogs(run.files, (lines) =>
    lines.flatMap((line) => {
      const record = JSON.parse(line);
      if (record.seq === undefined) return [line];
      if (types.includes(record.type)) return [];
      const seq = (numbers.get(`${record.device} ${record.incarnation}`) ?? 0) + 1;
      numbers.set(`${record.device} ${record.incarnation}`, seq);
      return [JSON.stringify({ ...record, seq })];
    }),
  );
}

test('a clean run is not violated, however little its devices log', async () => {
  for (let seed = 1; seed <= 60; seed++) {
    const run = simulated({ seed });
    for (const types of [['balance'], ['balance', 'replication', 'publish', 'import', 'tokens.read']]) {
      const { findings: found } = await reportOn(without(types, run), { checks: ['supply-agrees'] }, run.name);
      expect(
        found.map(({ message }) => message),
        `seed ${seed} without ${types.join(', ')}`,
      ).toEqual([]);
    }
  }
});
