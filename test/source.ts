import { readdirSync, readFileSync } from 'node:fs';
import { join, posix } from 'node:path';

/** The package's own folder. */
export const root = join(import.meta.dirname, '..');

/** A source file as the guards see it; `path` is relative to `src`. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
  /** The text without comments. */
  readonly code: string;
  readonly imports: readonly Import[];
}

/** One import or re-export. `target` is a path relative to `src`, or the name of a package. */
export interface Import {
  readonly target: string;
  readonly own: boolean;
  /** Whether the compiler erases it, so that nothing is loaded. */
  readonly typesOnly: boolean;
}

/** Every TypeScript file of `src`, by path. */
export function sourceFiles(): readonly SourceFile[] {
  return readdirSync(join(root, 'src'), { recursive: true, encoding: 'utf8' })
    .map((path) => path.replaceAll('\\', '/'))
    .filter((path) => path.endsWith('.ts'))
    .sort()
    .map((path) => {
      const text = readFileSync(join(root, 'src', path), 'utf8');
      return { path, text, code: withoutComments(text), imports: importsOf(path, text) };
    });
}

const statement = /^(?:import|export)\s(?<clause>[\w\s,{}*$]*?)\bfrom\s+'(?<from>[^']+)'/gm;
const call = /\b(?:import|require)\(\s*'(?<from>[^']+)'/g;
const effect = /^import\s+'(?<from>[^']+)'/gm;

/** The imports of a file, whichever way they are written. The formatter sees to it that a statement begins a line. */
export function importsOf(path: string, text: string): readonly Import[] {
  const code = withoutComments(text);
  return [statement, call, effect].flatMap((pattern) =>
    [...code.matchAll(pattern)].map(({ groups }) => {
      const from = groups?.from ?? '';
      const own = from.startsWith('.');
      const target = own ? posix.join(posix.dirname(path), from) : from;
      return { target, own, typesOnly: areTypes(groups?.clause) };
    }),
  );
}

function areTypes(clause = ''): boolean {
  const [, names = ''] = /^\{([^}]*)\}\s*$/.exec(clause) ?? [];
  const each = names
    .split(',')
    .map((name) => name.trim())
    .filter((name) => name !== '');
  return clause.startsWith('type ') || (each.length > 0 && each.every((name) => name.startsWith('type ')));
}

function withoutComments(text: string): string {
  return text.replace(/\/\*[\s\S]*?\*\/|^\s*\/\/.*$/gm, '');
}
