import { readFileSync } from 'node:fs';
import { basename } from 'node:path';
import { deserialize, serialize } from 'node:v8';
import { expect, test } from 'vitest';
import { writeLongLife } from '../../../bench/wallet.ts';
import { inProcess } from '../../../src/engines/in-process.ts';
import { type GlanceMark, glanceRun } from '../../../src/replay/glance/glance-run.ts';
import { openRuns, type Run } from '../../../src/replay/run.ts';
import { emptyFolder } from '../../built.ts';
import { upTo } from '../../cache/growing.ts';
import { filesIn } from '../../cache/remembered.ts';
import { tell } from '../../story/tell.ts';
import { type Files, inFolder, writeFiles } from '../../story.ts';
import { calmRun } from './calm.ts';

/** What a glance at a run leaves, as it would be kept; `undefined` where the run is beyond it. */
async function leftOf(folder: string, from?: GlanceMark): Promise<GlanceMark | undefined> {
  const [run] = (await openRuns(folder)) as [Run];
  let left: GlanceMark | undefined;
  const read: Parameters<typeof glanceRun>[1]['read'] = (file, plan, place) => inProcess.read(run, file, plan, place);
  await glanceRun(run, { read, from, maxProblems: 10, onEnd: (mark) => (left = deserialize(serialize(mark))) });
  return left;
}

/** What is known at the end of a run, without what follows from how files are cut into batches: numbers of texts, and which side of a transfer came first. */
function essence({ state, files, lines }: GlanceMark) {
  const { lanes, flights, observed, asserted, failed, transfers } = state;
  const ofLanes = lanes.map(({ book, ledger: _, kind, ...lane }) => ({
    ...{ ...lane, kind: Math.max(kind, -1) },
    ...{
      identity: book.identity,
      booked: book.ended.booked,
      bookedUntil: book.ended.bookedUntil,
      effects: book.effects.names.size,
    },
    ...{ tokens: book.tokens.names.size, coins: book.coins.size },
  }));
  // As it is kept: plain data.
  const { sent } = structuredClone(transfers) as unknown as { readonly sent: unknown };
  return { ofLanes, flights, observed, asserted, failed, sent, files, lines };
}

/** Expects a glance that goes on from another to come to what one comes to that reads the whole run. Returns whether there was any to go on from. */
async function expectSame(part: Files, files: Files, name: string): Promise<boolean> {
  return inFolder(part, name, async (folder) => {
    const before = await leftOf(folder);
    await writeFiles(files, folder);
    const whole = await leftOf(folder);
    const left = before && (await leftOf(folder, before));
    if (before) expect(left && essence(left)).toEqual(whole && essence(whole));
    return left !== undefined;
  });
}

test('a glance that goes on knows what one knows that reads it all', { timeout: 60_000 }, async () => {
  let resumed = 0;
  for (let seed = 1; seed <= 30; seed += 1) {
    const { files, name } = calmRun({ seed, layout: 'per-device' });
    for (const share of [0.3, 0.6, 0.9]) resumed += Number(await expectSame(upTo(files, share), files, name));
  }
  expect(resumed).toBeGreaterThan(30);
});

test('also in the middle of a long life', async () => {
  const folder = emptyFolder();
  await writeLongLife(folder, { until: { events: 8_000 }, devices: 3, tokens: 40, seed: 2 });
  const files = Object.fromEntries(filesIn(folder).map((path) => [basename(path), readFileSync(path, 'utf8')]));
  for (const share of [0.2, 0.5, 0.95]) expect(await expectSame(upTo(files, share), files, 'long-life')).toBe(true);
});

test('wherever a story is interrupted', async () => {
  const lines = `
    peer1 start
    peer2 start
    peer1 write e1 kind=mint outputs=T1:UCT:1,T2:EUR:2 booked
    peer2 applied e1 booked
    peer1 assertion name=sum ok=true
    peer1 write e2 kind=transfer inputs=T1 outputs=T3:UCT:1 booked
    peer2 tokens T1 T2
    peer2 assertion name=sum ok=false
    peer2 received e2
    peer2 read UCT 1
    peer2 applied e2 booked
    peer1 write e3 kind=transfer inputs=T2 outputs=T4:EUR:2:alice booked
    peer2 publish s1 frontier=peer1:2 contents=e1,e2
    peer2 end quiescent
    peer1 tokens T3
    peer2 start
    peer2 applied e3 booked
    peer1 end quiescent`.split('\n');
  for (let end = 4; end < lines.length; end += 1) {
    const part = tell(lines.slice(0, end).join('\n'));
    expect(await expectSame(part, tell(lines.join('\n')), 'run-1'), `up to line ${end}`).toBe(true);
  }
});
