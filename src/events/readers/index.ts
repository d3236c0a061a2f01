import type { EventBatch, LogReader, LogSource, ReadContext, SourceHead } from '../reader.ts';
import { quote } from '../sources/head.ts';
import { readOpening } from '../sources/read-head.ts';
import { jsonDocument } from './json-document.ts';
import { otlp } from './otlp.ts';
import { pino } from './pino.ts';
import { samples } from './samples.ts';
import { soakScript } from './soak-script.ts';
import { sphere } from './sphere.ts';
import { text } from './text.ts';

/** The family of log formats, in the order in which they are asked. A new one is a file and a line here. */
export const readers: readonly LogReader[] = [otlp, jsonDocument, soakScript, sphere, samples, pino, text];

/** The reader that knows a file by its beginning, readers of a user's own before the family's; `undefined` where none does. */
export function chooseReader(head: SourceHead, own: readonly LogReader[] = []): LogReader | undefined {
  return [...own, ...readers].find((reader) => reader.recognises(head));
}

/**
 * Opens a file far enough to tell its format by its content. A text that no reader knows is read by a mapping that applies to it; where
 * there is none, and for anything but text, the answer is a reader that says so in one problem. Throws where the file cannot be read.
 */
export async function recogniseFormat(
  source: LogSource,
  context: ReadContext,
  own: readonly LogReader[] = [],
): Promise<LogReader> {
  const { head, content } = await readOpening(source);
  if (content === 'utf-16') return unknown('the text is UTF-16; convert it, e.g. with iconv -f UTF-16 -t UTF-8');
  if (head.text === '') return unknown('the file is empty');
  const known = chooseReader(head, own);
  if (known) return known;
  if (content === 'text' && context.mapping?.forFile(source.path)) return text;
  const seen = content === 'binary' ? 'binary data' : quote(head.text.trimStart().split('\n', 1)[0] ?? '');
  return unknown(`no known log format: begins with ${seen}; name a mapping for it (--mapping) or leave the file out`);
}

/** Reads a file in whatever format it is. */
export async function* readFile(source: LogSource, context: ReadContext): AsyncGenerator<EventBatch> {
  const reader = await recogniseFormat(source, context);
  yield* reader.read(source, context);
}

function unknown(reason: string): LogReader {
  return {
    name: 'unknown',
    needsWhole: true,
    recognises: () => true,
    async *read(source) {
      const file = { path: source.path, unit: 'line' } as const;
      const bytes = source.bytesRead();
      yield { file, events: [], problems: [{ file, line: 1, reason, kind: 'unreadable' }], skipped: 0, bytes };
    },
  };
}
