import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { type FaultName, faultNames, type SimulatedRun, simulate } from './simulator/index.ts';
import { writeRun } from './simulator/write.ts';

/** A line as a stranger reads it: nothing here knows the simulator's insides. */
type Line = Record<string, unknown> & {
  type: string;
  device: string;
  identity: string;
  incarnation: number;
  seq: number;
};

const seeds = Array.from({ length: 200 }, (_, index) => index + 1);
const someSeeds = seeds.slice(0, 40);
const cleanRuns = seeds.map((seed) => [seed, simulate({ seed })] as const);
const quiescentRuns = seeds.map((seed) => [seed, simulate({ seed, ending: 'quiescent', detail: 'full' })] as const);
const evidenceFaults: readonly FaultName[] = ['seq-gap', 'truncated', 'torn-line', 'missing-device', 'seq-conflict'];

describe('a clean run', () => {
  test('is the same every time, and another for another seed', () => {
    for (const seed of seeds.slice(0, 20)) {
      expect(simulate({ seed })).toEqual(simulate({ seed }));
      expect(simulate({ seed }).files).not.toEqual(simulate({ seed: seed + 1000 }).files);
    }
  });

  test('numbers its lines and its effects without a gap', () => {
    for (const [seed, run] of cleanRuns) {
      for (const [, lines] of byDevice(run)) {
        let [incarnation, seq] = [0, 0];
        const wrong = lines.filter((line) => {
          if (line.type === 'device.start') [incarnation, seq] = [incarnation + 1, 0];
          return line.incarnation !== incarnation || line.seq !== ++seq;
        });
        expect(wrong, `seed ${seed}`).toEqual([]);
        const written = lines.filter(({ type }) => type === 'write').map(({ originSeq }) => originSeq);
        expect(written).toEqual(written.map((_, index) => index + 1));
      }
    }
  });

  test('ends with ledgers that agree, where it ends quiescent', () => {
    let compared = 0;
    for (const [seed, run] of quiescentRuns) {
      expect(run.truth).toMatchObject({ findings: [], hosted: true });
      compared += disagreements(run).compared;
      expect(disagreements(run).between, `seed ${seed}`).toEqual([]);
    }
    expect(compared).toBeGreaterThan(200);
  });

  test('shows what its ledger has, at every read', () => {
    for (const [seed, run] of cleanRuns) {
      for (const [, lines] of byDevice(run)) {
        expect(misreads(lines), `seed ${seed}`).toEqual([]);
      }
    }
  });

  test('lets no token come alive twice between two wipes, nor end twice', () => {
    for (const [seed, run] of cleanRuns) {
      for (const [, lines] of byDevice(run)) {
        const moved = new Set<string>();
        const again = lines.filter(({ type, tokenId, delta }) => {
          if (type === 'clear') moved.clear();
          return type === 'balance' && moved.size === moved.add(`${tokenId} ${String(delta).startsWith('-')}`).size;
        });
        expect(again, `seed ${seed}`).toEqual([]);
      }
    }
  });

  test('neither makes nor loses money', () => {
    for (const [seed, run] of quiescentRuns) {
      const lines = linesOf(run);
      const supply = supplyOf(lines);
      const identities = new Set(lines.map(({ identity }) => identity));
      for (const identity of identities) {
        const device = lines.find((line) => line.identity === identity)?.device;
        for (const { coin, amount } of ledgerOf(lines.filter((line) => line.device === device)).values()) {
          supply.set(coin, (supply.get(coin) ?? 0n) - amount);
        }
      }
      expect(
        [...supply.values()].every((rest) => rest === 0n),
        `seed ${seed}`,
      ).toBe(true);
    }
  });

  test('gives a device every effect that it is owed', () => {
    for (const [seed, run] of [...cleanRuns, ...quiescentRuns]) {
      // A bare log does not say what is owed, and neither what arrived.
      if (run.truth.features.detail === 'full') expect(owedAndMissing(run), `seed ${seed}`).toEqual([]);
    }
  });

  test('makes every write durable before an orderly end', () => {
    for (const seed of someSeeds) {
      const lines = linesOf(simulate({ seed, ending: 'pending', detail: 'full', verifyBy: 'effect' }));
      const durable = new Set(lines.filter(({ type, ok }) => type === 'verify' && ok).map(({ effect }) => effect));
      expect(lines.filter(({ type, effect }) => type === 'write' && !durable.has(effect))).toEqual([]);
    }
  });

  test('has all that the contract offers, over the seeds', () => {
    const lines = cleanRuns.flatMap(([, run]) => linesOf(run));
    const types = new Set(lines.map(({ type }) => type));
    for (const type of ['device.end', 'arbiter', 'import', 'clear', 'tokens.read', 'verify', 'counters', 'sample']) {
      expect(types).toContain(type);
    }
    expect(lines.some(({ headsOnly }) => headsOnly)).toBe(true);
    expect(lines.some(({ deps }) => Array.isArray(deps) && deps.length > 1)).toBe(true);
    expect(lines.some(({ type, quiescent }) => type === 'device.end' && quiescent === false)).toBe(true);
    // Clocks lie: by `time`, some effects are applied before they are written.
    const writtenAt = new Map(lines.filter(({ type }) => type === 'write').map((line) => [line.effect, line.time]));
    const early = lines.filter(
      ({ action, effect, time }) => action === 'applied' && Number(writtenAt.get(effect)) > Number(time),
    );
    expect(early.length).toBeGreaterThan(0);
    // A device gets its own effect back after a wipe.
    expect(lines.some(({ action, origin, device }) => action === 'applied' && origin === device)).toBe(true);
    // A token whose retirement was applied before its birth never comes alive.
    expect(cleanRuns.some(([, run]) => stillborn(run).length > 0)).toBe(true);
  });
});

describe.each(faultNames)('the fault %s', (fault) => {
  test('can be put into nearly every seed, and always the same way', () => {
    const runs = someSeeds.map((seed) => simulate({ seed, fault }));
    const hosted = runs.filter(({ truth }) => truth.hosted);
    expect(hosted.length).toBeGreaterThanOrEqual(38);
    for (const { truth } of hosted) expect(truth.findings.map(({ code }) => code)).toEqual([fault]);
    expect(simulate({ seed: 7, fault })).toEqual(simulate({ seed: 7, fault }));
  });
});

describe('a fault of delivery', () => {
  const lasting: FaultName[] = [
    ...([
      'lost-update',
      'self-filtered',
      'not-applied',
      'duplicate-apply',
      'balance-missing',
      'class-dropped',
    ] as const),
    ...(['snapshot-race', 'snapshot-omits', 'stale-recovery', 'resurrected', 'masked', 'undetermined'] as const),
  ];

  test.each(lasting)('%s sets the ledgers of two devices apart for good', (fault) => {
    for (const seed of someSeeds) {
      const run = simulate({ seed, fault, ending: 'quiescent' });
      const [finding] = run.truth.findings;
      const victims = [finding?.device, ...(finding?.others ?? [])];
      const { between } = disagreements(run);
      expect(between, `seed ${seed}`).not.toEqual([]);
      for (const pair of between)
        expect(
          pair.some((device) => victims.includes(device)),
          `seed ${seed}`,
        ).toBe(true);
    }
  });

  test.each(['lost-update', 'not-applied', 'self-filtered'] as const)('%s is owed however the run ends', (fault) => {
    for (const ending of ['quiescent', 'pending', 'aborted'] as const) {
      for (const seed of someSeeds) {
        const run = simulate({ seed, fault, ending });
        const [finding] = run.truth.findings;
        const missing = owedAndMissing(run);
        expect(missing, `seed ${seed} ${ending}`).toContain(`${finding?.device} ${finding?.effect}`);
        expect(new Set(missing).size, `seed ${seed} ${ending}`).toBe(1);
      }
    }
  });

  test.each(['conservation', 'double-spend', 'ungrounded', 'not-durable', 'balance-read'] as const)(
    '%s leaves the delivery of effects alone',
    (fault) => {
      for (const seed of someSeeds) {
        const run = simulate({ seed, fault, ending: 'quiescent' });
        expect(owedAndMissing(run)).toEqual([]);
        if (run.truth.findings[0]?.detail !== 'live') expect(disagreements(run).between).toEqual([]);
      }
    },
  );

  test.each(['not-durable', 'balance-read'] as const)('%s shows in a read', (fault) => {
    for (const seed of someSeeds) {
      const run = simulate({ seed, fault });
      const device = run.truth.findings[0]?.device as string;
      expect(misreads(byDevice(run).get(device) ?? []), `seed ${seed}`).not.toEqual([]);
    }
  });
});

test('a fault of the evidence changes nothing but the evidence', () => {
  for (const fault of evidenceFaults) {
    const intact = someSeeds.filter((seed) => {
      const run = simulate({ seed, fault });
      const clean = new Set(textLines(simulate({ seed, ...run.truth.features })));
      return textLines(run).filter((line) => !clean.has(line)).length <= 1;
    });
    // A world that could not host the fault was followed by another one, which is not to be had without the fault.
    expect(intact.length, fault).toBeGreaterThanOrEqual(36);
  }
});

test('a fault that the caller rules out is not hosted, and the run is clean', () => {
  const run = simulate({ seed: 1, fault: 'masked', ending: 'aborted' });
  expect(run.truth).toMatchObject({ hosted: false, findings: [], verdicts: ['not-checked'] });
});

test('a run can be written to a folder', async () => {
  const parent = await mkdtemp(join(tmpdir(), 'simulated-'));
  try {
    const run = simulate({ seed: 3, layout: 'per-incarnation', manifest: true });
    const folder = await writeRun(run, parent);
    const written = await readdir(folder, { recursive: true });
    for (const { name } of run.files) expect(written).toContain(join(name));
  } finally {
    await rm(parent, { recursive: true });
  }
});

/** Every line of every log, whole or torn. */
function textLines(run: SimulatedRun): string[] {
  return run.files.filter(({ name }) => name !== 'run.json').flatMap(({ content }) => content.split('\n'));
}

const linesByRun = new WeakMap<SimulatedRun, Line[]>();

/** Every whole line of the contract, in file order. */
function linesOf(run: SimulatedRun): Line[] {
  const known = linesByRun.get(run);
  if (known !== undefined) return known;
  const lines = run.files
    .filter(({ name }) => name !== 'run.json')
    .flatMap(({ content }) => content.split('\n').slice(0, -1))
    .map((line) => JSON.parse(line) as Line)
    .filter(({ v }) => v === 1);
  linesByRun.set(run, lines);
  return lines;
}

function byDevice(run: SimulatedRun): Map<string, Line[]> {
  const devices = new Map<string, Line[]>();
  for (const line of linesOf(run)) {
    const lines = devices.get(line.device);
    if (lines === undefined) devices.set(line.device, [line]);
    else lines.push(line);
  }
  return devices;
}

/** Amounts in one unit, fine enough for every coin and for an amount shown in the wrong unit. */
function exact(amount: unknown): bigint {
  const [whole = '', fraction = ''] = String(amount).replace('-', '').split('.');
  const value = BigInt(whole + fraction.padEnd(60, '0'));
  return String(amount).startsWith('-') ? -value : value;
}

/** The fold of the balance lines, emptied by a wipe. */
function ledgerOf(lines: readonly Line[]): Map<string, { coin: string; amount: bigint }> {
  const ledger = new Map<string, { coin: string; amount: bigint }>();
  for (const line of lines) {
    if (line.type === 'clear') ledger.clear();
    if (line.type !== 'balance') continue;
    const tokenId = String(line.tokenId);
    const amount = (ledger.get(tokenId)?.amount ?? 0n) + exact(line.delta);
    if (amount === 0n) ledger.delete(tokenId);
    else ledger.set(tokenId, { coin: String(line.coin), amount });
  }
  return ledger;
}

/** Pairs of devices of one identity whose final ledgers differ. */
function disagreements(run: SimulatedRun): { compared: number; between: [string, string][] } {
  const devices = [...byDevice(run)];
  const between: [string, string][] = [];
  let compared = 0;
  for (const [left, leftLines] of devices) {
    for (const [right, rightLines] of devices) {
      if (left >= right || leftLines[0]?.identity !== rightLines[0]?.identity) continue;
      compared++;
      const show = (lines: Line[]) => [...ledgerOf(lines)].map(([id, { amount }]) => `${id} ${amount}`).sort();
      if (show(leftLines).join() !== show(rightLines).join()) between.push([left, right]);
    }
  }
  return { compared, between };
}

/** Tokens whose birth a device applied, with a line, and of which it has no balance line. */
function stillborn(run: SimulatedRun): string[] {
  const written = new Map(linesOf(run).map((line) => [line.type === 'write' ? line.effect : undefined, line]));
  return [...byDevice(run)].flatMap(([, lines]) => {
    const applied = lines.filter(({ action }) => action === 'applied').map(({ effect }) => written.get(effect));
    const moved = new Set(lines.map(({ tokenId }) => tokenId));
    const born = applied.flatMap((line) => (line?.kind === 'mint' ? (line.outputs as { tokenId: string }[]) : []));
    return born.map(({ tokenId }) => tokenId).filter((tokenId) => !moved.has(tokenId));
  });
}

/** Reads that differ from the ledger at that point. */
function misreads(lines: readonly Line[]): number[] {
  const wrong: number[] = [];
  lines.forEach((line, index) => {
    if (line.type !== 'balance.read' && line.type !== 'tokens.read') return;
    const ledger = [...ledgerOf(lines.slice(0, index))];
    if (line.type === 'balance.read') {
      const held = ledger.filter(([, { coin }]) => coin === line.coin).map(([, { amount }]) => amount);
      const sum = held.reduce((total, amount) => total + amount, 0n);
      if (held.length !== line.tokens || sum !== exact(line.amount)) wrong.push(index);
    } else {
      const shown = (line.tokens as { tokenId: string }[]).map(({ tokenId }) => tokenId);
      const known = ledger.filter(([id]) => shown.some((prefix) => id.startsWith(prefix)));
      if (shown.length !== ledger.length || known.length !== ledger.length) wrong.push(index);
    }
  });
  return wrong;
}

/** What was minted and not burnt, less what is still in the post, by coin. */
function supplyOf(lines: readonly Line[]): Map<string, bigint> {
  const supply = new Map<string, bigint>();
  const amounts = new Map<string, { coin: string; amount: bigint }>();
  const add = (coin: string, amount: bigint) => supply.set(coin, (supply.get(coin) ?? 0n) + amount);
  const writes = lines.filter(({ type, kind }) => type === 'write' && kind !== undefined);
  type Output = { tokenId: string; coin: string; amount: string; owner?: string };
  const outputsOf = (line: Line) => (line.outputs ?? []) as Output[];
  for (const line of writes) {
    for (const { tokenId, coin, amount } of outputsOf(line)) amounts.set(tokenId, { coin, amount: exact(amount) });
  }
  for (const line of writes) {
    if (line.kind === 'burn' || line.kind === 'transfer') {
      for (const id of line.inputs as string[]) add(amounts.get(id)?.coin ?? '', -(amounts.get(id)?.amount ?? 0n));
    }
    for (const { coin, amount, owner = line.identity } of outputsOf(line)) {
      if (owner === line.identity) add(coin, exact(amount));
    }
  }
  return supply;
}

/**
 * The contract's rule of what is owed, written as plainly as possible: for each device, the effects of its siblings that
 * it must have and of which neither a line, nor a snapshot, nor a head says that it has them.
 */
function owedAndMissing(run: SimulatedRun): string[] {
  const devices = [...byDevice(run)];
  const writes = linesOf(run).filter(({ type }) => type === 'write');
  const byId = new Map(writes.map((line) => [line.effect as string, line]));
  const byOrigin = new Map(writes.map((line) => [`${line.device}#${line.originSeq}`, line.effect as string]));
  const frontiers = new Map(
    linesOf(run)
      .filter(({ type }) => type === 'publish')
      .map((line) => [line.snapshot as string, line.frontier as Record<string, number>]),
  );
  const quiescent = new Set(devices.filter(([, lines]) => lines.at(-1)?.quiescent === true).map(([device]) => device));
  /** Everything that the effect causally follows, itself included. */
  const pastOf = (effect: string): Set<string> => {
    const past = new Set<string>();
    const open = [effect];
    for (let next = open.pop(); next !== undefined; next = open.pop()) {
      const line = byId.get(next);
      if (past.has(next) || line === undefined) continue;
      past.add(next);
      const before = byOrigin.get(`${line.device}#${Number(line.originSeq) - 1}`);
      open.push(...((line.deps as string[] | undefined) ?? []), ...(before === undefined ? [] : [before]));
    }
    return past;
  };
  const withinFrontier = (frontier: Record<string, number>) =>
    writes
      .filter(({ device, originSeq }) => Number(originSeq) <= (frontier[device] ?? 0))
      .map(({ effect }) => effect as string);
  return devices.flatMap(([device, lines]) => {
    let [has, owed] = [new Set<string>(), new Set<string>()];
    for (const line of lines) {
      const { type, action, effect, headsOnly } = line;
      // What was held before a wipe is still owed after it.
      if (type === 'clear') has = new Set();
      if (type === 'clear') continue;
      if (type === 'write') has.add(effect as string);
      if (type === 'balance' && effect !== undefined) has.add(effect as string);
      if (type === 'publish')
        for (const each of withinFrontier(line.frontier as Record<string, number>)) owed.add(each);
      if (type === 'import') {
        for (const each of withinFrontier(frontiers.get(line.snapshot as string) ?? {})) {
          owed.add(each);
          has.add(each);
        }
      }
      if (type !== 'replication') continue;
      if (action === 'skipped' || action === 'rejected') owed.add(effect as string);
      if (action === 'applied' && !headsOnly) for (const each of pastOf(effect as string)) owed.add(each);
      if (action === 'applied' && headsOnly) for (const each of pastOf(effect as string)) has.add(each);
      if (action === 'applied' || action === 'deduplicated') has.add(effect as string);
    }
    if (quiescent.has(device)) {
      const identity = lines[0]?.identity;
      for (const write of writes) {
        if (write.identity === identity && quiescent.has(write.device)) owed.add(write.effect as string);
      }
    }
    return [...owed].filter((effect) => !has.has(effect)).map((effect) => `${device} ${effect}`);
  });
}
