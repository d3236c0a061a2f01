import { byText, groupBy, sortedEntries } from '../base/order.ts';
import { type Capture, captures, endOf } from '../replay/projections/captures.ts';
import { delivery } from '../replay/projections/delivery.ts';
import type { CaseFile } from './evidence/case-file.ts';
import { count, describeHole } from './evidence/wording.ts';
import { defineInvariant, type FindingDraft, type Judgement } from './invariant.ts';

/** Nothing is missing from the logs, and nothing stands in them twice. What is missing makes not checked what it could hide. */
export const logComplete = defineInvariant({
  name: 'log-complete',
  promise: 'Every line that the devices wrote is here, once, and can be read.',
  needs: [],
  uses: [captures, delivery],
  judge: (file) => judgeLines(file, [...namedBySnapshots(file), ...expectedDevices(file), ...namedByEffects(file)]),
});

/** What is missing from the lines themselves, and which of the devices that something names have none. */
export function judgeLines(file: CaseFile, named: readonly NamedDevice[]): Judgement[] {
  const devices = [...file.captures.values()];
  const findings = [
    ...devices.flatMap((capture) => holes(file, capture)),
    ...missingDevices(file, named),
    ...tornLines(file),
    ...conflicts(file),
    ...setAside(file),
    ...devices.flatMap(unknownTypes),
  ];
  const lines = devices.reduce((sum, { events }) => sum + events, 0);
  return lines === 0 && findings.length === 0
    ? []
    : [{ subject: null, findings, detail: `${count(lines, 'line')} of ${count(devices.length, 'device')}` }];
}

function holes(file: CaseFile, capture: Capture): FindingDraft[] {
  const { device, identity } = capture;
  const gaps = capture.holes
    .filter(({ before }) => before.event.type === 'gap')
    .map((hole): FindingDraft => {
      const { before } = hole;
      return {
        code: 'seq-gap',
        verdict: 'not-checked',
        identity,
        device,
        at: before,
        message: describeHole(device, hole),
        story: [{ event: before.event, role: 'is the first line after the hole', first: true }],
      };
    });
  if (!file.isTruncated(capture)) return gaps;
  return [
    ...gaps,
    {
      code: 'truncated',
      verdict: 'not-checked',
      identity,
      device,
      message: `the log of ${device} is cut off: other devices stopped orderly, its last line is no device.end`,
      story: [{ event: capture.last, role: 'is the last line of the log', first: true }],
    },
  ];
}

/** A device that something in the run names, and why. */
export interface NamedDevice {
  readonly device: string;
  readonly identity: string | undefined;
  readonly why: string;
}

/** The devices that the manifest names. */
export function expectedDevices({ faults }: CaseFile): NamedDevice[] {
  return faults.expectedDevices.map((device) => ({ device, identity: undefined, why: 'run.json names it' }));
}

function namedByEffects({ states }: CaseFile): NamedDevice[] {
  return sortedEntries(states.read(delivery)).flatMap(([identity, { effects }]) =>
    [...effects.values()].flatMap(({ origin, effect, write }) =>
      origin !== null && write === null ? [{ device: origin, identity, why: `it wrote ${effect}` }] : [],
    ),
  );
}

/** The first snapshot that names a device comes last. */
function namedBySnapshots({ states }: CaseFile): NamedDevice[] {
  return sortedEntries(states.read(delivery))
    .flatMap(([identity, { snapshots }]) =>
      [...snapshots.values()].flatMap(({ event: { snapshot, frontier } }) =>
        Object.keys(frontier).map((device) => ({ device, identity, why: `snapshot ${snapshot} names it` })),
      ),
    )
    .reverse();
}

/** The devices of which there is no log. Of several reasons to miss one, the last is told. */
function missingDevices(file: CaseFile, devices: readonly NamedDevice[]): FindingDraft[] {
  const named = new Map(devices.map((each) => [each.device, each]));
  return sortedEntries(named)
    .filter(([device]) => !file.captures.has(device))
    .map(([device, { identity, why }]) => ({
      code: 'missing-device',
      verdict: 'not-checked',
      identity,
      device,
      message: `there is no log of ${device}, although ${why}`,
    }));
}

function tornLines({ faults }: CaseFile): FindingDraft[] {
  return faults.tornLines.map(({ path, line, device }) => ({
    code: 'torn-line',
    verdict: 'not-checked',
    device: device ?? undefined,
    message: `the last line of ${path} (line ${line}) is torn: its writer was cut off, and the line is dropped`,
  }));
}

/** One finding per device, incarnation and pair of files: a counter that starts again repeats every number. */
function conflicts({ faults }: CaseFile): FindingDraft[] {
  const groups = groupBy(faults.conflicts, ({ kept, other }) =>
    [kept.device, kept.incarnation, kept.file.path, other.file.path].join('\n'),
  );
  return [...groups.values()].map((group) => {
    const { kept, other } = group[0] as (typeof group)[number];
    const more = group.length > 1 ? `, and so have ${count(group.length - 1, 'later number')}` : '';
    return {
      code: 'seq-conflict',
      verdict: 'violated',
      identity: kept.identity,
      device: kept.device,
      message: `seq ${kept.seq} of ${kept.device}, incarnation ${kept.incarnation}, stands for two different lines${more}`,
      story: [
        { event: kept, role: `has seq ${kept.seq}: ${kept.type}` },
        { event: other, role: `has seq ${other.seq} again: ${other.type}`, first: true },
      ],
    };
  });
}

/** What the run is judged without: notes, because the rest of the report is as if it were not there. */
function setAside({ faults }: CaseFile): FindingDraft[] {
  const repeatedByFile = groupBy(faults.duplicates, ({ repeated }) => repeated.file.path);
  return [
    ...faults.foreignFiles.map(
      ({ path, run }): FindingDraft => ({
        code: 'foreign-file',
        verdict: 'note',
        message: `${path} is set aside: its lines belong to run ${run}`,
      }),
    ),
    ...faults.duplicateFiles.map(
      ({ path, of }): FindingDraft => ({
        code: 'duplicate-file',
        verdict: 'note',
        message: `${path} is set aside: it says the same as ${of}`,
      }),
    ),
    ...[...repeatedByFile]
      .sort(([left], [right]) => byText(left, right))
      .map(([path, repeats]): FindingDraft => {
        const { kept, repeated } = repeats[0] as (typeof repeats)[number];
        return {
          code: 'duplicate-file',
          verdict: 'note',
          device: repeated.device,
          message: `${count(repeats.length, 'line')} of ${path} set aside: they stand in ${kept.file.path} too`,
        };
      }),
  ];
}

function unknownTypes({ device, unknown }: Capture): FindingDraft[] {
  return sortedEntries(unknown).map(([type, { count: lines, first }]) => ({
    code: 'unknown-type',
    verdict: 'note',
    device,
    message: `${count(lines, 'line')} of ${device} of the unknown type ${type}: counted, not guessed`,
    story: [{ event: first, role: `is of type ${type}` }],
  }));
}

/** Whether anything is missing from a device's log, so that its end is not the whole truth. */
export function isComplete(file: CaseFile, capture: Capture): boolean {
  return (
    capture.holes.every(({ soft }) => soft) &&
    !file.isTruncated(capture) &&
    (endOf(capture) !== 'none' || !file.hasLifecycle)
  );
}
