import type { LogSource, SourceHead } from '../reader.ts';
import { SourceDamage } from './damage.ts';

const headBytes = 64 * 1024;

/** A file's beginning as a reader sees it, and what kind of bytes it is made of. */
export interface Opening {
  readonly head: SourceHead;
  readonly content: 'text' | 'utf-16' | 'binary';
}

/** Reads the first 64 KiB of a source, and stops. */
export async function readOpening(source: LogSource): Promise<Opening> {
  const taken: Uint8Array[] = [];
  let size = 0;
  let complete = true;
  try {
    for await (const chunk of source.chunks({ lent: true })) {
      taken.push(new Uint8Array(chunk.subarray(0, headBytes - size)));
      size += chunk.length;
      if (size <= headBytes) continue;
      complete = false;
      break;
    }
  } catch (error) {
    if (!(error instanceof SourceDamage)) throw error;
  }
  const bytes = Buffer.concat(taken);
  const text = new TextDecoder('utf-8').decode(bytes, { stream: !complete });
  return { head: { path: source.path, text, complete }, content: classify(bytes, text) };
}

function classify([first, second]: Buffer, text: string): Opening['content'] {
  if ((first === 0xff && second === 0xfe) || (first === 0xfe && second === 0xff)) return 'utf-16';
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what tells binary data from text
  const rubbish = text.match(/[\0-\x08\x0e-\x1a\x1c-\x1f\ufffd]/g)?.length ?? 0;
  return rubbish * 20 > text.length ? 'binary' : 'text';
}
