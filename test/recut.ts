import type { LogSource } from '../src/events/reader.ts';
import type { Random } from './simulator/prng.ts';

/** How the files that are opened next are cut into chunks; whole chunks where there is no `by`. For `vi.mock` of `sources/open.ts`. */
export const cutting: { by: Random | undefined; pieces: number } = { by: undefined, pieces: 0 };

/** The module of sources, with every file cut anew. */
export async function recutting(original: () => Promise<typeof import('../src/events/sources/open.ts')>) {
  const { openSource } = await original();
  return {
    openSource: (file: Parameters<typeof openSource>[0]): LogSource => {
      const source = openSource(file);
      return { ...source, chunks: () => recut(source) };
    },
  };
}

async function* recut(source: LogSource): AsyncGenerator<Uint8Array> {
  const { by } = cutting;
  for await (const chunk of source.chunks()) {
    for (let from = 0; from < chunk.length; ) {
      const to = by === undefined ? chunk.length : from + by.between(1, by.pick([3, 400, 20_000]));
      yield chunk.slice(from, to);
      cutting.pieces++;
      from = to;
    }
  }
}
