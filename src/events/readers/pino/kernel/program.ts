import type { Field, Fields, Form } from '../../../field.ts';
import { into, type Slot, way } from '../column-slots.ts';
import type { ColumnTemplate } from '../column-template.ts';
import { stepOverAny } from '../pattern.ts';
import { readNumber, stepOver } from '../scalars.ts';
import type { Stem } from '../templates.ts';

/** Templates as the kernel finds them in its memory. */
export type Program = Uint8Array;

/** How the kernel reads a slot, by its own numbers. */
const reading = {
  text: 0,
  amount: 1,
  whole: 2,
  string: 3,
  word: 4,
  flag: 5,
  keptNumber: 6,
  number: 7,
  time: 8,
  anything: 9,
  list: 10,
  object: 11,
} as const;

/** A slot as the kernel knows it. */
interface KernelSlot {
  readonly way: number;
  readonly cell: number;
  readonly least: number;
  readonly words?: readonly string[];
  readonly members?: readonly (readonly [key: string, slot: KernelSlot])[];
  readonly item?: KernelSlot;
}

/** The cell of what goes into none; and of what is put down in the words instead. */
const nowhere = -1;
const inWords = 0;
/** How many bytes a text takes at most, with what is copied behind its end. */
const textRoom = 288;
/** The registers of the kernel are so wide. */
const register = 16;
/** Where the stems begin, and how many bytes each has. */
const stemsAt = 16;
const stemBytes = 20;

/**
 * The program of a file's templates, for memory that begins at `base` and has so many bytes. What the kernel knows no way to read is left out:
 * such lines it refuses. `undefined` where there is not enough room.
 */
export function programOf(stems: readonly Stem<ColumnTemplate>[], base: number, bytes: number): Program | undefined {
  const assembler = new Assembler(base, bytes, stemsAt + stems.length * stemBytes);
  const heads = stems.flatMap((stem) => assembler.stem(stem) ?? []);
  assembler.begin([heads.length / (stemBytes / 4), 0, 0, 0, ...heads]);
  return assembler.program;
}

/** A slot as the kernel knows it; `undefined` where it knows none such. */
function kernelSlot({ into: where, cell: own, way: how, least, form, read }: Slot): KernelSlot | undefined {
  if (where === into.time) return { way: reading.time, cell: nowhere, least: 0 };
  if (where !== into.cell && where !== into.nothing) return undefined;
  const cell = where === into.cell ? own : nowhere;
  if (how === way.hop) return { way: reading.string, cell, least };
  if (how === way.whole) return { way: reading.whole, cell, least };
  if (form) return form.kind === 'list' ? listSlot(form.item, cell) : scalarSlot(form, cell);
  if (read === readNumber) return { way: reading.number, cell, least: 0 };
  return read === stepOver || read === stepOverAny ? { way: reading.anything, cell, least: 0 } : undefined;
}

function scalarSlot(form: Form, cell: number): KernelSlot | undefined {
  switch (form.kind) {
    case 'string':
      return { way: reading.text, cell, least: 0 };
    case 'amount':
      return { way: reading.amount, cell, least: 0 };
    case 'whole':
      return { way: reading.whole, cell, least: form.least };
    case 'words':
      return { way: reading.word, cell, least: 0, words: form.words };
    case 'flag':
      return { way: reading.flag, cell, least: 0 };
    case 'number':
      return { way: cell === nowhere ? reading.number : reading.keptNumber, cell, least: 0 };
    case 'list':
    case 'shape':
    case 'table':
      return undefined;
  }
}

/** A list of what is no list itself. */
function listSlot({ form }: Field<unknown, never>, cell: number): KernelSlot | undefined {
  if (form === undefined) return undefined;
  const item = form.kind === 'shape' ? objectSlot(form.fields) : scalarSlot(form, inWords);
  return item && { way: reading.list, cell, least: 0, item };
}

function objectSlot(fields: Fields): KernelSlot | undefined {
  const members: [string, KernelSlot][] = [];
  let required = 0;
  for (const [key, { form, optional }] of Object.entries(fields)) {
    const slot = form && scalarSlot(form, inWords);
    if (slot === undefined) return undefined;
    if (!optional) required |= 1 << members.length;
    members.push([key, slot]);
  }
  return { way: reading.object, cell: nowhere, least: required, members };
}

/** Writes a program: whatever is referred to before what refers to it. The order of numbers is that of the fields in `assembly/memory.ts`. */
class Assembler {
  readonly #base: number;
  readonly #most: number;
  readonly #literals = new Map<string, number>();
  #bytes = Buffer.alloc(16 * 1024);
  #end: number;

  /** `most`: how many bytes there may be; `head`: how many of them stand at the beginning, and are written last. */
  constructor(base: number, most: number, head: number) {
    this.#base = base;
    this.#most = most;
    this.#end = aligned(head);
  }

  get program(): Program | undefined {
    return this.#end > this.#most ? undefined : this.#bytes.subarray(0, this.#end);
  }

  begin(head: readonly number[]): void {
    for (const [index, each] of head.entries()) this.#bytes.writeInt32LE(each, index * 4);
  }

  /** The numbers of a stem; `undefined` where the kernel cannot read how its lines begin. */
  stem({ of, told, byWord }: Stem<ColumnTemplate>): readonly number[] | undefined {
    const slot = kernelSlot(of.slots[0] as Slot);
    if (slot === undefined) return undefined;
    const first = this.#slot(slot);
    const candidates = [...byWord].flatMap(([word, templates]) =>
      templates.flatMap((template) => {
        const at = this.#template(template, first);
        return at === undefined ? [] : [word, at];
      }),
    );
    const [begins] = of.literals;
    return [this.#literal(begins?.bytes), first, told, candidates.length / 2, this.#integers(candidates)];
  }

  #template({ literals, slots, common }: ColumnTemplate, first: number): number | undefined {
    const [, ...others] = slots.map(kernelSlot);
    if (common === undefined || others.includes(undefined)) return undefined;
    const pieces = literals.slice(1).flatMap(({ bytes }, index) => {
      const slot = others[index];
      return [this.#literal(bytes), slot ? this.#slot(slot) : 0];
    });
    const timed = slots.some(({ into: where }) => where === into.time);
    const row = this.#integers(common.row);
    const at = this.#integers([
      row,
      Number(timed),
      pieces.length / 2,
      this.#integers(pieces),
      first,
      slots.length * textRoom,
    ]);
    this.#bytes.writeDoubleLE(common.time, at - this.#base + 24);
    return at;
  }

  #slot({ way: by, cell, least, words, members, item }: KernelSlot): number {
    const parts =
      words?.map((word) => this.#literal(Buffer.from(`"${word}"`))) ??
      members?.flatMap(([key, slot]) => [this.#literal(Buffer.from(`"${key}":`)), this.#slot(slot)]);
    const at = item ? this.#slot(item) : this.#integers(parts ?? []);
    return this.#integers([by, cell, least, words?.length ?? members?.length ?? 0, at]);
  }

  #literal(bytes: Uint8Array = Buffer.alloc(0)): number {
    const text = Buffer.from(bytes).toString('latin1');
    const known = this.#literals.get(text);
    if (known !== undefined) return known;
    const mask = Buffer.alloc(register).fill(0xff, 0, Math.min(bytes.length, register));
    const at = this.#integers([bytes.length, this.#put(mask), this.#put(bytes)]);
    this.#literals.set(text, at);
    return at;
  }

  /** Behind the last one, zeros follow up to a full register, so that a row can be copied by registers. */
  #integers(numbers: ArrayLike<number>): number {
    const bytes = Buffer.alloc(numbers.length * 4 + register);
    for (let index = 0; index < numbers.length; index += 1) bytes.writeInt32LE(numbers[index] as number, index * 4);
    return this.#put(bytes);
  }

  #put(bytes: Uint8Array): number {
    const at = this.#end;
    this.#end = aligned(at + bytes.length);
    if (this.#end > this.#bytes.length) this.#bytes = Buffer.concat([this.#bytes], this.#end * 2);
    this.#bytes.set(bytes, at);
    return this.#base + at;
  }
}

function aligned(bytes: number): number {
  return Math.ceil(bytes / register) * register;
}
