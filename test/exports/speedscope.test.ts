import { Ajv } from 'ajv';
import { expect, test } from 'vitest';
import { importIntoSpeedscope, schema } from './speedscope-importer.ts';
import { everything, exported } from './support.ts';

const isSpeedscope = new Ajv().compile(schema);

/** The calls of each profile as speedscope draws them: `name depth from-to`, in µs. */
async function drawn(story: string): Promise<Record<string, string[]>> {
  const text = await exported(story, 'speedscope');
  const file = JSON.parse(text);
  isSpeedscope(file);
  expect(isSpeedscope.errors).toBeNull();
  const profiles = await importIntoSpeedscope('run.speedscope.json', text);
  return Object.fromEntries(
    profiles.map((profile) => {
      const open: { name: string; from: number; at: number }[] = [];
      const calls: string[] = [];
      profile.forEachCall(
        ({ frame }, value) => {
          open.push({ name: frame.name, from: value, at: calls.push('') - 1 });
        },
        (_, value) => {
          const { name, from, at } = open.pop() as (typeof open)[number];
          calls[at] = `${'  '.repeat(open.length)}${name} ${from}-${value}`;
        },
      );
      return [profile.getName(), calls];
    }),
  );
}

test('a run is a profile for each lane of a device, on one scale', async () => {
  expect(await drawn(everything)).toEqual({
    'peer1: operations': [
      'pay 5000-135000',
      '  publish-state 34500-115000',
      '    verify 67500-80000',
      '    verify 84000-95000',
      '    publish 98000-105000',
      '  pin 116000-125000',
    ],
    'peer1: round trips and writes': ['write mint 55750-60000', 'fetch 142000-145000'],
    'peer1: sections': ['§A.1 setup 0-165000', '§A.2 the end 165000-195000'],
    'peer2: operations': ['wait (unfinished) 5215000-5265000', '  fetch 5260000-5265000'],
  });
});

test('spans of one name are one frame, with the first line that has it', async () => {
  const { shared, name, exporter } = JSON.parse(await exported(everything, 'speedscope'));
  expect(shared.frames.filter(({ name: shown }: { name: string }) => shown === 'verify')).toEqual([
    { name: 'verify', file: 'peer1.ndjson', line: 6 },
  ]);
  expect(name).toBe('soak-7, from 2025-05-30T22:00:00.020Z');
  expect(exporter).toMatch(/^ledger-replay \d/);
});

test('what is not part of an operation is not drawn inside of it', async () => {
  const story = `
    peer1  begin long opId=a
    peer1  begin short opId=b
    peer1  request fetch durationMs=2
    peer1  done short opId=b durationMs=10
    peer1  done long opId=a durationMs=40
  `;
  expect(await drawn(story)).toEqual({
    'peer1: operations': ['long 0-40000'],
    'peer1: operations 2': ['short 20000-30000'],
    'peer1: round trips and writes': ['fetch 18000-20000'],
  });
});

test('round trips at one time lie beside each other', async () => {
  const story = `
    peer1  begin load opId=a
    peer1  request fetch durationMs=50 opId=a after=60
    peer1  request fetch durationMs=50 opId=a
    peer1  request fetch durationMs=50 opId=a
    peer1  request fetch durationMs=5 opId=a
    peer1  done load opId=a durationMs=100
  `;
  expect(await drawn(story)).toEqual({
    'peer1: operations': ['load 0-100000', '  fetch 10000-60000', '  fetch 85000-90000'],
    'peer1: round trips and writes': ['fetch 20000-70000'],
    'peer1: round trips and writes 2': ['fetch 30000-80000'],
  });
});

test('times in whole milliseconds may overlap by one where in truth one thing followed another', async () => {
  const story = (fraction: string) => `
    peer1  begin load opId=a
    peer1  request one durationMs=9.75 opId=a time=1748642400020${fraction}
    peer1  request two durationMs=10.5 opId=a time=1748642400030${fraction}
    peer1  request last durationMs=5 opId=a time=1748642400040${fraction}
    peer1  done load opId=a durationMs=29.5 time=1748642400040${fraction}
  `;
  expect(await drawn(story(''))).toEqual({
    'peer1: operations': [...['load 0-29500', '  one 0-9500', '  two 9500-19500', '  last 24500-29500']],
  });
  expect(await drawn(story('.125'))).toEqual({
    'peer1: operations': ['load 250-29750', '  two 9250-19750', '  last 24750-29750'],
    'peer1: round trips and writes': ['one 0-9750'],
  });
});

test('an operation that is printed when it is over, after what it did, still holds it', async () => {
  const story = `
    peer1  request fetch durationMs=5 opId=b time=1748642400100
    peer1  begin inner opId=b parentOpId=a time=1748642400090
    peer1  done inner opId=b durationMs=20 time=1748642400110
    peer1  begin outer opId=a time=1748642400080
    peer1  done outer opId=a durationMs=40 time=1748642400120
  `;
  expect(await drawn(story)).toEqual({
    'peer1: operations': ['outer 0-40000', '  inner 10000-30000', '    fetch 15000-20000'],
  });
});

test('a restart ends what is open, and a circle of operations has one that is part of nothing', async () => {
  const story = `
    peer1  start
    peer1  begin one opId=a parentOpId=b
    peer1  begin two opId=b parentOpId=a
    peer1  begin three opId=c parentOpId=c
    peer1  request fetch durationMs=1
    peer1  start
    peer1  done three opId=c durationMs=4
  `;
  expect(await drawn(story)).toEqual({
    'peer1: operations': ['one (unfinished) 0-30000', '  two (unfinished) 10000-30000', 'three 46000-50000'],
    'peer1: operations 2': ['three (unfinished) 20000-30000'],
    'peer1: round trips and writes': ['fetch 29000-30000'],
  });
});

test('a run without spans is a file without profiles', async () => {
  const file = JSON.parse(await exported('peer1  start', 'speedscope'));
  expect(isSpeedscope(file)).toBe(true);
  expect(file.profiles).toEqual([]);
});
