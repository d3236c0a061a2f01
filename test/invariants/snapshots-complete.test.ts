import { describe, expect, test } from 'vitest';
import { findings, report } from '../story.ts';

const judged = (story: string) => findings(story, { checks: ['snapshots-complete'] });

describe('a snapshot that lists its contents', () => {
  const story = (contents: string, ...verified: string[]) => `
    peer1  write e1 key=token:T1 outputs=T1:UCT:100
    peer1  write e2 key=outbox:A inputs=T1 outputs=T2:UCT:99
    ${verified.includes('before') ? 'peer1  verify e2' : ''}
    peer1  publish s1 frontier=peer1:2 contents=${contents}
    ${verified.includes('after') ? 'peer1  verify e2' : ''}
  `;

  test('lists all that it claims', async () => {
    expect(await judged(story('e2,e1'))).toEqual([]);
  });

  test.each([
    ['lacks what was durable before', 'before', 'snapshot-omits', 'e2 was durable by then'],
    ['lacks what was durable only afterwards', 'after', 'snapshot-race', 'e2 became durable only afterwards'],
    ['lacks what was never durable', '', 'snapshot-race', 'e2 never became durable'],
  ])('%s', async (_, verified, code, said) => {
    const { findings: found } = await report(story('e1', verified), { checks: ['snapshots-complete'] });
    expect(found.map((finding) => [finding.code, finding.device, finding.message])).toEqual([
      [code, 'peer1', `peer1 published s1, which claims e2 and does not hold it; ${said}`],
    ]);
  });

  test('tells its story in the order in which it happened', async () => {
    const roles = async (verified: string) => {
      const more = `${story('e1', verified)}\npeer2 import s1`;
      const { findings: found } = await report(more, { checks: ['snapshots-complete'] });
      return found[0]?.evidence.map(({ role, first }) => `${role.split(' ')[0]}${first ? ' first' : ''}`);
    };
    expect(await roles('before')).toEqual(['writes', 'makes', 'publishes first', 'imports']);
    expect(await roles('after')).toEqual(['writes', 'publishes first', 'makes', 'imports']);
    expect(await roles('')).toEqual(['writes', 'publishes first', 'imports']);
  });

  test('lacks several: those durable before and those after are told apart', async () => {
    expect(
      await judged(`
        peer1  write e1 outputs=T1:UCT:100
        peer1  write e2 outputs=T2:UCT:1
        peer1  write e3 outputs=T3:UCT:1
        peer1  verify e1
        peer1  publish s1 frontier=peer1:3 contents=
        peer1  verify e3
      `),
    ).toEqual(['snapshot-omits peer1 e1', 'snapshot-race peer1 e2']);
  });

  test('is named by the effect that shows most: one of which a token still lives', async () => {
    const { findings: found } = await report(
      `
        peer1  write e1 outputs=T1:UCT:100
        peer1  write e2 inputs=T1 outputs=T2:UCT:100
        peer1  write e3
        peer1  publish s1 frontier=peer1:3 contents=
      `,
      { checks: ['snapshots-complete'] },
    );
    expect(found.map(({ effect, tokenId }) => [effect, tokenId])).toEqual([['e2', 'T2']]);
    expect(found[0]?.message).toMatch(/which claims e2 and 2 other effects and does not hold it/);
  });

  test('is named by the first of its origin, in whatever order they came', async () => {
    expect(
      await judged(`
        peer1  applied x2 origin=peer3 originSeq=2
        peer1  applied x1 origin=peer3 originSeq=1
        peer1  publish s1 frontier=peer3:2 contents=
      `),
    ).toEqual(['snapshot-race peer1 x1']);
  });

  test('is named by one of which any token still lives', async () => {
    expect(
      await judged(`
        peer1  write e1 outputs=T1:UCT:60,T2:UCT:40
        peer1  write e2 inputs=T1
        peer1  publish s1 frontier=peer1:2 contents=
      `),
    ).toEqual(['snapshot-race peer1 e1']);
  });

  test('is named by one that spends something where nothing lives any more, else by the first', async () => {
    const spent = 'peer1 write e1\npeer1 write e2 inputs=T9';
    expect(await judged(`${spent}\npeer1 publish s1 frontier=peer1:2 contents=`)).toEqual(['snapshot-race peer1 e2']);
    expect(await judged('peer1 write e1\npeer1 write e2\npeer1 publish s1 frontier=peer1:2 contents=')).toEqual([
      'snapshot-race peer1 e1',
    ]);
  });
});

describe('an import brings what the snapshot claims', () => {
  const three = `
    peer1  write e1 key=sent:A outputs=T1:UCT:1
    peer1  write e2 key=token:B outputs=T2:UCT:2
    peer1  write e3 key=sent:C outputs=T3:UCT:3
  `;
  const publish = 'peer1  publish s1 frontier=peer1:3 contents=e1,e2,e3';

  test('and not all but a class', async () => {
    const { findings: found } = await report(`${three}${publish}\npeer2 import s1 contents=e2`, {
      checks: ['snapshots-complete'],
    });
    expect(found.map(({ code, device, detail }) => [code, device, detail])).toEqual([
      ['class-dropped', 'peer2', 'sent'],
    ]);
    expect(found[0]?.message).toBe('peer2 imported s1, which claims 2 effects under sent, and has none of them');
  });

  test.each([
    ['one of a class is there', 'e1,e2'],
    ['what is missing is the only one of its class', 'e1,e3'],
  ])('no class was dropped where %s', async (_, contents) => {
    expect(await judged(`${three}${publish}\npeer2 import s1 contents=${contents}`)).toEqual([]);
  });

  test('no class was dropped where the snapshot claims but one: that is everything', async () => {
    const one = three.replace('token:B', 'sent:B');
    expect(await judged(`${one}${publish}\npeer2 import s1 contents=`)).toEqual([]);
  });

  test('and not nothing at all', async () => {
    expect(await judged(`${three}${publish}\npeer2 import s1 contents=`)).toEqual(['class-dropped peer2 e1 sent']);
  });

  test('no class was dropped that the snapshot lacks itself: that is the publisher’s fault', async () => {
    const lacking = 'peer1  publish s1 frontier=peer1:3 contents=e2';
    expect(await judged(`${three}${lacking}\npeer2 import s1 contents=e2`)).toEqual(['snapshot-race peer1 e1']);
  });

  test('no class was dropped that the device knew before', async () => {
    const known = 'peer2 applied e1\npeer2 applied e3';
    expect(await judged(`${three}${publish}\n${known}\npeer2 import s1 contents=e2`)).toEqual([]);
    expect(await judged(`${three}${publish}\npeer2 clear\n${known}\npeer2 import s1 contents=e2`)).toEqual([]);
    expect(await judged(`${three}${publish}\n${known}\npeer2 clear\npeer2 import s1 contents=e2`)).toEqual([
      'class-dropped peer2 e1 sent',
    ]);
  });
});

describe('an import of a snapshot without a list', () => {
  /** Two payments under `outbox`; the first was spent on, so that only what the second left can be restored. */
  const story = (by: { verify?: string; after?: string; frontier?: string; restored?: string; more?: string }) => `
    peer1  write e1 key=token:T1 outputs=T1:UCT:100 booked
    peer1  write e2 key=outbox:A inputs=T1 outputs=T2:UCT:100 booked
    peer1  write e3 key=token:T3 inputs=T2 outputs=T3:UCT:100 booked
    peer1  write e4 key=outbox:B outputs=T4:UCT:5 booked
    ${by.more ?? ''}
    ${by.verify ?? ''}
    peer1  publish s1 frontier=${by.frontier ?? 'peer1:4'}
    ${by.after ?? ''}
    peer2  clear
    peer2  import s1
    ${by.restored ?? 'peer2  balance T3 UCT 100 snapshot=s1'}
  `;

  test('brings what its balance lines restore', async () => {
    const all = 'peer2  balance T3 UCT 100 snapshot=s1\npeer2  balance T4 UCT 5 snapshot=s1';
    expect(await judged(story({ restored: all }))).toEqual([]);
  });

  test.each([
    ['became durable only after the publish: it lost a race', { after: 'peer1  verify e4' }, 'snapshot-race peer1 e4'],
    ['was durable before: its class was dropped', { verify: 'peer1  verify e4' }, 'class-dropped peer2 e4 outbox'],
    ['was never durable: its class was dropped', {}, 'class-dropped peer2 e4 outbox'],
    [
      'was verified by another device: its class was dropped',
      { after: 'peer3  applied e4\npeer3  verify e4' },
      'class-dropped peer2 e4 outbox',
    ],
    [
      'was not the newest that the snapshot claims: its class was dropped',
      {
        more: 'peer1  write e5 key=token:T3 outputs=T5:UCT:1 booked',
        frontier: 'peer1:5',
        after: 'peer1  verify e4',
        restored: 'peer2  balance T3 UCT 100 snapshot=s1\npeer2  balance T5 UCT 1 snapshot=s1',
      },
      'class-dropped peer2 e4 outbox',
    ],
  ])('does not bring the only one left of a class, which %s', async (_, by, found) => {
    expect(await judged(story(by))).toEqual([found]);
  });

  test('does not bring two of a class: two do not lose one race', async () => {
    const more = 'peer1  write e5 key=outbox:C outputs=T5:UCT:1 booked';
    expect(await judged(story({ more, frontier: 'peer1:5', after: 'peer1  verify e5' }))).toEqual([
      'class-dropped peer2 e4 outbox',
    ]);
  });

  test('brings all that it claims, where no device logs balances', async () => {
    expect(
      await judged(`
        peer1  write e1 outputs=T1:UCT:100
        peer1  publish s1 frontier=peer1:1
        peer2  import s1
      `),
    ).toEqual([]);
  });

  test('brings an effect whose token it takes away', async () => {
    expect(
      await judged(`
        peer1  write e1 outputs=T1:UCT:100 booked
        peer2  applied e1 booked
        peer1  write e2 inputs=T1 outputs=T2:UCT:100 booked
        peer1  publish s1 frontier=peer1:2
        peer2  import s1
        peer2  balance T1 UCT -100 snapshot=s1
        peer2  balance T2 UCT 100 snapshot=s1
      `),
    ).toEqual([]);
  });

  test('brings an effect whose token the device had spent before, and hears of again', async () => {
    const story = (before: string) => `
      peer1  write e1 outputs=T1:UCT:100 booked
      peer1  write e0 outputs=T0:UCT:1 booked
      peer1  publish s1 frontier=peer1:2
      peer1  write e2 inputs=T1 booked
      ${before}
      peer2  import s1
      peer2  balance T0 UCT 1 snapshot=s1
      peer2  applied e2
    `;
    expect(await judged(story('peer2  applied e2'))).toEqual([]);
    expect(await judged(story(''))).toEqual(['snapshot-race peer1 e1']);
  });

  test('does not bring an effect whose spent token it restores', async () => {
    const { findings: found } = await report(
      `
        peer1  write e1 outputs=T1:UCT:100,T9:UCT:1 booked
        peer1  write e2 inputs=T1,T9 outputs=T2:UCT:101 booked
        peer1  write e3 inputs=T2 outputs=T3:UCT:101 booked
        peer1  publish s1 frontier=peer1:3
        peer2  clear
        peer2  import s1
        peer2  balance T1 UCT 100 snapshot=s1
      `,
      { checks: ['snapshots-complete'] },
    );
    expect(found.map(({ code, message }) => [code, message])).toEqual([
      [
        'snapshot-race',
        'peer1 published s1, which claims e3 and 1 other effect and does not hold it; e3 never became durable',
      ],
    ]);
  });

  test('says nothing where a hole may hide what it brought', async () => {
    expect(await judged(`${story({})}\n- peer2 balance T4 UCT 5 snapshot=s1\npeer2 log`)).toEqual([]);
  });

  test('says nothing where not all that it claims is known', async () => {
    expect(await judged(story({ more: 'peer2  applied x1 origin=peer9 originSeq=1' }))).toEqual([]);
  });
});
