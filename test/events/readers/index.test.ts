import { expect, test } from 'vitest';
import { chooseReader } from '../../../src/events/readers/index.ts';

const chosen = (text: string, complete = true) => chooseReader({ path: 'any.name', text, complete })?.name;

test('the reader is chosen by content', () => {
  expect(chosen('{"level":30}\n{"level":30}\n')).toBe('pino');
  expect(chosen('{"level":30,"ti{"level":30}\n{"level":30}\n')).toBe('pino');
  expect(chosen('\n> app@1.0 start\n> node .\n\n{"level":30}\n')).toBe('pino');
  expect(chosen(`{"level":30,"msg":"${'x'.repeat(100)}`, false)).toBe('pino');
  expect(chosen('[{"v":1}]')).toBe('json-document');
  expect(chosen('[\n  {\n    "v": 1\n')).toBe('json-document');
  expect(chosen('{\n  "logs": [\n    {\n')).toBe('json-document');
  expect(chosen('{"logs":[{"v":1},', false)).toBe('json-document');
  expect(chosen('{"logs":[\n{"v":1},\n', false)).toBe('json-document');
  expect(chosen('[ProfileStorage] Identity set: a\n[ProfileStorage] OrbitDB attached\n')).toBe('sphere');
  expect(chosen('[2026-05-30T22:03:16.123Z] [INFO ] [perf] [perf-counters] snapshot: {\n}\n')).toBe('sphere');
  expect(chosen('\n================\n[2026-05-30T22:03:16+02:00] +0s (soak start)\n§1 Setup\n================\n')).toBe(
    'soak-script',
  );
  expect(chosen('time\tdevice\tcpu\trss\n')).toBe('samples');
});

test('what nobody knows is left alone', () => {
  for (const text of ['', '# Notes\n', '<html>\n', 'a\tb\tc\n', '{\n  "version": 1\n}\n', '"text"\n']) {
    expect([text, chosen(text)]).toEqual([text, undefined]);
  }
});
