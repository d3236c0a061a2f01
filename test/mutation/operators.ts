/** What a mutant is called by, wherever its line has moved. */
export interface MutantName {
  readonly file: string;
  /** The kind of change; with its number where it fits at several places of one line: `equality 2`. */
  readonly operator: string;
  /** The line as it is. */
  readonly from: string;
}

/** One small change of a source file. */
export interface Mutant extends MutantName {
  readonly line: number;
  /** What stands there instead, in short. */
  readonly to: string;
  readonly content: string;
}

/** The name in one line. */
export function keyOf({ file, operator, from }: MutantName): string {
  return `${file}: ${operator}: ${from}`;
}

interface Operator {
  readonly name: string;
  readonly pattern: RegExp;
  /** `undefined`: the condition that follows is negated as a whole. */
  replace(match: string): string | undefined;
}

const swaps: Readonly<Record<string, string>> = {
  '===': '!==',
  '!==': '===',
  '>': '>=',
  '>=': '>',
  '<': '<=',
  '<=': '<',
  '&&': '||',
  '||': '&&',
  '+': '-',
  '-': '+',
};

function swapOf(name: string, pattern: RegExp): Operator {
  return { name, pattern, replace: (match) => match.replace(/\S+/, (word) => swaps[word] ?? word) };
}

/** Replacements of text: the formatter puts blanks around operators, so that no syntax tree is needed. */
const operators: readonly Operator[] = [
  swapOf('equality', / (?:===|!==) /g),
  swapOf('comparison', / (?:>=|<=|>|<) /g),
  swapOf('connective', / (?:&&|\|\|) /g),
  swapOf('arithmetic', / [+-] (?=\w)/g),
  {
    name: 'quantifier',
    pattern: /\.(?:some|every)\(/g,
    replace: (match) => (match === '.some(' ? '.every(' : '.some('),
  },
  { name: 'negated condition', pattern: /\bif \(/g, replace: () => undefined },
  { name: 'condition true', pattern: /\bif \(/g, replace: () => 'if (true || ' },
  { name: 'early return dropped', pattern: /\bif \(.*\) (?:return|continue)\b.*;$/gm, replace: () => ';' },
  { name: 'negation dropped', pattern: /(?<=[(\s])!(?=[\w(])/g, replace: () => '' },
  { name: 'constant', pattern: /(?<=\breturn )(?:true|false)(?=;)/g, replace: (match) => String(match === 'false') },
];

/** Every mutant of a source file. Comments and wording are left alone. */
export function mutantsOf(file: string, source: string): Mutant[] {
  const seen = new Map<string, number>();
  return operators.flatMap(({ name, pattern, replace }) =>
    [...source.matchAll(pattern)].flatMap((match): Mutant[] => {
      const [from] = match;
      const at = match.index;
      const lineStart = source.lastIndexOf('\n', at - 1) + 1;
      const lineText = source.slice(lineStart, source.indexOf('\n', at));
      if (/^\s*(?:\/?\*|\/\/|import\b|export type\b|type\b)/.test(lineText) || isQuoted(lineText, at - lineStart))
        return [];
      const to = replace(from);
      const content =
        to === undefined ? negated(source, at, from) : source.slice(0, at) + to + source.slice(at + from.length);
      if (content === source) return [];
      const key = keyOf({ file, operator: name, from: lineText.trim() });
      const turn = (seen.get(key) ?? 0) + 1;
      seen.set(key, turn);
      const operator = turn > 1 ? `${name} ${turn}` : name;
      const line = source.slice(0, at).split('\n').length;
      return [{ file, line, operator, from: lineText.trim(), to: to?.trim() ?? 'if (!(…))', content }];
    }),
  );
}

/** The condition in brackets after `if`, negated as a whole. */
function negated(source: string, at: number, from: string): string {
  const open = at + from.length;
  let depth = 1;
  let end = open;
  for (; end < source.length && depth > 0; end++) depth += source[end] === '(' ? 1 : source[end] === ')' ? -1 : 0;
  return `${source.slice(0, open)}!(${source.slice(open, end - 1)})${source.slice(end - 1)}`;
}

/** Whether a place in a line stands within a string. */
function isQuoted(line: string, at: number): boolean {
  const before = line.slice(0, at).replace(/\$\{[^}]*\}/g, '');
  return ["'", '`', '"'].some((quote) => before.split(quote).length % 2 === 0);
}
