import { appendFileSync, existsSync, readFileSync, rmSync, truncateSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { memoryPath } from '../../../src/events/recorder/device-memory.ts';
import { createRecorder } from '../../../src/events/recorder/index.ts';
import { linesOf, temporaryFolder } from './support.ts';

const device = 'bob-peer1';

/** Starts the device, writes effects, and leaves as a killed process does: without close. */
function run(log: string, ...effects: string[]): void {
  const record = createRecorder({ device, identity: 'bob', destination: log, enabled: true, countersWindowMs: 0 });
  for (const effect of effects) record.write({ effect, key: 'k' });
}

function newLog(): string {
  return join(temporaryFolder(), 'runs', 'bob.ndjson');
}

/** `incarnation:seq type originSeq?` of each line. */
function story(log: string): string[] {
  return linesOf(log).map(({ torn, incarnation, seq, type, originSeq }) =>
    torn ? 'torn' : [`${incarnation}:${seq}`, type, originSeq].filter((part) => part !== undefined).join(' '),
  );
}

test('incarnations grow, seq begins again, originSeq goes on', () => {
  const log = newLog();
  run(log, 'e1', 'e2');
  run(log, 'e3');
  expect(story(log)).toEqual(['1:1 device.start', '1:2 write 1', '1:3 write 2', '2:1 device.start', '2:2 write 3']);
});

test.each([
  ['missing', (memory: string) => rmSync(memory)],
  ['empty', (memory: string) => writeFileSync(memory, '')],
  ['rubbish', (memory: string) => writeFileSync(memory, '{"incarnation":"x"}')],
  ['behind', (memory: string) => writeFileSync(memory, '{"incarnation":1,"originSeq":0,"bytes":0}')],
  ['of a longer log', (memory: string) => writeFileSync(memory, '{"incarnation":1,"originSeq":0,"bytes":99999}')],
])('a memory that is %s is made again from the log', (_, harm) => {
  const log = newLog();
  run(log, 'e1');
  run(log, 'e2', 'e3');
  harm(memoryPath(log, device));
  run(log, 'e4');
  expect(story(log).slice(-2)).toEqual(['3:1 device.start', '3:2 write 4']);
});

test('without the log, the memory still knows', () => {
  const log = newLog();
  run(log, 'e1', 'e2');
  run(log);
  rmSync(log);
  run(log, 'e3');
  expect(story(log)).toEqual(['3:1 device.start', '3:2 write 3']);
});

test('a line that was torn stays alone, and its numbers were never given', () => {
  const log = newLog();
  run(log, 'e1', 'e2');
  truncateSync(log, readFileSync(log).length - 20);
  run(log, 'e2');
  expect(story(log)).toEqual(['1:1 device.start', '1:2 write 1', 'torn', '2:1 device.start', '2:2 write 2']);
});

test('a whole last line that lacks its newline counts', () => {
  const log = newLog();
  run(log, 'e1');
  truncateSync(log, readFileSync(log).length - 1);
  run(log, 'e2');
  expect(story(log)).toEqual(['1:1 device.start', '1:2 write 1', '2:1 device.start', '2:2 write 2']);
});

test('an orderly end spares the next start from reading the log again', () => {
  const log = newLog();
  const record = createRecorder({ device, identity: 'bob', destination: log, enabled: true });
  record.write({ effect: 'e1', key: 'k' });
  record.close({ quiescent: true });
  expect(JSON.parse(readFileSync(memoryPath(log, device), 'utf8'))).toEqual({
    incarnation: 1,
    originSeq: 1,
    bytes: readFileSync(log).length,
  });
});

test('lines of other devices, debug lines and lines longer than a chunk are no memories', () => {
  const log = newLog();
  run(log, 'e1');
  appendFileSync(
    log,
    `{"v":1,"type":"write","device":"bob-peer2","deps":["bob-peer1"],"incarnation":9,"originSeq":9}\n"bob-peer1"\n`,
  );
  appendFileSync(log, `${JSON.stringify({ device: `"${device}"`, incarnation: 8, pad: 'ü'.repeat(300_000) })}\n`);
  appendFileSync(
    log,
    `${JSON.stringify({ type: 'write', device, incarnation: 4, originSeq: 6, pad: 'ü'.repeat(300_000) })}\n`,
  );
  run(log, 'e2');
  expect(story(log).slice(-2)).toEqual(['5:1 device.start', '5:2 write 7']);
});

test('a device’s name never leaves the folder, and a caller that counts its starts is believed', () => {
  const log = newLog();
  createRecorder({ device: '../../bob:1', identity: 'bob', destination: log, enabled: true, incarnation: 7 });
  expect(existsSync(`${log}...%2F..%2Fbob%3A1.incarnation`)).toBe(true);
  expect(story(log)).toEqual(['7:1 device.start']);
});
