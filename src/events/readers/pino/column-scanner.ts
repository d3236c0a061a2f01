import type { ColumnWriter } from '../../columns/column-writer.ts';
import { cell } from '../../columns/wants.ts';
import type { EventDefaults } from '../../decode.ts';
import type { SourceFile } from '../../event.ts';
import { ColumnTemplate } from './column-template.ts';
import { type Cursor, newCursor, pointAt } from './cursor.ts';
import type { Kernel } from './kernel/kernel.ts';
import type { Program } from './kernel/program.ts';
import { LineScanner } from './line-scanner.ts';
import { type Stem, Templates } from './templates.ts';

/** So many lines are read before the kernel is told what was learned: of a new file each of the first lines teaches something. */
const patience = 16;

/**
 * The fast lane into columns: a line that agrees with a template becomes a row, and no object is made of it. The kernel reads as many as it can,
 * and what it refuses the template reads itself, where there is one. Every other line is read by the scanner of events, from which the templates are learned.
 */
export class ColumnScanner {
  readonly #writer: ColumnWriter;
  readonly #events: LineScanner;
  readonly #templates: Templates<ColumnTemplate>;
  readonly #cursor: Cursor = newCursor();
  readonly #kernel: Kernel | undefined;
  /** The kernel's program, the stems of which it is, and how many lines were refused since others were learned. */
  #program: Program | undefined;
  #stems: readonly Stem<ColumnTemplate>[] = [];
  #refused = 0;
  #next = 0;

  constructor(file: SourceFile, stated: EventDefaults, writer: ColumnWriter, kernel: Kernel | undefined) {
    this.#writer = writer;
    this.#kernel = kernel;
    this.#templates = new Templates((line, varies) => ColumnTemplate.of(line, varies, stated, writer));
    this.#events = new LineScanner(file, stated, {
      read: () => undefined,
      learn: (line) => this.#templates.learn(line),
    });
  }

  /** Takes whole lines, the last with its line end. They must be UTF-8. */
  begin(bytes: Buffer): void {
    pointAt(this.#cursor, bytes);
    this.#events.begin(bytes);
  }

  /** Where the next line begins, after one that was not refused. */
  get next(): number {
    return this.#next;
  }

  /** Writes the rows of the line that begins here and of lines behind it. Returns how many lines were taken; 0 where the first is refused. */
  read(start: number, line: number): number {
    return this.#readMany(start, line) || Number(this.#readOne(start, line));
  }

  #readMany(start: number, line: number): number {
    const { stems } = this.#templates;
    if (stems !== this.#stems && ++this.#refused > patience) {
      this.#stems = stems;
      this.#refused = 0;
      this.#program = this.#kernel?.programOf(stems);
    }
    if (this.#kernel === undefined || this.#program === undefined) return 0;
    const taken = this.#kernel.read(this.#program, this.#cursor.bytes, start, line, this.#writer);
    if (taken > 0) this.#next = this.#kernel.next;
    return taken;
  }

  #readOne(start: number, line: number): boolean {
    const cursor = this.#cursor;
    const writer = this.#writer;
    cursor.at = start;
    cursor.numericAmount = false;
    cursor.strange = false;
    const { next } = writer;
    if (this.#templates.read(cursor)) {
      writer.cells[writer.rows * writer.plan.width + cell.line] = line;
      writer.rows += 1;
      this.#next = cursor.at;
      return true;
    }
    // What was stored of a line that did not agree to its end is forgotten.
    writer.next = next;
    const event = this.#events.read(start, line);
    if (event === undefined) return false;
    writer.event(event);
    this.#next = this.#events.next;
    return true;
  }
}
