import type { ColumnBatch } from '../../events/columns/column-batch.ts';
import { cell } from '../../events/columns/wants.ts';
import type { LoggedEvent, SourceFile } from '../../events/event.ts';
import type { Place } from '../../events/reader.ts';
import type { GlanceLane } from './glance-lane.ts';
import { nearOf } from './walk.ts';

/** A line that bears on what a glance left open, and where it stands in happens-before. */
interface Picked {
  readonly lane: GlanceLane;
  /** Its place in the order of its lane, from 1. */
  readonly place: number;
  readonly clock: readonly number[];
  /** Up to which effect of which origins it is the first line that claims what had not come. */
  readonly leaps: readonly { readonly origin: GlanceLane; readonly originSeq: number }[];
  /** Whether it is evidence of what is open. */
  readonly isEvidence: boolean;
}

/** One that is still to be read as an event. */
export interface PickedLine extends Picked {
  readonly file: SourceFile;
  /** A place in the file before it, and near. */
  readonly near: Place;
  readonly line: number;
  readonly incarnation: number;
  readonly seq: number;
}

/** One with its event. */
export interface PickedEvent extends Picked {
  readonly event: LoggedEvent;
}

/** A line of a batch whose row begins at a cell. */
export function pickedLine(batch: ColumnBatch, base: number, picked: Picked): PickedLine {
  const { cells, file, lineOffset } = batch;
  return {
    ...picked,
    ...{ file, near: nearOf(batch), line: lineOffset + (cells[base + cell.line] as number) },
    ...{ incarnation: cells[base + cell.incarnation] as number, seq: cells[base + cell.seq] as number },
  };
}

/** Lines of several looks, each once, as the last look has it that knows it. */
export function joined(...looks: readonly (readonly PickedLine[])[]): readonly PickedLine[] {
  const lines = new Map<string, PickedLine>();
  for (const line of looks.flat()) {
    const key = `${line.lane.number} ${line.place}`;
    const { leaps = [], isEvidence = false } = lines.get(key) ?? {};
    lines.set(key, { ...line, leaps: [...leaps, ...line.leaps], isEvidence: isEvidence || line.isEvidence });
  }
  return [...lines.values()];
}

/** What happened before something else stands before it: whoever knows all that another one does, and the other one, too, knows more. */
export function inCausalOrder(picked: readonly PickedEvent[]): readonly PickedEvent[] {
  const known = ({ clock }: Picked) => clock.reduce((sum, place) => sum + place, 0);
  return picked.toSorted((left, right) => known(left) - known(right) || left.lane.number - right.lane.number);
}
