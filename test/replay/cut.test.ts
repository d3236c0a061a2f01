import { describe, expect, test } from 'vitest';
import { ReplayError } from '../../src/base/errors.ts';
import { parsePoint } from '../../src/replay/cut.ts';
import { findCut } from '../../src/replay/replay.ts';
import { showCut } from '../../src/show.ts';
import { chance, simulated } from '../invariants/mutate.ts';
import { tell } from '../story/tell.ts';
import { inFolder } from '../story.ts';
import { inWords, opened, replayed } from './support.ts';

/** Each device's holdings at a point of a story. */
async function holdings(story: string, at: string): Promise<string[]> {
  return inFolder(tell(story), 'run-1', async (folder) => {
    const { devices } = await showCut({ paths: [folder], at });
    return devices.map(({ device, tokens }) => [device, ...tokens.map(({ tokenId }) => tokenId)].join(' '));
  });
}

const payment = `
  : epoch=2026-05-30T22:03:00.000Z
  peer1  write e1 outputs=T1:UCT:100 booked
  peer2  applied e1 booked
  peer1  write e2 inputs=T1 outputs=T2:UCT:99 booked
  peer2  applied e2 booked
`;

describe('at an event', () => {
  test('its device stands right behind it, the others where it knew them to be', async () => {
    expect(await holdings(payment, 'peer2:1:2')).toEqual(['peer1', 'peer2 T1']);
    expect(await holdings(payment, 'peer2:1:5')).toEqual(['peer1 T1', 'peer2 T2']);
    expect(await holdings(payment, 'peer1:1:5')).toEqual(['peer1 T2', 'peer2']);
  });

  test('an effect that its own device heard again is still written before a sibling has it', async () => {
    const echoed = 'peer1 write e1\npeer1 skipped e1 reason=own-identity\npeer2 applied e1';
    const cut = await opened(echoed, (run) => findCut(run, 'peer2:1:1', { maxProblems: 10 }));
    const { includes } = bound(cut());
    const { events } = await replayed(echoed);
    expect(events.filter(includes).map(inWords)).toEqual(['peer1 write e1', 'peer2 applied e1']);
  });

  test('a name without an event tells what there is', async () => {
    await expect(holdings(payment, 'peer2:1:77')).rejects.toThrow(ReplayError);
    await expect(holdings(payment, 'peer2:1:77')).rejects.toMatchObject({ hint: expect.stringContaining('seq 1 to') });
  });
});

describe('at a time', () => {
  test('nothing has arrived that was not sent, however clocks differ', async () => {
    const ahead = `: clock=peer1:60000\n${payment}`;
    expect(await holdings(ahead, '2026-05-30T22:03:30.000Z')).toEqual(['peer1', 'peer2']);
    expect(await holdings(payment, '2026-05-30T22:03:30.000Z')).toEqual(['peer1 T2', 'peer2 T2']);
  });
});

test('every cut of a simulated run is consistent', async () => {
  for (let seed = 1; seed <= 25; seed++) {
    const { files } = simulated({ seed, detail: 'full', skewMs: 5_000 });
    const { events } = await replayed(files);
    const random = chance(seed, 'cut');
    const at = random.pick(events.filter(({ type, stream }) => type !== 'gap' && stream === undefined));
    const point = random.chance(0.7)
      ? `${at.device}:${at.incarnation}:${at.seq}`
      : new Date(at.time ?? 0).toISOString();
    const cut = await opened(files, (run) => findCut(run, point, { maxProblems: 10 }));
    const { includes } = bound(cut());
    const inside = events.filter(includes);
    const written = new Set(inside.flatMap((event) => (event.type === 'write' ? [event.effect] : [])));
    const published = new Set(inside.flatMap((event) => (event.type === 'publish' ? [event.snapshot] : [])));
    for (const event of inside) {
      if (event.type === 'replication') expect(written, `seed ${seed} at ${point}`).toContain(event.effect);
      if (event.type === 'import') expect(published, `seed ${seed} at ${point}`).toContain(event.snapshot);
    }
    if (point.includes(':1:') || !point.includes('T')) expect(inside).toContain(at);
  }
});

describe('a point', () => {
  test.each([
    ['bob-peer2:2:97', { kind: 'event', device: 'bob-peer2', incarnation: 2, seq: 97 }],
    ['host:8080:1:5', { kind: 'event', device: 'host:8080', incarnation: 1, seq: 5 }],
    ['2026-05-30T22:03:16.123Z', { kind: 'time', time: 1780178596123 }],
  ])('is read from %s', (text, point) => {
    expect(parsePoint(text)).toEqual(point);
  });

  test.each(['', 'peer1', 'peer1:0:1', 'peer1:1', 'yesterday'])('is not read from %j', (text) => {
    expect(() => parsePoint(text)).toThrow(ReplayError);
  });
});

function bound<Cut extends { includes(event: never): boolean }>(cut: Cut) {
  return { includes: cut.includes.bind(cut) as Cut['includes'] };
}
