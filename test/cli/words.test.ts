import { describe, expect, test, vi } from 'vitest';
import { commands } from '../../src/cli/commands/index.ts';
import { reportSchema } from '../../src/report/schema.ts';
import { replay } from './world.ts';

vi.mock('../../src/invariants/index.ts', () => ({
  invariants: [{ name: 'ledgers-agree' }, { name: 'balance-reads' }, { name: 'conservation' }],
}));

const names = commands.map(({ name }) => name);

describe('help', () => {
  test('lists the commands', async () => {
    const { code, stdout, stderr } = await replay('--help');
    expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
    for (const name of [...names, 'completion']) expect(stdout).toContain(`replay ${name}`);
    expect((await replay('-h')).stdout).toBe(stdout);
    expect((await replay('help')).stdout).toBe(stdout);
  });

  test.each(names)('of %s says what it does, its flags and real examples', async (name) => {
    const { code, stdout } = await replay(`${name} --help`);
    const command = commands.find((candidate) => candidate.name === name);
    expect(code).toBe(0);
    expect(stdout).toContain(`Usage: replay ${name} ${command?.operands.placeholder}`);
    expect(stdout).toContain(command?.description);
    expect(command?.examples.length).toBeGreaterThan(0);
    for (const [example] of command?.examples ?? []) expect(stdout.replace(/\s+/g, ' ')).toContain(example);
    for (const flag of Object.keys(command?.options ?? {})) expect(stdout).toContain(`--${flag}`);
    expect((await replay(`help ${name}`)).stdout).toBe(stdout);
  });

  test.each(['', ...names])('of "%s" fits 80 columns', async (name) => {
    const { stdout } = await replay(`${name} --help`);
    expect(stdout.split('\n').filter((line) => line.length > 80)).toEqual([]);
  });
});

test('the version is that of the package', async () => {
  expect(await replay('--version')).toEqual({
    code: 0,
    stdout: expect.stringMatching(/^\d+\.\d+\.\d+\S*\n$/),
    stderr: '',
  });
});

test('the schema is printed', async () => {
  const { code, stdout } = await replay('schema report');
  expect(code).toBe(0);
  expect(JSON.parse(stdout)).toEqual(reportSchema);
});

describe('a mistyped', () => {
  test.each([
    ['chek-balances run-1/', 'chek-balances: no such command', 'did you mean check-balances?'],
    ['chek run-1/', 'chek: no such command', 'did you mean check-balances?'],
    ['check run-1/', 'check: no such command', 'did you mean check-balances?'],
    ['run-1/', 'run-1/: no such command', `commands: ${[...names, 'completion'].join(' ')}`],
    ['', 'which command?', `commands: ${[...names, 'completion'].join(' ')}; replay --help says more`],
    ['check-balances run-1/ --devce x', 'check-balances: no such flag: --devce', 'did you mean --device?'],
    [
      'check-balances run-1/ --maxProblems 3',
      'check-balances: no such flag: --maxProblems',
      'did you mean --max-problems?',
    ],
    [
      'check-balances run-1/ --check ledger-agree',
      '--check: no such choice: ledger-agree',
      'did you mean ledgers-agree?',
    ],
    [
      'check-balances run-1/ --check zzz',
      '--check: no such choice: zzz',
      'choices: ledgers-agree balance-reads conservation',
    ],
    ['check-balances run-1/ --reporter jsn', '--reporter: no such choice: jsn', 'did you mean json?'],
    ['check-balances run-1/ --color blue', '--color: no such choice: blue', 'choices: auto always never'],
    [
      'check-balances',
      'check-balances: <run..> is missing',
      'a folder, a file, a pattern, or - for standard input; replay check-balances --help says more',
    ],
    ['schema reprot', 'schema: no such choice: reprot', 'did you mean report?'],
    ['check-balances run-1/ -z', 'check-balances: no such flag: -z', undefined],
    ['check-balances a --max-problems many', '--max-problems: expected a whole number from 0 up, got many', undefined],
    ['check-balances a --device ,', '--device: needs a value', undefined],
  ])('%s: %s', async (line, message, hint) => {
    const { code, stdout, stderr } = await replay(line);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const [first, second] = stderr.split('\n');
    expect(first).toBe(`replay: ${message}`);
    if (hint !== undefined) expect(second).toBe(`  ${hint}`);
  });
});

describe('completion', () => {
  const complete = async (...words: string[]) =>
    (await replay(['--get-yargs-completions', 'replay', ...words])).stdout
      .split('\n')
      .filter(Boolean)
      .map((line) => line.split(':')[0]);

  test('has a script', async () => {
    const { code, stdout } = await replay('completion');
    expect(code).toBe(0);
    expect(stdout).toContain('--get-yargs-completions');
    expect(stdout).toContain('replay');
  });

  test('has its own help', async () => {
    const { code, stdout } = await replay('completion --help');
    expect(code).toBe(0);
    expect(stdout).toContain('replay completion >> ~/.bashrc');
    expect((await replay('help completion')).stdout).toBe(stdout);
  });

  test('knows the commands', async () => {
    expect(await complete('')).toEqual(expect.arrayContaining([...names, 'completion']));
  });

  test('knows the flags of a command', async () => {
    const flags = Object.keys(commands[0]?.options ?? {}).map((name) => `--${name}`);
    expect(await complete('check-balances', '--')).toEqual(expect.arrayContaining(flags));
  });

  test('knows the checks, the reporters and the schemas', async () => {
    expect(await complete('check-balances', 'run-1/', '--check', '')).toEqual([
      'ledgers-agree',
      'balance-reads',
      'conservation',
    ]);
    expect(await complete('check-balances', 'run-1/', '--check', 'led')).toEqual(['ledgers-agree']);
    expect(await complete('check-balances', 'run-1/', '--reporter', '')).toEqual(['text', 'quiet', 'json', 'ndjson']);
    expect(await complete('check-balances', 'run-1/', '--color', 'a')).toEqual(['auto', 'always']);
    expect(await complete('schema', '')).toEqual(['report', 'top']);
  });

  test('leaves paths to the shell', async () => {
    expect(await complete('check-balances', '')).toEqual([]);
    expect(await complete('check-balances', 'run')).toEqual([]);
  });
});
