import { describe, expect, test } from 'vitest';
import { chance, simulated } from '../invariants/mutate.ts';
import { inWords, replayed } from './support.ts';

/** The events of a story in the order in which they are replayed. */
const order = async (story: string) => (await replayed(story)).events.map(inWords);

describe('a history', () => {
  test('has an effect written before it is applied, whatever the files are called', async () => {
    expect(
      await order(`
        : clock=z-peer:60000
        z-peer  write e1
        a-peer  applied e1
      `),
    ).toEqual(['z-peer write e1', 'a-peer applied e1']);
  });

  test('has a snapshot published before it is imported', async () => {
    expect(
      await order(`
        z-peer  write e1
        z-peer  publish s1 frontier=z-peer:1
        a-peer  log
        a-peer  import s1
      `),
    ).toEqual(['a-peer log', 'z-peer write e1', 'z-peer publish s1', 'a-peer import s1']);
  });

  test('follows a chain of causes through three devices', async () => {
    const events = await order(`
      c-peer  write e1
      b-peer  applied e1
      b-peer  write f1
      a-peer  applied f1
    `);
    expect(events).toEqual(['c-peer write e1', 'b-peer applied e1', 'b-peer write f1', 'a-peer applied f1']);
  });

  test('keeps each device in its own order, and no clock counts', async () => {
    expect(
      await order(`
        peer1  log time=9000
        peer1  clear time=1
      `),
    ).toEqual(['peer1 log', 'peer1 clear']);
  });
});

describe('a history goes on', () => {
  test('without the log of the device that wrote an effect', async () => {
    expect(await order('peer1  applied x1 origin=peer9 originSeq=4\npeer1 log')).toEqual([
      'peer1 applied x1',
      'peer1 log',
    ]);
  });

  test('without the line that wrote an effect', async () => {
    expect(
      await order(`
        peer1  write e1
        - peer1  write e2
        peer2  applied e2
        peer1  log
      `),
    ).toContain('peer2 applied e2');
  });

  test('without the publishing of a snapshot', async () => {
    expect(await order('peer1  import s9\npeer1  log\npeer2  log')).toHaveLength(3);
  });

  test('where two devices claim to have had each other’s effects first', async () => {
    expect(
      await order(`
        peer1  applied f1 origin=peer2 originSeq=1
        peer1  write e1
        peer2  applied e1 origin=peer1 originSeq=1
        peer2  write f1
      `),
    ).toHaveLength(4);
  });

  test('through every simulated run, with every cause before what it causes', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const { files } = simulated({ seed, detail: 'full', skewMs: 5_000 });
      const { events } = await replayed(files);
      const known = new Set<string>();
      for (const event of events) {
        if (event.type === 'replication') expect(known, `seed ${seed}`).toContain(event.effect);
        if (event.type === 'import') expect(known, `seed ${seed}`).toContain(event.snapshot);
        if (event.type === 'write') known.add(event.effect);
        if (event.type === 'publish') known.add(event.snapshot);
      }
      expect(events.filter(({ type }) => type !== 'gap')).toHaveLength(linesOf(files));
    }
  });

  test('through runs with lines missing, and none is lost on the way', async () => {
    for (let seed = 1; seed <= 40; seed++) {
      const { files } = simulated({ seed, detail: 'full' });
      const random = chance(seed, 'causes');
      const rest = Object.fromEntries(
        Object.entries(files).map(([path, content]) => [
          path,
          path === 'run.json'
            ? content
            : content
                .split(/(?<=\n)/)
                .filter(() => random.chance(0.7))
                .join(''),
        ]),
      );
      const { events } = await replayed(rest);
      expect(events.filter(({ type }) => type !== 'gap')).toHaveLength(linesOf(rest));
    }
  });
});

function linesOf(files: Readonly<Record<string, string>>): number {
  return Object.entries(files)
    .filter(([path]) => path !== 'run.json')
    .flatMap(([, content]) => content.split('\n'))
    .filter((line) => line.includes('"v":1')).length;
}
