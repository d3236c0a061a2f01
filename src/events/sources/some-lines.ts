import type { LogSource } from '../reader.ts';
import { restOf } from './region.ts';

const newline = 0x0a;

/**
 * Some lines of a file, as a source of their own. `from`: where in the file a part begins, in bytes, from whose first line they are counted;
 * 0 for the file itself. `numbers`: from 1, in their order.
 */
export function someLines(source: LogSource, from: number, numbers: readonly number[]): LogSource {
  const part = from > 0 ? restOf(source, from) : source;
  return {
    path: source.path,
    bytesRead: () => part.bytesRead(),
    async *chunks() {
      let line = 1;
      let next = 0;
      for await (const chunk of part.chunks({ lent: true })) {
        const picked: Uint8Array[] = [];
        for (let start = 0; start < chunk.length && next < numbers.length; ) {
          const newlineAt = chunk.indexOf(newline, start);
          const end = newlineAt < 0 ? chunk.length : newlineAt + 1;
          const isWanted = line === numbers[next];
          if (isWanted) picked.push(chunk.slice(start, end));
          if (newlineAt >= 0) {
            line += 1;
            if (isWanted) next += 1;
          }
          start = end;
        }
        yield* picked;
        if (next === numbers.length) return;
      }
    },
  };
}
