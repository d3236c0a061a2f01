import type { Subject } from './mapping.ts';
import { dig } from './scope.ts';
import type { Setting } from './setting.ts';

/** Whether a rule names a line. What its patterns capture goes into `captures`; a line that is not named may leave some behind. */
export type Condition = (subject: Subject, captures: Record<string, string | undefined>) => boolean;

/**
 * Compiles a rule's `when`: a text is a regular expression over the line; an object tests keys by dotted path, `line` among them:
 * a plain value must be equal, `{"pattern": …}` match, `{"oneOf": […]}` contain it, `{"exists": true}` be there. All must hold.
 */
export function compileCondition(when: Setting): Condition {
  if (typeof when.value === 'string') return matching(when.pattern(), ({ line }) => line);
  const tests = when.entries().map(([path, setting]) => compileTest(path, setting));
  if (tests.length === 0) when.expected('a regular expression or at least one key test');
  return (subject, captures) => tests.every((test) => test(subject, captures));
}

type Reach = (subject: Subject) => unknown;

function compileTest(path: string, setting: Setting): Condition {
  const reach: Reach = path === 'line' ? ({ line }) => line : ({ record }) => dig(record, path);
  const { value } = setting;
  if (typeof value === 'string' || typeof value === 'number' || typeof value === 'boolean' || value === null) {
    return (subject) => reach(subject) === value;
  }
  const keys = Object.keys(setting.object(['equals', 'pattern', 'oneOf', 'exists']));
  if (keys.length !== 1) setting.expected('one of equals, pattern, oneOf and exists');
  if (keys[0] === 'pattern') return matching(setting.at('pattern').pattern(), reach);
  if (keys[0] === 'exists') {
    const wanted = setting.at('exists').flag(true);
    return (subject) => (reach(subject) !== undefined) === wanted;
  }
  if (keys[0] === 'equals') return (subject) => reach(subject) === setting.at('equals').value;
  const words = new Set<unknown>(
    setting
      .at('oneOf')
      .items()
      .map((item) => item.value),
  );
  return (subject) => words.has(reach(subject));
}

function matching(pattern: RegExp, reach: Reach): Condition {
  return (subject, captures) => {
    const value = reach(subject);
    if (typeof value !== 'string' && typeof value !== 'number') return false;
    const match = pattern.exec(String(value));
    if (match?.groups) Object.assign(captures, match.groups);
    return match !== null;
  };
}
