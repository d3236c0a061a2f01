import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { appendFileSync, cpSync, mkdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { basename, join } from 'node:path';
import { rolldown } from 'rolldown';
import { beforeAll, describe, expect, test } from 'vitest';
import { emptyFolder, execute } from '../built.ts';
import { root } from '../source.ts';
import { filesIn } from './remembered.ts';

/** The command as one file, so that these tests see the source as it is. */
let program = '';

beforeAll(async () => {
  const bundle = await rolldown({
    input: join(root, 'src/bin.ts'),
    platform: 'node',
    external: ['pino'],
    logLevel: 'silent',
  });
  const { output } = await bundle.generate({ format: 'esm', codeSplitting: false });
  program = output[0].code;
  await bundle.close();
});

/** A world with the tool installed in it, a run of more than 8 MB, and a cache folder that is not there yet. */
function world() {
  const folder = emptyFolder();
  mkdirSync(join(folder, 'tool/dist'), { recursive: true });
  mkdirSync(join(folder, 'run-1'));
  cpSync(join(root, 'package.json'), join(folder, 'tool/package.json'));
  symlinkSync(join(root, 'node_modules'), join(folder, 'tool/node_modules'), 'junction');
  const bin = join(folder, 'tool/dist/bin.js');
  writeFileSync(bin, program);
  for (const device of ['peer1', 'peer2']) writeFileSync(join(folder, 'run-1', `${device}.ndjson`), log(device));
  const answers = join(folder, 'cache/ledger-replay');
  const env = { XDG_CACHE_HOME: join(folder, 'cache') };
  const replay = (args: string, extra: Readonly<Record<string, string>> = {}) =>
    execute(process.execPath, [bin, ...args.split(' ')], { cwd: folder, env: { ...env, ...extra } });
  return { folder, bin, answers, env, replay };
}

/** A start, a token, an end, and 5 MB that say nothing. */
function log(device: string): string {
  const events = [
    { type: 'device.start' },
    { type: 'balance', tokenId: 'T1', coin: 'UCT', delta: device === 'peer1' ? '7' : '8' },
    { type: 'device.end', quiescent: true },
  ].map((fields, index) => ({
    ...{ level: 30, time: 1748642400000 + index, v: 1, device, identity: 'bob', incarnation: 1, seq: index + 1 },
    ...{ run: 'run-1', ...fields },
  }));
  const silence = Array.from({ length: 50 }, () => ({ level: 30, msg: 'x'.repeat(100_000) }));
  return [...events, ...silence].map((line) => `${JSON.stringify(line)}\n`).join('');
}

/** The files of answers; beside them lies the key by which runs are told apart. */
function answersIn(folder: string): string[] {
  return filesIn(folder).filter((path) => readFileSync(path, 'utf8').split('\n')[1]?.startsWith('{"schema"'));
}

/** Lets every answer that is kept lie, under the seal that it would have: who repeats it did not read the run. */
function forge(answers: string): void {
  for (const path of answersIn(answers)) {
    const answer = readFileSync(path, 'utf8').split('\n')[1]?.replace('"run":"run-1"', '"run":"forged"') ?? '';
    const digest = createHash('sha256').update(answer).digest('hex');
    writeFileSync(path, `ledger-replay answer 1 ${basename(path, '.answer')} ${digest}\n${answer}`);
  }
}

describe.each(['check-balances run-1', 'round-trips run-1 --budget *<=1'])('replay %s', (command) => {
  test('answers twice alike, the second time from the cache', () => {
    const { answers, replay } = world();
    const first = replay(command);
    expect(answersIn(answers)).toHaveLength(1);
    expect(replay(command)).toEqual(first);
    expect(first.stderr).toBe('');
    forge(answers);
    expect(replay(command).stdout).toContain('forged');
    expect(replay(`${command} --json`).stdout).toContain('"run": "forged"');
  });

  test('reads the run with --no-cache, and keeps nothing', () => {
    const { answers, replay } = world();
    const first = replay(`${command} --no-cache`);
    expect(filesIn(answers)).toEqual([]);
    expect(replay(command)).toEqual(first);
    forge(answers);
    expect(replay(`${command} --no-cache`)).toEqual(first);
    expect(replay(command, { REPLAY_SLOW: '1' })).toEqual(first);
  });
});

test.each<[string, (w: ReturnType<typeof world>) => void]>([
  ['of another build', ({ bin }) => appendFileSync(bin, '\n// another build\n')],
  [
    'of another version',
    ({ folder }) => writeFileSync(join(folder, 'tool/package.json'), '{"version":"9.9.9","type":"module"}'),
  ],
  ['of another log', ({ folder }) => appendFileSync(join(folder, 'run-1/peer1.ndjson'), '{"level":30,"msg":"more"}\n')],
])('the answer is not the one %s', (_what, change) => {
  const given = world();
  given.replay('check-balances run-1');
  forge(given.answers);
  expect(given.replay('check-balances run-1').stdout).toContain('forged');
  change(given);
  expect(given.replay('check-balances run-1').stdout).not.toContain('forged');
});

test('an exit code from the cache is that of the answer', () => {
  const { replay } = world();
  expect([1, 2].map(() => replay('check-balances run-1 -q').code)).toEqual([1, 1]);
  expect([1, 2].map(() => replay('check-balances run-1 -q --check log-complete').code)).toEqual([3, 3]);
});

test('two processes at once answer alike', async () => {
  const { folder, bin, env, answers, replay } = world();
  const texts = await Promise.all(
    [1, 2].map(async () => {
      const child = spawn(process.execPath, [bin, 'check-balances', 'run-1'], { cwd: folder, env });
      let text = '';
      for await (const chunk of child.stdout) text += chunk;
      return text;
    }),
  );
  expect(texts).toEqual([texts[0], replay('check-balances run-1').stdout]);
  expect(answersIn(answers)).not.toEqual([]);
});
