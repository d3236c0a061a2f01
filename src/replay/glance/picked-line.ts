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

/** Lines of two looks, each once. */
export function joined(evidence: readonly PickedLine[], leaps: readonly PickedLine[]): readonly PickedLine[] {
  const keyOf = ({ lane, place }: Picked) => `${lane.number} ${place}`;
  const lines = new Map(leaps.map((line) => [keyOf(line), line]));
  for (const line of evidence) lines.set(keyOf(line), { ...line, leaps: lines.get(keyOf(line))?.leaps ?? [] });
  return [...lines.values()];
}

/** What happened before something else stands before it: whoever knows all that another one does, and the other one, too, knows more. */
export function inCausalOrder(picked: readonly PickedEvent[]): readonly PickedEvent[] {
  const known = ({ clock }: Picked) => clock.reduce((sum, place) => sum + place, 0);
  return picked.toSorted((left, right) => known(left) - known(right) || left.lane.number - right.lane.number);
}
