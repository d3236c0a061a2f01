import type { RunReport } from '../results.ts';

/** Texts in which long ids are written shorter. */
export type Shorten = (text: string) => string;

const longest = 14;
/** What looks like a hash or a key, wherever it is written: long, of letters and digits alone, with both; or as long as a SHA-256. */
export const idLike = /(?<![\w.-])(?:(?=[A-Za-z]*\d)(?=\d*[A-Za-z])[0-9A-Za-z]{20,}|[\da-fA-F]{64})(?![\w-])/g;

/**
 * Writes ids of a report as `7c1e…a90f`, with as many characters as it takes to tell all of them apart. The report is asked as a
 * whole, so that one id looks the same everywhere in it. Ids that stand in prose are found by their looks.
 */
export function createShorten(report: RunReport): Shorten {
  return shortenerOf(idsOf(report));
}

/** Shortens these ids, and none else. */
export function shortenerOf(ids: Iterable<string>): Shorten {
  const known = [...new Set(ids)];
  const long = known.filter((id) => id.length > longest).sort((left, right) => right.length - left.length);
  if (long.length === 0) return (text) => text;
  const shortById = shortest(known, long);
  const written = new RegExp(long.map((id) => id.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('|'), 'g');
  return (text) => text.replace(written, (id) => shortById.get(id) ?? id);
}

function shortest(known: readonly string[], long: readonly string[]): Map<string, string> {
  for (let kept = 4; kept <= 24; kept += 2) {
    const short = (id: string) => (id.length > 2 * kept + 1 ? `${id.slice(0, kept)}…${id.slice(-kept)}` : id);
    if (new Set(known.map(short)).size === known.length) return new Map(long.map((id) => [id, short(id)]));
  }
  return new Map();
}

function* idsOf({ findings, checks }: RunReport): Iterable<string> {
  for (const { tokenId, effect, difference, message, evidence } of findings) {
    if (tokenId !== null) yield tokenId;
    if (effect !== null) yield effect;
    for (const token of difference?.tokens ?? []) yield token.tokenId;
    yield* message.match(idLike) ?? [];
    for (const { role } of evidence) yield* role.match(idLike) ?? [];
  }
  for (const { reason, detail } of checks) yield* `${reason} ${detail}`.match(idLike) ?? [];
}
