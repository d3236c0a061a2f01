// biome-ignore-all lint/suspicious/noTemplateCurlyInString: a mapping's references look like a template's
import { expect, test } from 'vitest';
import { ReplayError } from '../../../src/base/errors.ts';
import { loadMapping, parseMapping } from '../../../src/events/mapping/parse-mapping.ts';

const emit = { type: 'clear' };

/** The sentence and the hint with which a mapping is refused. */
function refusal(mapping: unknown): string {
  try {
    parseMapping(typeof mapping === 'string' ? mapping : JSON.stringify(mapping), 'm.json');
  } catch (error) {
    if (error instanceof ReplayError) return `${error.message}; ${error.hint}`;
    throw error;
  }
  return 'accepted';
}

test('a mapping with a mistake is refused by file and key, with the way out', () => {
  const plain = 'a mapping is plain JSON: no comments, no trailing commas';
  expect(refusal('{\n  "rules": [,]\n}')).toBe(`m.json:2: not JSON; ${plain}`);
  expect(refusal('{\n  "rules": [\n')).toBe(`m.json:2: not JSON; ${plain}`);
  expect(refusal({})).toBe('m.json: rules: expected a list, got nothing; undefined');
  expect(refusal({ rulez: [] })).toBe('m.json: unknown key "rulez"; did you mean "rules"?');
  expect(refusal({ rules: [{ when: '(', emit }] })).toMatch(/^m\.json: rules\[0\]\.when: not a regular expression: /);
  expect(refusal({ rules: [{ when: {}, emit }] })).toMatch(
    /^m\.json: rules\[0\]\.when: expected a regular expression or at least one key test/,
  );
  expect(refusal({ rules: [{ when: { a: { patern: 'x' } }, emit }] })).toBe(
    'm.json: rules[0].when.a: unknown key "patern"; did you mean "pattern"?',
  );
  expect(refusal({ rules: [{ when: 'x', emit: { type: 'balanse' } }] })).toBe(
    'm.json: rules[0].emit.type: expected an event type, got "balanse"; did you mean "balance"?',
  );
  expect(refusal({ rules: [{ when: 'x', emit: [emit, { type: 'balance.read', coin: 'U', amout: '1' }] }] })).toBe(
    'm.json: rules[0].emit[1]: balance.read has no field "amout"; did you mean "amount"?',
  );
  expect(refusal({ rules: [{ when: 'x', emit: { type: 'balance.read', coin: 'U', amount: '1' } }] })).toBe(
    'm.json: rules[0].emit: balance.read needs a value for "tokens"; undefined',
  );
  expect(refusal({ rules: [{ when: 'x', emit: { type: 'op.start', op: 'x' } }] })).toBe(
    'm.json: rules[0].emit: op.start needs a value for "opId"; undefined',
  );
  expect(refusal({ rules: [{ when: 'x', emit: { ...emit, run: { from: 'a', shift: 1.5 } } }] })).toBe(
    'm.json: rules[0].emit.run.shift: expected a whole number, got 1.5; undefined',
  );
  expect(refusal({ files: [{ path: 7 }], rules: [] })).toBe('m.json: files[0].path: expected a text, got 7; undefined');
});

test('a mapping that is not there says where to find one', async () => {
  const error = await loadMapping('/no/such.json').catch((reason) => reason);
  expect([error.message, error.hint]).toEqual([
    '/no/such.json: no such mapping',
    'examples/ of the package holds mappings to begin with',
  ]);
});
