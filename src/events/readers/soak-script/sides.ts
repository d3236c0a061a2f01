/** The devices that the two sides of a diff stand for. */
export interface Sides {
  readonly left: string;
  readonly right: string;
}

/** Words behind a device's name that say when the reading was taken. */
const phases = new Set([
  'before',
  'after',
  'pre',
  'post',
  'clear',
  'cleared',
  'recovery',
  'recovered',
  'start',
  'end',
  'final',
  'balance',
  'balances',
]);

/**
 * Reads the sides from an assertion's name of the form `LEFT-vs-RIGHT…`. LEFT is all that stands before `-vs-`. RIGHT goes as far as the word that is
 * shaped as LEFT's last one (`peer1`, `peer2`), else as far as the first word that names a phase. A RIGHT of that one word alone belongs to
 * the same user as LEFT: `bob-peer1-vs-peer2-after` compares bob-peer1 with bob-peer2.
 */
export function sidesFromName(name: string): Sides | undefined {
  const match = /^(.+?)-vs-(.+)$/.exec(name);
  if (!match) return undefined;
  const left = (match[1] as string).split('-');
  const right = (match[2] as string).split('-');
  const shaped = right.findIndex((word) => shapeOf(word) === shapeOf(left.at(-1) as string));
  const phase = right.findIndex((word, index) => index > 0 && phases.has(word));
  const words = shaped >= 0 ? right.slice(0, shaped + 1) : right.slice(0, phase < 0 ? undefined : phase);
  const owner = shaped === 0 ? left.slice(0, -1) : [];
  return { left: left.join('-'), right: [...owner, ...words].join('-') };
}

/** Reads a side from a diff header: `--- /tmp/x/bob-peer1.before.txt\t2026-…` is `bob-peer1`. */
export function sideFromHeader(header: string): string {
  const path = header.slice(4).split('\t', 1)[0]?.trim() ?? '';
  const words =
    path
      .slice(path.lastIndexOf('/') + 1)
      .split('.', 1)[0]
      ?.split(/[-_ ](?=[a-z]+$)/) ?? [];
  const phase = words.findIndex((word, index) => index > 0 && phases.has(word));
  return words.slice(0, phase < 0 ? undefined : phase).join('-');
}

function shapeOf(word: string): string {
  return word.replace(/\d+/g, '#');
}
