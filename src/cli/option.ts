import type { Options } from 'yargs';
import { ReplayError } from '../base/errors.ts';
import { suggestion } from './suggest.ts';

/** A flag of a command: how yargs reads it, and the type of what the command gets. */
export interface Option<Value = unknown> {
  readonly spec: Options;
  /**
   * What it may be set to, by the other words of the command line; asked only where it is given or completed, so that it
   * may cost an import.
   */
  readonly choices?: Choices | undefined;
  /** From what yargs read. Throws a `ReplayError` that names the flag. */
  readonly parse: (given: unknown, flag: string, choices: readonly string[] | undefined) => Value;
}

/** What a command gets for its options, by their names. */
export type ValuesOf<Options extends Readonly<Record<string, Option>>> = {
  readonly [Name in keyof Options]: Options[Name] extends Option<infer Value> ? Value : never;
};

/** The words of a command line by flag, as yargs read them. */
export type GivenWords = Readonly<Record<string, unknown>>;

type Choices = (words: GivenWords) => Promise<readonly string[]>;

/** A flag that is there or not. */
export function flag(describe: string, alias?: string): Option<boolean> {
  return { spec: { type: 'boolean', describe, ...(alias && { alias }) }, parse: (given) => given === true };
}

/** A flag that holds unless `--no-…` says otherwise. */
export function unlessNegated(describe: string): Option<boolean> {
  return { spec: { type: 'boolean', describe, defaultDescription: 'true' }, parse: (given) => given !== false };
}

/** A word; `undefined` where it is not given. */
export function word(describe: string, choices?: Choices): Option<string | undefined> {
  return {
    spec: { type: 'string', describe },
    choices,
    parse: (given, name, known) => (given === undefined ? undefined : chosen(single(given, name), name, known)),
  };
}

/** Any number of words: the flag repeated, or commas between them. */
export function words(describe: string, choices?: Choices): Option<readonly string[] | undefined> {
  return {
    spec: { type: 'string', array: true, describe },
    choices,
    parse(given, name, known) {
      if (given === undefined) return undefined;
      const parts = [given].flat().flatMap((part) => String(part).split(','));
      const named = parts.map((part) => part.trim()).filter((part) => part !== '');
      if (named.length === 0) throw new ReplayError(`${name}: needs a value`);
      return named.map((value) => chosen(value, name, known));
    },
  };
}

/** Any number of paths: the flag repeated. A comma is a part of its path. */
export function paths(describe: string): Option<readonly string[] | undefined> {
  return {
    spec: { type: 'string', array: true, describe },
    parse(given, name) {
      if (given === undefined) return undefined;
      const named = [given].flat().map(String);
      if (named.length === 0 || named.includes('')) throw new ReplayError(`${name}: needs a value`);
      return named;
    },
  };
}

/** A path; `false` for `--no-…`. */
export function pathOrNone(describe: string): Option<string | false | undefined> {
  return {
    spec: { type: 'string', describe },
    parse: (given, name) => (given === undefined || given === false ? given : single(given, name)),
  };
}

/** One of a few words that are known beforehand; `fallback` where the flag is absent, `negated` for `--no-…`. */
export function oneOf<const Word extends string>(
  describe: string,
  known: readonly Word[],
  { fallback, negated }: { readonly fallback: Word; readonly negated: Word },
): Option<Word> {
  return {
    spec: { type: 'string', describe, defaultDescription: fallback },
    choices: async () => known,
    parse(given, name) {
      if (given === undefined) return fallback;
      if (given === false) return negated;
      const value = chosen(single(given, name), name, known);
      return known.find((candidate) => candidate === value) ?? fallback;
    },
  };
}

/** A whole number from `least` up; `bare` is what the flag means without a number. */
export function count(
  describe: string,
  { least, bare, usual }: { readonly least: number; readonly bare?: number; readonly usual?: string },
): Option<number | undefined> {
  return {
    spec: { type: 'string', describe, ...(usual && { defaultDescription: usual }) },
    parse(given, name) {
      if (given === undefined) return undefined;
      if (given === '' && bare !== undefined) return bare;
      const value = single(given, name);
      if (/^\d{1,15}$/.test(value) && Number(value) >= least) return Number(value);
      throw new ReplayError(
        `${name}: expected a whole number from ${least} up, got ${value}`,
        bare === undefined ? undefined : `without a number, put ${name} last, or write ${name}=${bare}`,
      );
    },
  };
}

/** Reads the value of the option with this key and holds it against its choices. */
export async function parseOption<Value>(option: Option<Value>, key: string, words: GivenWords): Promise<Value> {
  const given = words[key];
  return option.parse(given, `--${key}`, given === undefined ? undefined : await option.choices?.(words));
}

function chosen(value: string, name: string, known: readonly string[] | undefined): string {
  if (known === undefined || known.includes(value)) return value;
  throw new ReplayError(`${name}: no such choice: ${value}`, suggestion(value, known, 'choices'));
}

function single(given: unknown, name: string): string {
  if (Array.isArray(given)) throw new ReplayError(`${name}: given ${given.length} times`, 'give it once');
  if (given === '' || typeof given !== 'string') throw new ReplayError(`${name}: needs a value`);
  return given;
}
