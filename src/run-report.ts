import { formatAmount } from './base/amount.ts';
import { CaseFile } from './invariants/evidence/case-file.ts';
import type { Verdicts } from './invariants/judgement/judge.ts';
import { isComplete } from './invariants/log-complete.ts';
import type { Reading } from './replay/history.ts';
import type { States } from './replay/projection.ts';
import { ledger, totals } from './replay/projections/ledger.ts';
import type { Run } from './replay/run.ts';
import type { DeviceSummary, RunReport } from './results.ts';
import { clockBounds, inputSummary } from './run-summary.ts';
import { tool } from './version.ts';

/** What was read of a run and what the invariants say of it, as a report. Round trips are left to the one who counts them. */
export function reportOn(run: Run, reading: Reading, file: CaseFile, verdicts: Verdicts): RunReport {
  const { verdict, checks, findings } = verdicts;
  return {
    ...{ schema: 1, tool, run: run.name, verdict },
    input: inputSummary(run, reading),
    devices: devices(file),
    clocks: clockBounds(file.states),
    ...{ checks, findings, roundTrips: null },
  };
}

/** The states that a replay left, as evidence; `cut`: whether the history was cut short on request. */
export function openCase(run: Run, reading: Reading, states: States, cut: boolean): CaseFile {
  return new CaseFile(states, faultsOf(run, reading), cut);
}

function faultsOf(run: Run, { conflicts, duplicates, tornLines, foreignLines, files }: Reading) {
  return {
    conflicts,
    duplicates,
    foreignFiles: [...run.foreignFiles, ...[...foreignLines].map(([path, { run: name }]) => ({ path, run: name }))],
    duplicateFiles: run.duplicateFiles,
    tornLines: tornLines.map(({ file, line, device: named }) => {
      const [device, ...others] = files.get(file.path)?.devices ?? [];
      return { path: file.path, line, device: named ?? (others.length === 0 ? device : undefined) ?? null };
    }),
    expectedDevices: [...run.manifest.devices.keys()],
  };
}

function devices(file: CaseFile): DeviceSummary[] {
  const ledgers = file.states.read(ledger);
  return [...file.captures.values()].map((capture) => ({
    device: capture.device,
    identity: capture.identity,
    incarnations: capture.incarnations.length,
    events: capture.events,
    complete: isComplete(file, capture),
    balances: totals(ledgers.get(capture.device)?.coins ?? new Map()).map(({ coin, amount, tokens }) => ({
      coin,
      amount: formatAmount(amount),
      tokens,
    })),
  }));
}
