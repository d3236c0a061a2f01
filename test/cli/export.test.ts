import { execFileSync } from 'node:child_process';
import { chmodSync, existsSync, mkdirSync, readdirSync, readFileSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { exporters } from '../../src/exports/index.ts';
import { emptyFolder } from '../built.ts';
import { everything } from '../exports/support.ts';
import { tell } from '../story/tell.ts';
import { replay } from './world.ts';

/** A folder with these runs in it, each with the logs of a story. */
function folderOf(...runs: string[]): string {
  const folder = emptyFolder();
  for (const run of runs) {
    mkdirSync(join(folder, run));
    for (const [name, text] of Object.entries(tell(everything))) writeFileSync(join(folder, run, name), text);
  }
  return folder;
}

test.each(exporters.map(({ name }) => name))('%s goes to standard output, or into a file', async (name) => {
  const folder = folderOf('run-1');
  const printed = await replay(['export', join(folder, 'run-1'), '--to', name]);
  expect(printed).toMatchObject({ code: 0, stderr: '' });
  expect(printed.stdout.length).toBeGreaterThan(500);
  const file = join(folder, 'out');
  const written = await replay(['export', join(folder, 'run-1'), '--to', name, '-o', file]);
  expect(written).toEqual({
    code: 0,
    stdout: '',
    stderr: `wrote ${file}: 3 operations, 5 round trips, 2 writes, 1 counter window, 2 sections, 1 failed assertion\n`,
  });
  expect(readFileSync(file, 'utf8')).toBe(printed.stdout);
  expect(readdirSync(folder).sort()).toEqual(['out', 'run-1']);
});

describe('a mistake is answered with the way out', () => {
  test.each([
    ['export run-1', 'export: --to is missing', 'formats: speedscope perfetto otlp csv'],
    ['export run-1 --to perfeto', '--to: no such choice: perfeto', 'did you mean perfetto?'],
    ['export run-1 --to chrome', '--to: no such choice: chrome', 'choices: speedscope perfetto otlp csv'],
    ['export run-1 --to csv --to otlp', '--to: given 2 times', 'give it once'],
    ['export run-1 --to csv --out', '--out: needs a value', undefined],
    ['export run-1 run-2 --to csv', 'export: one <run> at a time, got run-1 run-2', undefined],
    ['export nowhere --to csv', 'nowhere: no such file or folder', undefined],
  ])('%s', async (line, message, hint) => {
    const { code, stdout, stderr } = await replay(line);
    expect({ code, stdout }).toEqual({ code: 2, stdout: '' });
    const [first, second] = stderr.split('\n');
    expect(first).toContain(`replay: ${message}`);
    if (hint !== undefined) expect(second).toBe(`  ${hint}`);
  });

  test('a series is several runs', async () => {
    const folder = folderOf('run-1', 'run-2');
    expect(await replay(['export', folder, '--to', 'csv'])).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('replay: export: expected one run, got 2\n'),
    });
  });

  test.each([
    ['nowhere/x.csv', 'there is no such folder'],
    ['run-1.txt/x.csv', 'there is no such folder'],
    ['.', 'is a folder, not a file'],
  ])('%s cannot be written', async (name, trouble) => {
    const folder = folderOf('run-1');
    writeFileSync(join(folder, 'run-1.txt'), '');
    const out = join(folder, name);
    const { code, stderr } = await replay(['export', join(folder, 'run-1'), '--to', 'csv', '--out', out]);
    expect(code).toBe(2);
    expect(stderr).toMatch(new RegExp(`^replay: ${out}: ${trouble}\n {2}.+\n$`));
  });

  test.skipIf(process.getuid?.() === 0)('a folder that nobody may write into cannot be written into', async () => {
    const folder = folderOf('run-1');
    mkdirSync(join(folder, 'locked'));
    chmodSync(join(folder, 'locked'), 0o500);
    const out = join(folder, 'locked/x.csv');
    const { stderr } = await replay(['export', join(folder, 'run-1'), '--to', 'csv', '--out', out]);
    expect(stderr).toContain(`replay: ${out}: no permission to write there\n`);
  });
});

describe('what is read is not overwritten', () => {
  const log = (folder: string) => join(folder, 'run-1/peer1.ndjson');

  test.each<[string, (folder: string) => string, (folder: string) => string, RegExp]>([
    ['a log itself', log, log, /is the log that is read/],
    ['a log of the folder', (folder) => join(folder, 'run-1'), log, /lies in .*run-1, and would be read as a log/],
    ['a new file in the folder', (f) => join(f, 'run-1'), (f) => join(f, 'run-1/new.csv'), /would be read as a log/],
    ['a log that a pattern names', (folder) => join(folder, 'run-1/*.ndjson'), log, /names it as a log that is read/],
    ['a link to a log', log, (folder) => join(folder, 'link'), /is the log that is read/],
  ])('%s', async (_, read, write, trouble) => {
    const folder = folderOf('run-1');
    symlinkSync(log(folder), join(folder, 'link'));
    const before = readFileSync(log(folder), 'utf8');
    const { code, stderr } = await replay(['export', read(folder), '--to', 'csv', '--out', write(folder)]);
    expect(code).toBe(2);
    expect(stderr).toMatch(trouble);
    expect(readFileSync(log(folder), 'utf8')).toBe(before);
    expect(readdirSync(join(folder, 'run-1'))).toHaveLength(2);
  });

  test('beside it, there is room', async () => {
    const folder = folderOf('run-1');
    const out = join(folder, 'run-1.csv');
    expect((await replay(['export', log(folder), '--to', 'csv', '--out', out])).code).toBe(0);
    expect(existsSync(out)).toBe(true);
  });
});

describe('an earlier export', () => {
  test('is overwritten', async () => {
    const folder = folderOf('run-1');
    const out = join(folder, 'out.csv');
    writeFileSync(out, 'old '.repeat(10_000));
    await replay(['export', join(folder, 'run-1'), '--to', 'csv', '--out', out]);
    expect(readFileSync(out, 'utf8')).toMatch(/^run,device.*\r\n$/s);
  });

  test('stays where the new one fails', async () => {
    const folder = folderOf('run-1');
    const out = join(folder, 'out.csv');
    writeFileSync(out, 'old');
    expect((await replay(['export', join(folder, 'run-9'), '--to', 'csv', '--out', out])).code).toBe(2);
    expect(readFileSync(out, 'utf8')).toBe('old');
    expect(readdirSync(folder).sort()).toEqual(['out.csv', 'run-1']);
  });

  test('stays where the user interrupts, and nothing is left behind', async () => {
    const folder = folderOf('run-1');
    const out = join(folder, 'out.csv');
    writeFileSync(out, 'old');
    const interruption = new AbortController();
    const running = replay(['export', join(folder, 'run-1'), '--to', 'csv', '--out', out], {
      interrupted: interruption.signal,
      now() {
        // Asked first when the file is open and nothing is in it.
        expect(readdirSync(folder).some((name) => name.endsWith('.partial'))).toBe(true);
        interruption.abort();
        return 0;
      },
      terminal: true,
    });
    expect((await running).code).toBe(130);
    expect(readFileSync(out, 'utf8')).toBe('old');
    await expect.poll(() => readdirSync(folder).filter((name) => name.endsWith('.partial'))).toEqual([]);
  });
});

test('what is no file is written as it is', async () => {
  const folder = folderOf('run-1');
  const pipe = join(folder, 'pipe');
  execFileSync('mkfifo', [pipe]);
  const { createReadStream } = await import('node:fs');
  let read = '';
  const reading = (async () => {
    for await (const chunk of createReadStream(pipe, 'utf8')) read += chunk;
  })();
  await replay(['export', join(folder, 'run-1'), '--to', 'csv', '--out', pipe]);
  await reading;
  expect(read).toMatch(/^run,device/);
});

test('a run without operations says so, and one with unreadable lines, too', async () => {
  const folder = emptyFolder();
  writeFileSync(
    join(folder, 'a.ndjson'),
    '{"v":1,"type":"device.start","device":"a","seq":1}\n{"v":1\n{"v":1,"type":"log"}\n',
  );
  const { code, stderr } = await replay(['export', join(folder, 'a.ndjson'), '--to', 'csv']);
  expect(code).toBe(0);
  expect(stderr).toContain('has no line of an operation, a round trip or counters: the export is empty\n');
  expect(stderr).toMatch(/\d lines could not be read: replay inspect .*a\.ndjson says why\n$/);
});
