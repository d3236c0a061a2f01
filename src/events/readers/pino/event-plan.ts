import { type Decoder, decoders } from '../../decode.ts';
import { type Member, stranger } from './members.ts';
import { readNumber, readString, readText, stepOver, wholeReader, wordIndexReader } from './scalars.ts';
import { memberOf, refuse } from './value-reader.ts';

/** How a line of one event type is read: made of the type's definition, and of nothing else. */
export interface EventPlan {
  readonly type: string;
  readonly needsOperation: boolean;
  /** How each key of a line is read, by its index. */
  readonly members: readonly Member[];
  /** The type's own fields in their order, each with the index of its key. */
  readonly fields: readonly { readonly name: string; readonly key: number; readonly optional: boolean }[];
}

/** The keys of a header, by their index in a line. */
export const header = {
  v: 0,
  type: 1,
  device: 2,
  identity: 3,
  incarnation: 4,
  seq: 5,
  time: 6,
  opId: 7,
  run: 8,
  mono: 9,
} as const;

const types = [...decoders.values()];

const headerMembers: Readonly<Record<keyof typeof header, Member>> = {
  v: { reader: wholeReader(1), nullable: false },
  type: { reader: wordIndexReader(types.map(({ name }) => name)), nullable: false },
  device: { reader: readText, nullable: true },
  identity: { reader: readString, nullable: true },
  incarnation: { reader: wholeReader(1), nullable: true },
  seq: { reader: wholeReader(1), nullable: false },
  time: { reader: readNumber, nullable: true },
  opId: { reader: readString, nullable: true },
  run: { reader: readString, nullable: true },
  mono: { reader: readNumber, nullable: true },
};

/** What pino itself puts on a line, and nobody reads. */
const pinoKeys = ['level', 'pid', 'hostname', 'msg'];

const refused: Member = { reader: refuse, nullable: false };

/** Every key that is known, those of the header first. */
export const lineKeys: readonly string[] = [
  ...new Set([...Object.keys(header), ...pinoKeys, ...types.flatMap(({ shape }) => Object.keys(shape))]),
];

/** How a line is read up to its type: what may turn out to be one of its fields is not known yet. */
export const untyped: readonly Member[] = lineKeys.map((key) => commonMember(key) ?? refused);

/** The plans of all event types, in the order of the family: what the reader of `type` returns is an index here. */
export const plans: readonly EventPlan[] = types.map(planOf);

function planOf({ name: type, needsOperation, fields }: Decoder): EventPlan {
  const own = new Map(fields);
  return {
    type,
    needsOperation,
    members: lineKeys.map((key) => {
      const field = own.get(key);
      const member = commonMember(key);
      // A field of a name that every line has, too, would be read twice.
      if (field && member) return refused;
      return member ?? (field ? memberOf(field) : stranger);
    }),
    fields: fields.map(([name, { optional }]) => ({ name, key: lineKeys.indexOf(name), optional })),
  };
}

/** The member of a key that stands on lines of every type. */
function commonMember(key: string): Member | undefined {
  if (pinoKeys.includes(key)) return { reader: stepOver, nullable: false };
  return Object.hasOwn(header, key) ? headerMembers[key as keyof typeof header] : undefined;
}
