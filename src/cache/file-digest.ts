import type { LogSource } from '../events/reader.ts';
import { type DigestKey, SecretDigest } from './secret-digest.ts';

/** What stands for the bytes of a log, as a reader sees them. */
export interface FileDigest {
  /** Of all of them, and of how many they are on the disk, which a report says of a compressed log. */
  readonly whole: string;
  readonly bytes: number;
  /** What `whole` would be of a plain file that ends at the place that was asked for; `undefined` where there are fewer bytes. */
  readonly beginning: string | undefined;
  /** Whether the last line has its line end; also where there is none. */
  readonly endsLine: boolean;
}

const newline = 0x0a;

/** Files that are read side by side: enough to keep the disk busy, and no run has too many open. */
const filesAtOnce = 4;

/**
 * The digests of all sources, in their order; `undefined` where one cannot be read to its end, or Node has no such cipher. `places`: up to
 * where the beginning of each is told. `onLook` is called now and then, so that whoever waits can be told.
 */
export async function digestAll(
  sources: readonly LogSource[],
  key: DigestKey,
  onLook: () => void = () => {},
  places: readonly number[] = [],
): Promise<readonly FileDigest[] | undefined> {
  return sideBySide(sources, (source, index) => digest(source, key, onLook, places[index]));
}

/** What the file system says of the files; `undefined` where it says nothing of one. */
export async function stampsOf(sources: readonly LogSource[]): Promise<readonly string[] | undefined> {
  const stamps = await sideBySide(sources, (source) => source.stamp?.());
  return stamps?.every((stamp) => stamp !== undefined) ? stamps : undefined;
}

async function digest(source: LogSource, key: DigestKey, onLook: () => void, place = 0): Promise<FileDigest> {
  const all = new SecretDigest(key);
  let first: SecretDigest | undefined;
  let last = newline;
  for await (const chunk of source.chunks({ lent: true })) {
    for (let rest: Uint8Array = chunk; rest.length > 0; ) {
      first ??= all.forkFor(place);
      const part = rest.subarray(0, all.room);
      first?.update(part.subarray(0, Math.max(0, place - first.bytes)));
      all.update(part);
      rest = rest.subarray(part.length);
    }
    last = chunk.at(-1) ?? last;
    onLook();
  }
  const { bytes } = all;
  const whole = all.end();
  const beginning = bytes === place ? whole : first?.bytes === place ? first.end() : undefined;
  return {
    whole: `${whole} ${source.bytesRead()}`,
    bytes,
    beginning: beginning && `${beginning} ${place}`,
    endsLine: last === newline,
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
