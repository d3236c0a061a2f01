import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import { type Decoded, decodeRecord } from '../../../src/events/decode.ts';
import { createRecorder, type Recorder, type RecorderOptions } from '../../../src/events/recorder/index.ts';

export type Line = Record<string, unknown>;

/** A folder that is gone when the test is. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'replay-recorder-'));
  onTestFinished(() => rmSync(folder, { recursive: true, force: true }));
  return folder;
}

/** A recorder whose lines stay in memory. `text` is the log, `lines` its lines as JSON. */
export function inMemory(options: Partial<RecorderOptions> = {}): {
  record: Recorder;
  text(): string;
  lines(): Line[];
} {
  let written = '';
  const destination = {
    write(line: string) {
      written += line;
    },
  };
  const record = createRecorder({
    device: 'bob-peer1',
    identity: 'bob',
    destination,
    enabled: true,
    countersWindowMs: 0,
    ...options,
  });
  onTestFinished(() => record.close({ quiescent: false }));
  return { record, text: () => written, lines: () => parseLines(written) };
}

/** A log's lines as JSON; `torn` in the place of one that is none. */
export function linesOf(path: string): (Line & { torn?: true })[] {
  return parseLines(readFileSync(path, 'utf8'));
}

export function filesIn(folder: string): string[] {
  return readdirSync(folder).sort();
}

export function decode(line: Line): Decoded {
  return decodeRecord(line, { file: { path: 'test', unit: 'line' }, line: 1, defaults: {} });
}

function parseLines(text: string): Line[] {
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => {
      try {
        return JSON.parse(line) as Line;
      } catch {
        return { torn: true };
      }
    });
}
