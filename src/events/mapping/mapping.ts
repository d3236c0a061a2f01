import type { EventDefaults } from '../decode.ts';

/** What a rule looks at: a line as it stands and, where the format has records, the record behind it. */
export interface Subject {
  readonly line: string;
  readonly record?: Readonly<Record<string, unknown>> | undefined;
}

/** What a mapping made of a line: records of the contract, still to be decoded. */
export interface Mapped {
  readonly rule: string;
  readonly records: readonly Readonly<Record<string, unknown>>[];
  /** Values that could not be converted, each with the path of its field. */
  readonly problems: readonly string[];
  /** Whether the reader's own interpretation of the line is used as well. */
  readonly also: boolean;
}

/** A mapping as it applies to one file. It counts within that file, so that the order in which files are read does not matter. */
export interface FileMapping {
  readonly defaults: EventDefaults;
  /** Moves the decimal point of amounts that a reader finds in smallest units by itself; 0 leaves them. */
  readonly amountShift: number;
  /** What the rules make of a line: an empty list where none names it. Several only by way of `also`. */
  apply(subject: Subject): readonly Mapped[];
}

/** How often a rule matched. A rule that never did is probably a mistake. */
export interface RuleUse {
  readonly mapping: string;
  readonly rule: string;
  readonly matched: number;
}

/** A user's mapping of foreign lines to events of the contract, checked and compiled. */
export interface Mapping {
  /** What the mapping says about a file; `undefined` where it does not apply to it. */
  forFile(path: string): FileMapping | undefined;
  /** How often each rule matched in all the files read so far, in the order of the rules. */
  uses(): readonly RuleUse[];
}

/** Several mappings as one: on a file, the rules of those that apply to it are asked in the order given. */
export function joinMappings(mappings: readonly Mapping[]): Mapping {
  return {
    forFile(path) {
      const parts = mappings.map((mapping) => mapping.forFile(path)).filter((part) => part !== undefined);
      return parts.length < 2 ? parts[0] : joinFileMappings(parts);
    },
    uses: () => mappings.flatMap((mapping) => mapping.uses()),
  };
}

function joinFileMappings(parts: readonly FileMapping[]): FileMapping {
  const stated = (defaults: EventDefaults) => Object.entries(defaults).filter(([, value]) => value !== undefined);
  return {
    defaults: Object.fromEntries(parts.toReversed().flatMap((part) => stated(part.defaults))),
    amountShift: parts.find((part) => part.amountShift !== 0)?.amountShift ?? 0,
    apply(subject) {
      const mapped: Mapped[] = [];
      for (const part of parts) {
        mapped.push(...part.apply(subject));
        if (mapped.length > 0 && !mapped.at(-1)?.also) break;
      }
      return mapped;
    },
  };
}
