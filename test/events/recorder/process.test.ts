import { execFileSync, spawn, spawnSync } from 'node:child_process';
import { once } from 'node:events';
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { createRecorder } from '../../../src/events/recorder/index.ts';
import { decode, filesIn, linesOf, temporaryFolder } from './support.ts';

const root = fileURLToPath(new URL('../../../', import.meta.url));
const child = fileURLToPath(new URL('record-until-killed.mjs', import.meta.url));

/** The recorder and the examples as JavaScript, since Node 20 runs no TypeScript. */
let compiled: string;

beforeAll(() => {
  compiled = mkdtempSync(join(tmpdir(), 'replay-compiled-'));
  symlinkSync(join(root, 'node_modules'), join(compiled, 'node_modules'));
  writeFileSync(join(compiled, 'package.json'), '{"type":"module"}');
  const config = {
    extends: join(root, 'tsconfig.json'),
    compilerOptions: { noEmit: false, rootDir: root, outDir: compiled },
    include: [join(root, 'src/events/recorder'), join(root, 'examples/record-*')],
  };
  writeFileSync(join(compiled, 'tsconfig.json'), JSON.stringify(config));
  execFileSync(process.execPath, [join(root, 'node_modules/typescript/bin/tsc'), '-p', compiled], { stdio: 'pipe' });
}, 120_000);

afterAll(() => rmSync(compiled, { recursive: true, force: true }));

test('a killed process loses no event whose method has returned', async () => {
  const log = join(temporaryFolder(), 'bob.ndjson');
  for (const incarnation of [1, 2, 3]) {
    const reported = await recordUntilKilled(log, 300 * incarnation);
    const lines = linesOf(log);
    const own = lines.filter((line) => line.incarnation === incarnation);
    const effects = own.flatMap(({ type, effect }) => (type === 'write' ? [effect] : []));
    expect(effects.length).toBeGreaterThanOrEqual(reported);
    expect(own.map(({ seq }) => seq)).toEqual(own.map((_, index) => index + 1));
    expect(lines.filter(({ torn }) => torn).length).toBeLessThanOrEqual(incarnation);
  }

  const restarted = createRecorder({ device: 'bob-peer1', identity: 'bob', destination: log, enabled: true });
  restarted.write({ effect: 'last', key: 'k' });
  restarted.close({ quiescent: true });
  expect(linesOf(log).at(-1)).toMatchObject({ type: 'device.end', incarnation: 4, seq: 3 });
  const originSeqs = linesOf(log).flatMap(({ type, originSeq }) => (type === 'write' ? [originSeq] : []));
  expect(originSeqs).toEqual(originSeqs.map((_, index) => index + 1));
});

test('the counters of the last window are written when the process exits', () => {
  const log = join(temporaryFolder(), 'bob.ndjson');
  const script = `
    const { createRecorder } = await import(${JSON.stringify(join(compiled, 'src/events/recorder/index.js'))});
    const record = createRecorder({ device: 'd', identity: 'i', destination: ${JSON.stringify(log)} });
    record.incr('n', 3);
    if (process.argv[1] === 'throw') throw new Error('a fault of the wallet');
    if (process.argv[1] === 'exit') process.exit(7);
  `;
  for (const [way, status] of [['run', 0] as const, ['exit', 7] as const, ['throw', 1] as const]) {
    const args = ['--input-type=module', '-e', script, way];
    const env = { ...process.env, REPLAY_CAPTURE: '1' };
    expect(spawnSync(process.execPath, args, { env, timeout: 20_000 }).status, way).toBe(status);
    expect(linesOf(log).at(-1), way).toMatchObject({ type: 'counters', counters: { n: { count: 3 } } });
  }
});

test.each(['record-wallet', 'record-sdk-logger'])('the example %s writes a log that can be read', (example) => {
  const folder = temporaryFolder();
  const log = join(folder, 'log.ndjson');
  const args = [join(compiled, 'examples', `${example}.js`), log];
  const off = spawnSync(process.execPath, args, { env: { ...process.env, REPLAY_CAPTURE: '' }, encoding: 'utf8' });
  expect([off.status, off.stderr, filesIn(folder)]).toEqual([0, '', []]);
  const on = spawnSync(process.execPath, args, { env: { ...process.env, REPLAY_CAPTURE: '1' }, encoding: 'utf8' });
  expect([on.status, on.stderr]).toEqual([0, '']);
  expect(linesOf(log).map((line) => decode(line).outcome)).toEqual(linesOf(log).map(() => 'event'));
  expect(linesOf(log).at(-1)).toMatchObject({ type: 'device.end' });
});

/** Kills the child once it has reported that many effects; answers with the last one that it reported. */
async function recordUntilKilled(log: string, effects: number): Promise<number> {
  const args = [child, join(compiled, 'src/events/recorder/index.js'), log];
  const recording = spawn(process.execPath, args, { stdio: ['ignore', 'pipe', 'inherit'] });
  let heard = '';
  recording.stdout.on('data', (bytes: Buffer) => {
    heard += bytes;
    if (heard.split('\n').length > effects) recording.kill('SIGKILL');
  });
  await once(recording, 'close');
  return Number(heard.split('\n').at(-2));
}
