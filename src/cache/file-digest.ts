import type { LogSource } from '../events/reader.ts';
import { bytesWithin } from '../events/sources/region.ts';
import { type DigestKey, SecretDigest } from './secret-digest.ts';

/** What stands for the bytes of a log, as a reader sees them. */
export interface FileDigest {
  /** Of all of them, and of how many they are on the disk, which a report says of a compressed log. */
  readonly whole: string;
  readonly bytes: number;
  /** What `whole` was of a plain file when it ended at a place; `undefined` where it has fewer bytes, or they cannot be read any more. */
  beginning(place: number): Promise<string | undefined>;
  /** Whether the last line has its line end; also where there is none. */
  readonly endsLine: boolean;
}

const newline = 0x0a;

/** Files that are read side by side: enough to keep the disk busy, and no run has too many open. */
const filesAtOnce = 2;
/** How much is read of each at once: to ask for it takes longer than to hash a tenth of it. */
const blockBytes = 2 ** 21;

/**
 * The digests of all sources, in their order; `undefined` where one cannot be read to its end, or Node has no such cipher. `onLook` is
 * called now and then, so that whoever waits can be told.
 */
export async function digestAll(
  sources: readonly LogSource[],
  key: DigestKey,
  onLook: () => void = () => {},
): Promise<readonly FileDigest[] | undefined> {
  return sideBySide(sources, (source) => digest(source, key, onLook));
}

/** What the file system says of the files; `undefined` where it says nothing of one. */
export async function stampsOf(sources: readonly LogSource[]): Promise<readonly string[] | undefined> {
  const stamps = await sideBySide(sources, (source) => source.stamp?.());
  return stamps?.every((stamp) => stamp !== undefined) ? stamps : undefined;
}

async function digest(source: LogSource, key: DigestKey, onLook: () => void): Promise<FileDigest> {
  const digest = new SecretDigest(key);
  let last = newline;
  for await (const chunk of source.chunks({ lent: true, blockBytes })) {
    digest.update(chunk);
    last = chunk.at(-1) ?? last;
    onLook();
  }
  const { bytes } = digest;
  const whole = `${digest.end()} ${source.bytesRead()}`;
  return {
    ...{ whole, bytes, endsLine: last === newline },
    async beginning(place) {
      if (place >= bytes) return place === bytes ? whole : undefined;
      const then = digest.before(place);
      try {
        for await (const chunk of bytesWithin(source, then.bytes, place)) then.update(chunk);
      } catch {
        return undefined;
      }
      return then.bytes === place ? `${then.end()} ${place}` : undefined;
    },
  };
}

async function sideBySide<Outcome>(
  sources: readonly LogSource[],
  ask: (source: LogSource, index: number) => Promise<Outcome> | Outcome,
): Promise<readonly Outcome[] | undefined> {
  const outcomes: Outcome[] = [];
  const waiting = sources.entries();
  const work = async () => {
    for (const [index, source] of waiting) outcomes[index] = await ask(source, index);
  };
  try {
    await Promise.all(Array.from({ length: filesAtOnce }, work));
    return outcomes;
  } catch {
    return undefined;
  }
}
