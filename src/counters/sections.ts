import { byText, sortedEntries } from '../base/order.ts';
import { coveredLength } from '../replay/counters/coverage.ts';
import { piecesOf, type Scale } from '../replay/counters/scale.ts';
import type { SectionTime, SectionTimes } from '../replay/counters/section-time.ts';
import {
  type Extent,
  extentOf,
  type Process,
  type SectionStart,
  type Timeline,
} from '../replay/projections/timeline.ts';
import type { SectionRow } from '../results-top.ts';

/** When a run was, and its sections on that line of time. All in µs. */
export interface Stage {
  readonly extent: Extent;
  /** Where sections begin; part 0 lies before the first. */
  readonly scale: Scale;
  /** The section of each part; `null` before the first. */
  readonly parts: readonly (SectionStart | null)[];
  readonly processes: readonly Process[];
}

/**
 * A run's processes and sections. Sections are of the whole run, by the clock of who tells them; a section that several devices
 * tell, one after the other, begins with the first of them.
 */
export function stageOf({ processes, sections }: Timeline): Stage {
  const all = sortedEntries(processes).flatMap(([, byIncarnation]) =>
    [...byIncarnation.values()].sort((left, right) => left.incarnation - right.incarnation),
  );
  const starts = sections
    .toSorted(
      (left, right) =>
        left.time - right.time ||
        byText(left.device, right.device) ||
        left.seq - right.seq ||
        byText(left.section, right.section),
    )
    .filter((start, index, sorted) => start.section !== sorted[index - 1]?.section);
  const extents = [
    ...all.map(extentOf).filter((extent) => extent !== null),
    ...starts.map(({ time }) => ({ from: time, to: time })),
  ];
  const extent = extents.reduce<Extent | null>(
    (whole, { from, to }) => ({ from: Math.min(whole?.from ?? from, from), to: Math.max(whole?.to ?? to, to) }),
    null,
  );
  return {
    extent: extent ?? { from: 0, to: 0 },
    scale: starts.map(({ time }) => time),
    parts: [null, ...starts],
    processes: all,
  };
}

/** For how long processes ran, in µs: all of it, or what lies in one section, or of one device. */
export function deviceTime(
  { processes, scale }: Stage,
  { part, device }: { part?: number; device?: string } = {},
): number {
  return processes
    .filter((life) => device === undefined || life.device === device)
    .reduce((sum, life) => {
      const extent = extentOf(life);
      if (!extent) return sum;
      if (part === undefined) return sum + extent.to - extent.from;
      const pieces = piecesOf(scale, extent.from, extent.to);
      return sum + (pieces.find((piece) => piece.part === part)?.length ?? 0);
    }, 0);
}

/** How much of each section is accounted for, in the order of the sections; what lies before the first only where something does. */
export function sectionRows(stage: Stage, times: SectionTimes): SectionRow[] {
  return stage.parts.flatMap((start, part) => {
    const row = sectionRow(stage, part, times.get(part));
    return start === null && stage.parts.length > 1 && row.deviceMs === 0 ? [] : [row];
  });
}

function sectionRow(stage: Stage, part: number, time: SectionTime | undefined): SectionRow {
  const { extent, scale, parts, processes } = stage;
  const [begins, ends] = [scale[part - 1] ?? extent.from, scale[part] ?? Math.max(extent.to, scale[part - 1] ?? 0)];
  const devices = [...new Set(processes.map(({ device }) => device))];
  const sums = { ran: 0, counted: 0, spans: 0, covered: 0 };
  for (const device of devices) {
    const alive = deviceTime(stage, { part, device });
    const byCounters = Math.min(alive, time?.counted.get(device) ?? 0);
    const inLogs = [...(time?.spans.get(device)?.values() ?? [])].reduce((sum, one) => sum + coveredLength(one), 0);
    const bySpans = Math.min(alive, inLogs);
    sums.ran += alive;
    sums.counted += byCounters;
    sums.spans += bySpans;
    sums.covered += Math.min(alive, byCounters + bySpans);
  }
  return {
    section: parts[part]?.section ?? null,
    title: parts[part]?.title ?? null,
    wallMs: Math.max(0, ends - begins) / 1000,
    deviceMs: sums.ran / 1000,
    spansMs: sums.spans / 1000,
    countersMs: sums.counted / 1000,
    uncountedMs: (sums.ran - sums.counted) / 1000,
    unattributedMs: (sums.ran - sums.covered) / 1000,
    straddling: time?.straddling ?? 0,
  };
}

/** The part of the scale that a group's name stands for, where groups are sections. */
export function partOfGroup(group: string): number | undefined {
  return /^\d+$/.test(group) ? Number(group) : undefined;
}
