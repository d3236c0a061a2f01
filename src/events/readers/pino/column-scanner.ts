import type { ColumnWriter } from '../../columns/column-writer.ts';
import { cell } from '../../columns/wants.ts';
import type { EventDefaults } from '../../decode.ts';
import type { SourceFile } from '../../event.ts';
import { ColumnTemplate } from './column-template.ts';
import { type Cursor, newCursor, pointAt } from './cursor.ts';
import { LineScanner } from './line-scanner.ts';
import { Templates } from './templates.ts';

/**
 * The fast lane into columns: a line that agrees with a template becomes a row, and no object is made of it. Every other line is
 * read by the scanner of events, from which the templates are learned.
 */
export class ColumnScanner {
  readonly #writer: ColumnWriter;
  readonly #events: LineScanner;
  readonly #templates: Templates<ColumnTemplate>;
  readonly #cursor: Cursor = newCursor();
  #next = 0;

  constructor(file: SourceFile, stated: EventDefaults, writer: ColumnWriter) {
    this.#writer = writer;
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

  /** Writes the row of the line that begins here. False where the line is refused. */
  read(start: number, line: number): boolean {
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
