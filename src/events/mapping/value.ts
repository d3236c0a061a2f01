import { type Amount, formatAmount, negate, parseAmount } from '../../base/amount.ts';
import { lookUp, type Scope } from './scope.ts';
import type { Setting } from './setting.ts';

/** One value of an event as a mapping writes it; `undefined` leaves the field out. */
export type Value = (scope: Scope) => unknown;

const reference = /\$\{([^}]+)\}/g;
const wholeReference = /^\$\{([^}]+)\}$/;
const steps = ['from', 'default', 'matches', 'map', 'time', 'number', 'plus', 'shift', 'negate'];

/**
 * Compiles a value: a constant, a text with `${references}` (one that is nothing but a reference keeps the type of what it
 * names), a list or an object of values, `{"count": "writes"}`, or a conversion `{"from": …, "shift": -18, …}`.
 */
export function compileValue(setting: Setting): Value {
  const { value } = setting;
  if (typeof value === 'string') return compileText(value);
  if (Array.isArray(value)) {
    const items = setting.items().map(compileValue);
    return (scope) => items.map((item) => item(scope));
  }
  if (typeof value !== 'object' || value === null) return () => value;
  if ('count' in value) {
    setting.object(['count']);
    const counter = setting.at('count').text();
    return (scope) => scope.count(counter);
  }
  if ('from' in value) return compileConversion(setting);
  const fields = setting.entries().map(([key, field]) => [key, compileValue(field)] as const);
  return (scope) => Object.fromEntries(fields.map(([key, field]) => [key, field(scope)]));
}

/** Compiles a text. One of several references that names nothing makes the whole text absent. */
export function compileText(text: string): Value {
  const whole = wholeReference.exec(text)?.[1];
  if (whole !== undefined) return (scope) => lookUp(whole, scope);
  if (!text.includes('${')) return () => text;
  return (scope) => {
    let absent = false;
    const filled = text.replace(reference, (_, path: string) => {
      const value = lookUp(path, scope);
      absent ||= value === undefined || value === null;
      return typeof value === 'object' ? JSON.stringify(value) : String(value);
    });
    return absent ? undefined : filled;
  };
}

type Step = (value: unknown, fail: (reason: string) => void, scope: Scope) => unknown;

function compileConversion(setting: Setting): Value {
  setting.object(steps);
  const from = setting.at('from').text();
  const take = from.includes('${') ? compileText(from) : compileText(`\${${from}}`);
  const fallback = setting.at('default').present ? compileValue(setting.at('default')) : undefined;
  const conversions = compileSteps(setting);
  return (scope) => {
    const taken = take(scope) ?? fallback?.(scope);
    if (taken === undefined || taken === null) return undefined;
    return conversions.reduce<unknown>((value, step) => step(value, scope.fail, scope), taken);
  };
}

/** The steps in the order in which they are applied, whatever the order of the keys. */
function compileSteps(setting: Setting): Step[] {
  const conversions: Step[] = [];
  const map = setting.at('map');
  if (setting.at('matches').present) {
    const pattern = setting.at('matches').pattern();
    conversions.push((value) => pattern.test(String(value)));
  }
  if (map.present) {
    const table = map.object();
    const fallback = setting.at('default').value;
    conversions.push((value) => (Object.hasOwn(table, String(value)) ? table[String(value)] : (fallback ?? value)));
  }
  if (setting.at('time').flag(false)) conversions.push(toTime);
  if (setting.at('number').flag(false)) conversions.push(numberOf);
  const plus = setting.at('plus');
  if (plus.present) {
    const addend = compileText(`\${${plus.text()}}`);
    conversions.push((value, _, scope) => addNumber(value, addend(scope)));
  }
  if (setting.at('shift').present) {
    const places = setting.at('shift').wholeNumber();
    conversions.push((value) => shiftAmount(value, places));
  }
  if (setting.at('negate').flag(false)) conversions.push((value) => convertAmount(value, negate));
  return conversions;
}

/** ISO 8601, or milliseconds, to milliseconds since the epoch. The decoder takes anything as "no time", so a fault is named here. */
const toTime: Step = (value, fail) => {
  const time = typeof value === 'number' ? value : Date.parse(String(value));
  if (Number.isFinite(time)) return time;
  fail(`expected a time such as "2026-05-30T22:03:16.123Z", got ${JSON.stringify(value)}`);
  return undefined;
};

function numberOf(value: unknown): unknown {
  return typeof value === 'string' && value.trim() !== '' && Number.isFinite(Number(value)) ? Number(value) : value;
}

/** Adds what another path holds, such as a duration to the time at which it began; what is no number adds nothing. */
function addNumber(value: unknown, addend: unknown): unknown {
  const number = numberOf(addend);
  return typeof value === 'number' && typeof number === 'number' ? value + number : value;
}

/** Moves the decimal point of an amount, exactly: −18 makes `1000000000000000000` to `1`. */
export function shiftAmount(value: unknown, places: number): unknown {
  return convertAmount(value, ({ units, scale }) =>
    places > scale ? { units: units * 10n ** BigInt(places - scale), scale: 0 } : { units, scale: scale - places },
  );
}

/** What is no exact amount, such as a number that may have lost digits, goes on as it is: the decoder has the sentence for it. */
function convertAmount(value: unknown, convert: (amount: Amount) => Amount): unknown {
  const exact = typeof value === 'string' || Number.isSafeInteger(value);
  const amount = exact ? parseAmount(String(value)) : undefined;
  return amount ? formatAmount(convert(amount)) : value;
}
