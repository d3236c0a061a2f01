import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { bin, emptyFolder, execute, replay } from '../built.ts';

type Line = readonly [type: string, fields?: object];

const holds: readonly Line[] = [['balance', { tokenId: 'T1', coin: 'UCT', delta: '99.999999999989' }]];
const holdsMore: readonly Line[] = [...holds, ['balance', { tokenId: 'T2', coin: 'UCT', delta: '100' }]];

/** What a device logged, from its start to an orderly end. */
function log(device: string, lines: readonly Line[]): string {
  return [['device.start'] as Line, ...lines, ['device.end', { quiescent: true }] as Line]
    .map(([type, fields], index) => ({
      ...{ level: 30, time: 1748642400000 + index, pid: 1, hostname: 'host', msg: type },
      ...{ v: 1, type, device, identity: 'bob', incarnation: 1, seq: index + 1, run: 'run-1', ...fields },
    }))
    .map((line) => `${JSON.stringify(line)}\n`)
    .join('');
}

/** A folder that holds `run-1`, with these files in it. */
function folderOf(files: Readonly<Record<string, string>>): string {
  const folder = emptyFolder();
  mkdirSync(join(folder, 'run-1'));
  for (const [name, text] of Object.entries(files)) writeFileSync(join(folder, 'run-1', name), text);
  return folder;
}

const agreeing = () => folderOf({ 'peer1.ndjson': log('peer1', holds), 'peer2.ndjson': log('peer2', holds) });
const differing = () => folderOf({ 'peer1.ndjson': log('peer1', holds), 'peer2.ndjson': log('peer2', holdsMore) });

describe('the exit code', () => {
  test('is 0 where ledgers agree', () => {
    const { code, stdout, stderr } = replay(['check-balances', 'run-1'], { cwd: agreeing() });
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    expect(stdout).toContain('run-1 held');
  });

  test('is 1 where they differ, and both amounts are printed as they came', () => {
    const { code, stdout, stderr } = replay(['check-balances', 'run-1'], { cwd: differing() });
    expect({ code, stderr }).toEqual({ code: 1, stderr: '' });
    expect(stdout).toContain('99.999999999989');
    expect(stdout).toContain('199.999999999989');
  });

  test('is 2 for a path with nothing at it, and the way out is said', () => {
    const { code, stdout, stderr } = replay(['check-balances', 'run-9'], { cwd: agreeing() });
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    expect(stderr).toMatch(/^replay: run-9: .+\n {2}.+\n$/);
  });

  test('is 2 for a mistyped command, and the right one is named', () => {
    expect(replay(['chekc-balances', 'run-1'])).toEqual({
      code: 2,
      stdout: '',
      stderr: 'replay: chekc-balances: no such command\n  did you mean check-balances?\n',
    });
  });

  test('is 3 where there is too little evidence, 0 where that is allowed', () => {
    const cwd = folderOf({ 'peer1.ndjson': log('peer1', holds) });
    const { code, stdout } = replay(['check-balances', 'run-1'], { cwd });
    expect(code).toBe(3);
    expect(stdout).toContain('run-1 not checked');
    expect(replay(['check-balances', 'run-1', '--allow-inconclusive'], { cwd })).toMatchObject({ code: 0, stdout });
  });

  test('of an empty folder is not 0', () => {
    const { code, stderr, stdout } = replay(['check-balances', '.'], { cwd: emptyFolder() });
    expect([2, 3]).toContain(code);
    expect(stdout + stderr).not.toBe('');
  });

  test("of somebody else's pino log is 3, and it is said what was read", () => {
    const foreign = '{"level":30,"time":1748642400000,"pid":7,"hostname":"host","msg":"listening on 3000"}\n'.repeat(3);
    const { code, stdout, stderr } = replay(['check-balances', 'run-1'], { cwd: folderOf({ 'app.log': foreign }) });
    expect({ code, stderr }).toEqual({ code: 3, stderr: '' });
    expect(stdout).toContain('run-1 not checked');
  });
});

describe('output', () => {
  test('as JSON is one object', () => {
    const { stdout } = replay(['check-balances', 'run-1', '--json'], { cwd: differing() });
    expect(JSON.parse(stdout)).toMatchObject({ schema: 1, run: 'run-1', verdict: 'violated' });
  });

  test('for a reader that stops early ends in silence, with the code of the verdict', () => {
    const tokens = Array.from({ length: 5000 }, (_, index): Line => {
      return ['balance', { tokenId: `T${index}`, coin: 'UCT', delta: '1' }];
    });
    const cwd = folderOf({ 'peer1.ndjson': log('peer1', holds), 'peer2.ndjson': log('peer2', tokens) });
    const line = `'${process.execPath}' '${bin}' check-balances run-1 --all --json | head -1; echo "\${PIPESTATUS[0]}"`;
    expect(replay(['check-balances', 'run-1', '--all', '--json'], { cwd }).stdout.length).toBeGreaterThan(2 ** 17);
    expect(execute('bash', ['-c', line], { cwd })).toEqual({ code: 0, stdout: '{\n1\n', stderr: '' });
  });

  test('has no colour in a pipe, but where it is forced', () => {
    const cwd = differing();
    const colored = '\u001b[';
    expect(replay(['check-balances', 'run-1'], { cwd }).stdout).not.toContain(colored);
    expect(replay(['check-balances', 'run-1'], { cwd, env: { FORCE_COLOR: '1' } }).stdout).toContain(colored);
  });

  test('does not depend on the names of files or the folder that it is started in', () => {
    const files = { a: log('peer2', holdsMore), b: log('peer1', holds) };
    const [one, other] = [
      folderOf({ '1.log': files.a, '2.log': files.b }),
      folderOf({ '2.log': files.a, '1.log': files.b }),
    ];
    const shown = (cwd: string) =>
      replay(['check-balances', 'run-1'], { cwd }).stdout.replaceAll(/[12]\.log/g, '_.log');
    expect(shown(one)).toBe(shown(other));
  });
});

test('standard input is a run', () => {
  const input = log('peer1', holds) + log('peer2', holdsMore);
  const { code, stdout } = replay(['check-balances', '-', '--json'], { input });
  expect({ code, verdict: JSON.parse(stdout).verdict }).toEqual({ code: 1, verdict: 'violated' });
});

test('help lists every command, and each has its own with examples', () => {
  const { code, stdout } = replay(['--help']);
  expect(code).toBe(0);
  for (const { name, summary } of commands) {
    expect(stdout).toContain(`replay ${name}`);
    expect(stdout.replaceAll(/\s+/g, ' ')).toContain(summary);
    const own = replay([name, '--help']);
    expect(own.code).toBe(0);
    expect(own.stdout).toMatch(/Examples:\n {2}# .+\n {2}replay /);
  }
});

test('the version is the one of the package', () => {
  expect(replay(['--version']).stdout).toMatch(/^\d+\.\d+\.\d+\n$/);
});

test('inspect and show read the same run', () => {
  const cwd = differing();
  const inspection = JSON.parse(replay(['inspect', 'run-1', '--json'], { cwd }).stdout);
  expect(inspection).toMatchObject({ run: 'run-1', files: [{ format: 'pino' }, { format: 'pino' }] });
  const cut = JSON.parse(replay(['show', 'run-1', '--at', 'peer2:1:3', '--json'], { cwd }).stdout);
  expect(JSON.stringify(cut)).toContain('199.999999999989');
});
