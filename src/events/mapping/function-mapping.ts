import type { EventName } from '../event.ts';
import type { Mapped, Mapping, Subject } from './mapping.ts';

/** What a mapping function is shown: a line as it stands, its record where the format has any, and the file's path inside the run. */
export interface MappedLine extends Subject {
  readonly path: string;
}

/** A record of the contract, to be decoded as a line would be. Without `device` and `seq` it gets the file's device and its place. */
export type EventRecord = { readonly type: EventName; readonly [field: string]: unknown };

/** The events that a line stands for: `[]` for none, `undefined` to leave the line to the mappings after it and to the reader. */
export type MappingFunction = (line: MappedLine) => EventRecord | readonly EventRecord[] | undefined;

/** A mapping by code instead of rules; it applies to every file. What the function throws is a problem of its line. */
export function mappingOf(name: string, map: MappingFunction): Mapping {
  let matched = 0;
  const apply = (line: MappedLine): Mapped[] => {
    try {
      const records = map(line);
      if (records === undefined) return [];
      matched += 1;
      return [{ rule: name, records: [records].flat(), problems: [], also: false }];
    } catch (error) {
      return [{ rule: name, records: [], problems: [(error as Error).message], also: false }];
    }
  };
  return {
    forFile: (path) => ({ defaults: {}, amountShift: 0, apply: (subject) => apply({ ...subject, path }) }),
    uses: () => [{ mapping: name, rule: name, matched }],
  };
}
