import { describe, expect, test } from 'vitest';
import type { RunReport } from '../../src/results.ts';
import { tell } from '../story/tell.ts';
import { brief, reportOn } from '../story.ts';

/** Two devices of bob, and one of alice, as their logs show them. */
const devices = `
  bob-peer1   start
  bob-peer1   read UCT 10 tokens=1
  bob-peer1   read UCT 20 tokens=2
  bob-peer2   start
  bob-peer2   read UCT 30 tokens=3
  bob-peer2   read UCT 10 tokens=1
  alice-phone@alice  read UCT 5 tokens=1
`;

const ask = (script: string, story = devices) => reportOn({ ...tell(story), 'script.log': `${script}\n` });

const failing = (name: string, ...diff: string[]) => [`ASSERT FAIL (${name}):`, ...diff].join('\n');

const found = ({ findings }: RunReport) => findings.map(brief);
const answer = ({ checks }: RunReport) => checks.find(({ name }) => name === 'readings-agree');

describe('what the scenario asserts', () => {
  test('is not asked where it asserts nothing, though devices show different balances', async () => {
    const report = await reportOn(tell(devices));
    expect(found(report)).toEqual([]);
    expect(answer(report)).toBeUndefined();
  });

  test('held', async () => {
    const report = await ask('ASSERT OK (bob-peer1-vs-peer2-before)\nASSERT OK (all-is-well)');
    expect(answer(report)).toMatchObject({ verdict: 'held', detail: '2 assertions' });
    expect(report.verdict).not.toBe('held');
  });

  test('failed between two devices of an identity', async () => {
    const report = await ask(failing('bob-peer1-vs-peer2-before', '-UCT: 20 (2 tokens)', '+UCT: 30 (3 tokens)'));
    expect(found(report)).toEqual(['undetermined UCT']);
    const [finding] = report.findings;
    expect(finding).toMatchObject({
      identity: 'bob',
      device: null,
      blame: { device: null, by: 'cannot-tell' },
      difference: {
        left: { device: 'bob-peer1', amount: '20', tokens: 2 },
        right: { device: 'bob-peer2', amount: '30', tokens: 3 },
        delta: '10',
      },
    });
    expect(finding?.message).toBe(
      'the scenario asserts that bob-peer1 and bob-peer2 agree (bob-peer1-vs-peer2-before), and they do not: bob-peer1 shows 20 UCT (2 tokens), bob-peer2 30 UCT (3 tokens)',
    );
    expect(finding?.evidence.filter(({ first }) => first).map(({ file }) => file)).toEqual(['bob-peer2.ndjson']);
    expect(finding?.evidence.map(({ file, role, ...place }) => [file, 'line' in place && place.line, role])).toEqual([
      ['bob-peer1.ndjson', 3, 'shows 20 UCT (2 tokens)'],
      ['bob-peer2.ndjson', 2, 'shows 30 UCT (3 tokens)'],
      ['script.log', 1, 'fails: bob-peer1-vs-peer2-before'],
      ['script.log', 2, 'lists 20 UCT (2 tokens) for bob-peer1'],
      ['script.log', 3, 'lists 30 UCT (3 tokens) for bob-peer2'],
    ]);
  });

  test('is told coin by coin, and only of coins that differ', async () => {
    const script = failing(
      'bob-peer1-vs-peer2',
      '-UCT: 20 (2 tokens)',
      '-EUR: 1 (1 token)',
      ' USDU: 7 (1 token)',
      '+UCT: 30 (3 tokens)',
      '+EUR: 2 (1 token)',
    );
    expect(found(await ask(script))).toEqual(['undetermined EUR', 'undetermined UCT']);
  });

  test('differs in tokens alone', async () => {
    const report = await ask(failing('bob-peer1-vs-peer2', '-UCT: 20 (2 tokens)', '+UCT: 20 (1 token)'));
    expect(report.findings[0]?.message).toMatch(/with another number of tokens$/);
  });

  test('is no divergence of one identity between two wallets, and a failure all the same', async () => {
    const report = await ask(failing('bob-peer1-vs-alice-phone', '-UCT: 20 (2 tokens)', '+UCT: 5 (1 token)'));
    expect(report.findings[0]).toMatchObject({ identity: null, verdict: 'violated' });
  });

  test('failed, and does not say of whom', async () => {
    const report = await ask(failing('nothing-is-lost'));
    expect(found(report)).toEqual(['undetermined']);
    expect(report.findings[0]?.message).toBe(
      'an assertion of the scenario failed, and no line says which devices it compares: nothing-is-lost',
    );
    expect(report.findings[0]?.stage).toMatchObject({ decides: 'the two balances behind the assertion, as a diff' });
  });

  test('parts at the assertion itself where no log of the devices shows what it lists', async () => {
    const report = await ask(failing('bob-peer1-vs-peer2', '-UCT: 77 (2 tokens)', '+UCT: 78 (3 tokens)'));
    expect(report.findings[0]?.evidence.map(({ role, first }) => [role, first === true])).toEqual([
      ['fails: bob-peer1-vs-peer2', true],
      ['lists 77 UCT (2 tokens) for bob-peer1', false],
      ['lists 78 UCT (3 tokens) for bob-peer2', false],
    ]);
  });

  test('names a device by the words of its name', async () => {
    const report = await ask(
      failing('recovered1-vs-recovered2', '-UCT: 1 (1 token)', '+UCT: 2 (1 token)'),
      `
      peer1-recovered  read UCT 1 tokens=1
      peer2-recovered  read UCT 2 tokens=1
      `,
    );
    expect(report.findings[0]).toMatchObject({
      identity: 'bob',
      difference: { left: { device: 'peer1-recovered' }, right: { device: 'peer2-recovered' } },
    });
  });

  test('names a device by its very name, though the words of another hold it, too', async () => {
    const report = await ask(
      failing('peer1-vs-peer2', '-UCT: 1 (1 token)', '+UCT: 2 (1 token)'),
      `
      peer1  read UCT 1 tokens=1
      peer1-recovered  read UCT 1 tokens=1
      peer2  read UCT 2 tokens=1
      `,
    );
    expect(report.findings[0]).toMatchObject({
      identity: 'bob',
      difference: { left: { device: 'peer1' }, right: { device: 'peer2' } },
    });
  });

  test('blames the device whose balance the history of mints and spends rules out', async () => {
    const story = `
      peer1  write e1 outputs=T1:UCT:10
      peer1  read UCT 10 tokens=1
      peer1  write e2 inputs=T1 outputs=T2:UCT:9
      peer1  read UCT 9 tokens=1
      peer2  read UCT 19 tokens=2
    `;
    const report = await ask(failing('peer1-vs-peer2', '-UCT: 9 (1 token)', '+UCT: 19 (2 tokens)'), story);
    expect(found(report)).toEqual(['resurrected peer2 e2 inferred', 'undetermined peer2 T1 inferred']);
    expect(report.findings[1]?.blame).toEqual({ device: 'peer2', by: 'lineage' });
  });

  test('blames neither of two for what a third device shows', async () => {
    const story = `
      peer1  write e1 outputs=T1:UCT:10
      peer1  read UCT 10 tokens=1
      peer1  write e2 inputs=T1 outputs=T2:UCT:9
      peer1  read UCT 9 tokens=1
      peer2  read UCT 10 tokens=1
      peer3  read UCT 19 tokens=2
    `;
    const { findings } = await ask(failing('peer1-vs-peer2', '-UCT: 9 (1 token)', '+UCT: 10 (1 token)'), story);
    expect(findings.map(({ code, device, blame }) => [code, device, blame?.device])).toEqual([
      ['undetermined', null, null],
      ['resurrected', 'peer3', 'peer3'],
    ]);
  });
});

test('an assertion that fails in one wallet is not known for what another wallet did', async () => {
  const story = (other: string) => `
    peer1  assertion name=all-is-well ok=false
    a1${other}  write a1
    a2${other}  skipped a1 reason=own-identity
  `;
  expect(found(await reportOn(tell(story('@alice'))))).toContain('undetermined');
  expect(found(await reportOn(tell(story(''))))).not.toContain('undetermined');
});

test('a reading elsewhere in the script belongs to no assertion', async () => {
  const report = await ask(`${failing('bob-peer1-vs-peer2', '-UCT: 20 (2 tokens)')}\n\n+UCT: 30 (3 tokens)`);
  expect(found(report)).toEqual(['undetermined']);
});
