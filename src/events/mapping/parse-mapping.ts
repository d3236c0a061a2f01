import { readFile } from 'node:fs/promises';
import { jsonVerifier } from 'stream-json/utils/verifier.js';
import { ReplayError } from '../../base/errors.ts';
import type { EventDefaults } from '../decode.ts';
import type { FileMapping, Mapped, Mapping } from './mapping.ts';
import { compileRule, type Rule } from './rule.ts';
import type { Scope } from './scope.ts';
import { Setting } from './setting.ts';
import { compileText, type Value } from './value.ts';

/** Reads a mapping from a file. Throws a `ReplayError` that names file and key where it is not one. */
export async function loadMapping(path: string): Promise<Mapping> {
  const text = await readFile(path, 'utf8').catch((error) => {
    const missing = (error as NodeJS.ErrnoException).code === 'ENOENT';
    throw new ReplayError(
      `${path}: ${missing ? 'no such mapping' : `cannot be read: ${(error as Error).message}`}`,
      'examples/ of the package holds mappings to begin with',
      { cause: error },
    );
  });
  return parseMapping(text, path);
}

/** Checks a mapping's JSON and compiles it. `name` is the file as errors and reports call it. */
export function parseMapping(text: string, name: string): Mapping {
  const root = new Setting(name, parseJson(text, name, 'a mapping'));
  root.object(['note', 'files', 'defaults', 'amounts', 'rules']);
  const entries = root.at('files').present ? root.at('files').items().map(compileFile) : [everyFile];
  const shift = root.at('amounts');
  const amountShift = shift.present && shift.object(['shift']) ? shift.at('shift').wholeNumber() : 0;
  const rules = root
    .at('rules')
    .items()
    .map((rule, index) => compileRule(rule, index, root.at('defaults')));
  const matched = rules.map(() => 0);
  return {
    forFile(path) {
      for (const entry of entries) {
        const defaults = entry(path);
        if (defaults) return { defaults, amountShift, apply: applier(rules, matched) };
      }
      return undefined;
    },
    uses: () => rules.map((rule, index) => ({ mapping: name, rule: rule.name, matched: matched[index] ?? 0 })),
  };
}

/** The value of a JSON file that a person wrote. Throws a `ReplayError` with its line where it is not JSON; `what` says what it should be. */
export function parseJson(text: string, name: string, what: string): unknown {
  const content = text.replace(/^\ufeff/, '');
  try {
    return JSON.parse(content);
  } catch (error) {
    throw new ReplayError(
      `${name}:${lineOfFault(content)}: not JSON`,
      `${what} is plain JSON: no comments, no trailing commas`,
      { cause: error },
    );
  }
}

/** Node says where a fault is in some versions and in some cases; the verifier of stream-json always does. */
function lineOfFault(text: string): number {
  try {
    jsonVerifier()(text);
  } catch (error) {
    return (error as { line: number }).line;
  }
  return text.trimEnd().split('\n').length;
}

/** What the mapping says of a file by its path; `undefined` where the entry does not name it. */
type FileEntry = (path: string) => EventDefaults | undefined;

const everyFile: FileEntry = () => ({});

function compileFile(setting: Setting): FileEntry {
  setting.object(['note', 'path', 'device', 'identity', 'incarnation']);
  const pattern = setting.at('path').pattern();
  const texts = (['device', 'identity'] as const).map(
    (key) => [key, setting.at(key).present ? compileText(setting.at(key).text()) : undefined] as const,
  );
  const incarnation = setting.at('incarnation').present ? setting.at('incarnation').wholeNumber() : undefined;
  return (path) => {
    const match = pattern.exec(path);
    if (!match) return undefined;
    const scope = fileScope(path, match.groups ?? {});
    const named = texts.flatMap(([key, value]): [string, string][] => {
      const text: unknown = (value as Value | undefined)?.(scope);
      return typeof text === 'string' ? [[key, text]] : [];
    });
    return { ...Object.fromEntries(named), ...(incarnation !== undefined && { incarnation }) };
  };
}

function fileScope(path: string, captures: Record<string, string | undefined>): Scope {
  return { subject: { line: path }, captures: { ...captures }, count: () => 0, fail: () => {} };
}

/** The rules at work on one file, with that file's counters. */
function applier(rules: readonly Rule[], matched: number[]): FileMapping['apply'] {
  const counters = new Map<string, number>();
  return (subject) => {
    const mapped: Mapped[] = [];
    for (const [index, rule] of rules.entries()) {
      const captures: Scope['captures'] = {};
      if (!rule.names(subject, captures)) continue;
      matched[index] = (matched[index] ?? 0) + 1;
      const problems: string[] = [];
      const records = rule.emit({
        subject,
        captures,
        fail: (reason) => problems.push(reason),
        count(counter) {
          const next = (counters.get(counter) ?? 0) + 1;
          counters.set(counter, next);
          return next;
        },
      });
      mapped.push({ rule: rule.name, records, problems, also: rule.also });
      if (!rule.also) break;
    }
    return mapped;
  };
}
