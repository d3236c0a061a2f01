import { isRecord } from '../field.ts';
import { eventTypes } from '../types/index.ts';
import { type Condition, compileCondition } from './condition.ts';
import { lookUp, type Scope } from './scope.ts';
import { type Setting, suggestion } from './setting.ts';
import { compileValue, type Value } from './value.ts';

/** A rule of a mapping: which lines it names, and the events that it makes of one. */
export interface Rule {
  readonly name: string;
  readonly also: boolean;
  readonly names: Condition;
  /** The records that it makes of a line; what cannot be converted is named to the scope. */
  emit(scope: Scope): Record<string, unknown>[];
}

type Template = (scope: Scope, records: Record<string, unknown>[]) => void;

/** Compiles a rule. `defaults` are fields for each of its events that has a place for them. */
export function compileRule(setting: Setting, index: number, defaults: Setting): Rule {
  setting.object(['name', 'when', 'emit', 'also', 'note']);
  const emit = setting.at('emit');
  const templates = (Array.isArray(emit.value) ? emit.items() : [emit]).map((event) => compileEvent(event, defaults));
  return {
    name: setting.at('name').present ? setting.at('name').text() : `rules[${index}]`,
    also: setting.at('also').flag(false),
    names: compileCondition(setting.at('when')),
    emit(scope) {
      const records: Record<string, unknown>[] = [];
      for (const template of templates) template(scope, records);
      return records;
    },
  };
}

const header = ['type', 'device', 'identity', 'incarnation', 'seq', 'time', 'opId', 'run', 'mono'];

function compileEvent(setting: Setting, defaults: Setting): Template {
  setting.object();
  const type = eventTypes.find(({ name }) => name === setting.at('type').text());
  if (!type) {
    const names = eventTypes.map(({ name }) => name);
    return setting.at('type').expected('an event type', suggestion(setting.at('type').text(), names));
  }
  const known = [...header, ...Object.keys(type.fields)];
  const given = new Map<string, Value>();
  for (const [key, value] of defaults.present ? defaults.entries() : []) {
    if (known.includes(key)) given.set(key, compileValue(value));
  }
  for (const [key, value] of setting.entries()) {
    if (key === 'each') continue;
    if (!known.includes(key)) setting.wrong(`${type.name} has no field "${key}"`, suggestion(key, known));
    given.set(key, compileValue(value));
  }
  for (const [key, field] of Object.entries(type.fields)) {
    if (!field.optional && !given.has(key)) setting.wrong(`${type.name} needs a value for "${key}"`);
  }
  const needsOperation = type.name === 'op.start' || type.name === 'op.end';
  if (needsOperation && !given.has('opId')) setting.wrong(`${type.name} needs a value for "opId"`);
  const one = compileRecord(given);
  return setting.at('each').present ? repeat(setting.at('each').text(), one) : one;
}

/** The device comes first, because counters count per device. The time is the record's own unless the rule has a better one. */
function compileRecord(given: ReadonlyMap<string, Value>): Template {
  const device = given.get('device');
  const others = [...given].filter(([key]) => key !== 'device');
  return (scope, records) => {
    const time = scope.subject.record?.time;
    const record: Record<string, unknown> = typeof time === 'number' ? { time } : {};
    const named = device?.(scope);
    if (named !== undefined) record.device = named;
    const count = (counter: string) => scope.count(`${counter} ${String(named ?? '')}`);
    for (const [key, value] of others) {
      const known = value({ ...scope, count, fail: (reason) => scope.fail(`${key}: ${reason}`) });
      if (known !== undefined) record[key] = known;
    }
    records.push(record);
  };
}

/** One event for each entry of a list or an object; none where the path names something else. */
function repeat(path: string, template: Template): Template {
  return (scope, records) => {
    const found = lookUp(path, scope);
    const entries = Array.isArray(found) || isRecord(found) ? Object.entries(found) : [];
    for (const [index, [key, item]] of entries.entries()) {
      template({ ...scope, entry: { key, item, index } }, records);
    }
  };
}
