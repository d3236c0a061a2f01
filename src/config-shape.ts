import { z } from 'zod';
import type { Config } from './config.ts';
import { Setting, suggestion } from './events/mapping/setting.ts';
import { eventTypes } from './events/types/index.ts';
import { invariants as family } from './invariants/index.ts';
import { limits } from './invariants/round-trips/budget.ts';

/** The message of each part says what is expected; where it stands and what is there instead is said around it. */
const kebab = 'a name in kebab-case';
const name = z.string(kebab).regex(/^[a-z0-9]+(?:-[a-z0-9]+)*$/, kebab);
const sentence = z.string('a sentence').min(1, 'a sentence');
const callable = z.custom((value) => typeof value === 'function', 'a function');
const eventNames = eventTypes.map((type) => type.name);
const eventName = z.enum(eventNames, 'an event type');

/** What a projection may have a function for: every event type, and three that are no types of the contract. */
const handled = [...eventNames, 'gap', 'unknown', 'unreadable'];

const projection = z.looseObject(
  {
    name,
    uses: z.array(z.unknown(), 'a list of projections'),
    initial: callable,
    each: callable.optional(),
    on: z.strictObject(
      Object.fromEntries(handled.map((type) => [type, callable.optional()])),
      'functions by event type',
    ),
  },
  'a projection (defineProjection)',
);

const invariant = z.looseObject(
  {
    name,
    promise: sentence,
    needs: z.array(
      z.union([eventName, z.array(eventName).min(1)], 'an event type, or a list of those of which any will do'),
      'a list of event types',
    ),
    uses: z.array(projection, 'a list of projections'),
    isEssential: callable.optional(),
    judge: callable,
  },
  'an invariant (defineInvariant)',
);

const reader = z.looseObject({ name, recognises: callable, read: callable }, 'a reader (defineReader)');

const mapping = z.union(
  [z.string().min(1), z.record(z.string(), z.unknown()), callable],
  'a path, a mapping, or a function',
);

const limit = z.int('a whole number from 0 up').min(0, 'a whole number from 0 up').optional();
const budget = z.strictObject(Object.fromEntries(limits.map((name) => [name, limit])), `limits: ${limits.join(', ')}`);

const keys = {
  invariants: z.array(invariant, 'a list of invariants').optional(),
  readers: z.array(reader, 'a list of readers').optional(),
  mappings: z.array(mapping, 'a list of mappings').optional(),
  roundTrips: z.record(z.string(), budget, 'budgets by operation name').optional(),
};

const config = z.strictObject(keys, `an object with ${Object.keys(keys).join(', ')}`);

const judgements = z.array(
  z.looseObject(
    {
      subject: z.string('an identity, or null').nullable(),
      findings: z.array(
        z.looseObject({
          code: name,
          verdict: z.enum(['violated', 'not-checked', 'note'], 'violated, not-checked or note'),
          message: sentence,
        }),
        'a list of findings',
      ),
    },
    'a judgement: { subject, findings }',
  ),
  'a list of judgements',
);

/** What must be there of a batch that a reader hands over; the events in it are the reader's word. */
const batch = z.looseObject(
  {
    file: z.looseObject(
      { path: z.string('a path'), unit: z.enum(['line', 'item'], 'line or item') },
      'a file: { path, unit }',
    ),
    events: z.custom(Array.isArray, 'a list of events'),
    problems: z.custom(Array.isArray, 'a list of problems'),
    skipped: z.number('a number'),
    bytes: z.number('a number'),
  },
  'a batch: { file, events, problems, skipped, bytes }',
);

/** What a config holds, if it is one; else a `ReplayError` that names file and key. */
export function checkConfig(file: string, value: unknown): Config {
  const root = new Setting(file, value);
  check(config, root);
  const { invariants = [], readers = [] } = value as Config;
  refuseTwins(root.at('invariants'), [...family, ...invariants], family.length);
  refuseTwins(root.at('readers'), readers, 0);
  return value as Config;
}

/** Throws a `ReplayError` unless the setting holds what an invariant may answer. */
export function checkJudgements(setting: Setting): void {
  check(judgements, setting);
}

/** Throws a `ReplayError` unless the setting holds what a reader may hand over. */
export function checkBatch(setting: Setting): void {
  check(batch, setting);
}

/** Throws for the first thing that does not fit. */
function check(shape: z.ZodType, root: Setting): void {
  const issue = shape.safeParse(root.value).error?.issues[0];
  if (issue === undefined) return;
  const setting = issue.path.reduce<Setting>((within, key) => within.at(key as string | number), root);
  if (issue.code === 'unrecognized_keys') {
    const [key = ''] = issue.keys;
    const hint = key === 'projections' ? 'a projection comes with the invariant that uses it' : undefined;
    setting.wrong(`unknown key "${key}"`, hint ?? suggestion(key, setting === root ? Object.keys(keys) : handled));
  }
  const { value: seen } = setting;
  const mistyped = typeof seen === 'string' && issue.message.startsWith('an event type');
  setting.wrong(`expected ${issue.message}, got ${show(seen)}`, mistyped ? suggestion(seen, eventNames) : undefined);
}

/** A name is what the command line and the report call a member by: it can be had once. */
function refuseTwins(list: Setting, members: readonly { readonly name: string }[], taken: number): void {
  for (const [index, { name: own }] of members.entries()) {
    if (members.findIndex((other) => other.name === own) === index) continue;
    list
      .at(index - taken)
      .at('name')
      .wrong(`"${own}" is taken`, 'give it another name');
  }
}

const longestShown = 60;

function show(value: unknown): string {
  if (value === undefined) return 'nothing';
  if (typeof value === 'function') return 'a function';
  if (typeof value === 'object' && value !== null && !Array.isArray(value)) {
    return `an object with ${Object.keys(value).join(', ') || 'nothing in it'}`;
  }
  const text = Array.isArray(value) ? `a list of ${value.length}` : (JSON.stringify(value) ?? String(value));
  return text.length > longestShown ? `${text.slice(0, longestShown)}…` : text;
}
