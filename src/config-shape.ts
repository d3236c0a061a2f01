import { z } from 'zod';
import { ReplayError } from './base/errors.ts';
import type { Config } from './config.ts';
import { Setting, suggestion } from './events/mapping/setting.ts';
import type { LogReader } from './events/reader.ts';
import { eventTypes } from './events/types/index.ts';
import { invariants as family } from './invariants/index.ts';
import type { Invariant } from './invariants/invariant.ts';

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

const keys = {
  invariants: z.array(invariant, 'a list of invariants').optional(),
  readers: z.array(reader, 'a list of readers').optional(),
  mappings: z.array(mapping, 'a list of mappings').optional(),
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

/**
 * What a config holds, if it is one; else a `ReplayError` that names file and key. Projections stay the very objects that
 * they are, by which their states are found. What an invariant throws, or answers amiss, is from then on a `ReplayError`, too.
 */
export function checkConfig(file: string, value: unknown): Config {
  check(config, value, new Setting(file, value));
  const { invariants = [], readers = [], ...rest } = value as Config;
  const root = new Setting(file, value);
  refuseTwins(root.at('invariants'), [...family, ...invariants], family.length);
  refuseTwins(root.at('readers'), readers, 0);
  return {
    ...rest,
    invariants: invariants.map((own, index) => guardInvariant(own, root.at('invariants').at(index))),
    readers: readers.map((own, index) => guardReader(own, root.at('readers').at(index))),
  };
}

/** Throws for the first thing that does not fit. */
function check(shape: z.ZodType, value: unknown, root: Setting): void {
  const issue = shape.safeParse(value).error?.issues[0];
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

function guardInvariant(own: Invariant, setting: Setting): Invariant {
  const { name: called, promise, needs, uses } = own;
  return {
    ...{ name: called, promise, needs, uses },
    ...(own.isEssential && {
      isEssential: (file) => attempt(setting.at('isEssential'), () => own.isEssential?.(file) ?? false),
    }),
    judge(file, earlier) {
      const judge = setting.at('judge');
      const answer = attempt(judge, () => own.judge(file, earlier));
      check(judgements, answer, judge.returning(answer));
      return answer;
    },
  };
}

function guardReader(own: LogReader, setting: Setting): LogReader {
  return {
    name: own.name,
    recognises: (head) => attempt(setting.at('recognises'), () => own.recognises(head)),
    read: (source, context) => own.read(source, context),
  };
}

/** Calls a user's function; what it throws is the user's to mend. */
function attempt<Result>(setting: Setting, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    if (error instanceof ReplayError) throw error;
    const { message, stack = '' } = error instanceof Error ? error : new Error(String(error));
    const thrown = stack.split('\n').find((line) => /^\s+at /.test(line));
    return setting.wrong(`threw: ${message}`, thrown?.trim());
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
