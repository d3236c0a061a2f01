import { type EventDefaults, eventHeader } from '../../decode.ts';
import type { LoggedEvent, SourceFile } from '../../event.ts';
import { ordinal } from '../../field.ts';
import { byte, skipBlanks } from './bytes.ts';
import { behindMember, type Cursor, intoMembers, newCursor, pointAt } from './cursor.ts';
import { type EventPlan, header, lineKeys, plans, untyped } from './event-plan.ts';
import { Members } from './members.ts';
import type { Place, ReadLine } from './pattern.ts';
import { Template } from './template.ts';
import { Templates } from './templates.ts';
import { Words } from './words.ts';

const { carriageReturn, newline, objectEnd, objectStart } = byte;

/** After so many refusals in a row, such as in somebody else's log, lines are refused unseen for a while. */
const patience = 32;
const longestRest = 1024;

/** What lines may say, laid out once for all logs. */
const keys = new Words(lineKeys);

/** A line of more members is not learned from. */
const mostMembers = 64;

/** What is learned of lines that were read member by member. */
interface Learner {
  read(cursor: Cursor): Template | undefined;
  learn(line: ReadLine): void;
}

/**
 * The fast lane: a line's bytes become an event without a string of the line and without JSON.parse. What is not plainly a
 * line of the contract is refused, and is then for the slow lane; what is not refused is the event that the slow lane makes.
 */
export class LineScanner {
  readonly #file: SourceFile;
  readonly #device: string | undefined;
  readonly #identity: string;
  readonly #incarnation: number | undefined;
  readonly #run: string | undefined;
  readonly #members = new Members(keys);
  readonly #templates: Learner;
  /** The members of the line that was read member by member. */
  #places: readonly Place[] = [];
  readonly #cursor: Cursor = newCursor();
  /** How many lines in a row were refused, and how many more are refused without a look. */
  #refused = 0;
  #rest = 0;

  /** `templates`: what the lines that are read member by member teach; by which a line is read first. */
  constructor(
    file: SourceFile,
    { device, identity, incarnation, run }: EventDefaults,
    templates: Learner = new Templates((line, varies) => new Template(line, varies)),
  ) {
    this.#file = file;
    this.#templates = templates;
    this.#device = device === '' ? undefined : device;
    this.#identity = identity ?? '';
    this.#incarnation = ordinal.parse(incarnation ?? 1);
    this.#run = run;
  }

  /** Takes whole lines, the last with its line end. They must be UTF-8. */
  begin(bytes: Buffer): void {
    pointAt(this.#cursor, bytes);
  }

  /** Where the next line begins, after one that was not refused. */
  get next(): number {
    return this.#cursor.at;
  }

  /** The event on the line that begins here; `undefined` where the line is refused. */
  read(start: number, line: number): LoggedEvent | undefined {
    if (this.#rest > 0) {
      this.#rest -= 1;
      return undefined;
    }
    const event = this.#read(start, line);
    if (event) this.#refused = 0;
    else if (++this.#refused >= patience) this.#rest = Math.min(this.#refused, longestRest);
    return event;
  }

  #read(start: number, line: number): LoggedEvent | undefined {
    const cursor = this.#cursor;
    cursor.at = start;
    cursor.numericAmount = false;
    cursor.strange = false;
    const template = this.#templates.read(cursor);
    if (template) return this.#event(template.plan, template.values, line);
    cursor.at = start;
    cursor.numericAmount = false;
    cursor.strange = false;
    const plan = this.#readMembers();
    const { values } = this.#members;
    const event = plan && this.#event(plan, values, line);
    if (event && this.#places.length <= mostMembers) {
      const { at, numericAmount, strange } = cursor;
      const members = this.#places.map(({ key, from, to }) => ({ key, from: from - start, to: to - start }));
      // A copy: the block that they stand in is used again for what follows.
      const bytes = new Uint8Array(cursor.bytes.subarray(start, at));
      this.#templates.learn({ plan, bytes, members, values, numericAmount, strange });
    }
    return event;
  }

  /** Reads a line member by member. */
  #readMembers(): EventPlan | undefined {
    const cursor = this.#cursor;
    const members = this.#members;
    const places: Place[] = [];
    let plan: EventPlan | undefined;
    members.begin();
    this.#places = places;
    let next = intoMembers(cursor, objectStart, objectEnd);
    while (next === 'more') {
      if (!members.read(cursor, plan?.members ?? untyped)) return undefined;
      if (places.length <= mostMembers) places.push({ key: members.key, from: members.from, to: cursor.at });
      const type = members.values[header.type];
      if (type !== undefined) plan = plans[type as number];
      next = behindMember(cursor, objectEnd);
    }
    // Of a number with a fraction the reader of texts sees that digits were lost, by looking for it in the whole line.
    if (cursor.numericAmount && cursor.strange) return undefined;
    return next === 'end' && members.values[header.v] === 1 && this.#stepOverLineEnd() ? plan : undefined;
  }

  #event(
    { type, needsOperation, fields }: EventPlan,
    values: readonly unknown[],
    line: number,
  ): LoggedEvent | undefined {
    const device = values[header.device] ?? this.#device;
    const incarnation = values[header.incarnation] ?? this.#incarnation;
    const seq = values[header.seq];
    const opId = values[header.opId];
    if (device === undefined || incarnation === undefined || seq === undefined) return undefined;
    if (needsOperation && opId === undefined) return undefined;
    const event = eventHeader(
      type,
      device as string,
      (values[header.identity] ?? this.#identity) as string,
      incarnation as number,
      seq as number,
      (values[header.time] ?? null) as number | null,
      opId as string | undefined,
      (values[header.run] ?? this.#run) as string | undefined,
      values[header.mono] as number | undefined,
      this.#file,
      line,
      undefined,
    ) as unknown as Record<string, unknown>;
    for (let index = 0; index < fields.length; index += 1) {
      const { name, key, optional } = fields[index] as EventPlan['fields'][number];
      const value = values[key];
      if (value === undefined && !optional) return undefined;
      event[name] = value;
    }
    return event as unknown as LoggedEvent;
  }

  /** Steps over the line end, if nothing else stands before it. */
  #stepOverLineEnd(): boolean {
    const cursor = this.#cursor;
    let at = skipBlanks(cursor.bytes, cursor.at);
    if (cursor.bytes[at] === carriageReturn) at += 1;
    cursor.at = at + 1;
    return cursor.bytes[at] === newline;
  }
}
