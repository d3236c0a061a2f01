import { appendFileSync } from 'node:fs';
import { test } from 'vitest';
import { faultNames } from '../simulator/index.ts';
import { reportOn } from '../story.ts';
import { mapLogs, simulated } from './mutate.ts';

const strip = (files: any, types: string[]) => {
  const seqs = new Map<string, number>();
  return mapLogs(files, (lines) =>
    lines.flatMap((line) => {
      let r: any; try { r = JSON.parse(line); } catch { return [line]; }
      if (r.seq === undefined) return [line];
      if (types.includes(r.type)) return [];
      const key = `${r.device} ${r.incarnation}`;
      const seq = (seqs.get(key) ?? 0) + 1;
      seqs.set(key, seq);
      return [JSON.stringify({ ...r, seq })];
    }),
  );
};
const N = Number(process.env.N ?? 100);
const out = (t: string) => appendFileSync('/tmp/rb/sim.txt', `${t}\n`);
test('clean', { timeout: 1e7 }, async () => {
  const tally: Record<string, number> = {};
  const add = (k: string) => {
    tally[k] = (tally[k] ?? 0) + 1;
  };
  for (let seed = 1; seed <= N; seed++) {
    const { files, name, run } = simulated({ seed });
    const variants: [string, any][] = [
      ['full', files],
      ['no balance', strip(files, ['balance'])],
      ['no balance, replication', strip(files, ['balance', 'replication'])],
      [
        'no balance, replication, publish, import',
        strip(files, ['balance', 'replication', 'publish', 'import', 'tokens.read']),
      ],
    ];
    for (const [label, f] of variants) {
      const { findings, checks } = await reportOn(f, { all: true }, name);
      const v = findings.filter((x) => x.verdict === 'violated');
      for (const c of checks.filter((c) => ['supply-agrees', 'readings-agree'].includes(c.name)))
        add(
          `${label}: ${c.name} ${c.verdict} ${c.reason ? c.reason.replace(/[0-9a-z-]*\d[0-9a-z-]*/g, '#').slice(0, 130) : ''}`,
        );
      for (const x of v)
        if (['supply-agrees', 'readings-agree'].includes(x.check))
          out(`seed ${seed} ${label}: ${x.check} ${x.code} ${x.message}`);
    }
  }
  out(JSON.stringify(tally, null, 1));
});
test('faults', { timeout: 1e7 }, async () => {
  const tally: Record<string, number> = {};
  const add = (k: string) => {
    tally[k] = (tally[k] ?? 0) + 1;
  };
  for (let seed = 1; seed <= N / 5; seed++)
    for (const fault of faultNames) {
      const { files, name, run } = simulated({ seed, fault });
      for (const [label, f] of [
        ['full', files],
        ['stripped', strip(files, ['balance'])],
        ['bare', strip(files, ['balance', 'replication', 'publish', 'import', 'tokens.read'])],
      ] as const) {
        let rep;
        try {
          rep = await reportOn(f, { all: true }, name);
        } catch (e) {
          add(`${label} ${fault} error`);
          continue;
        }
        for (const x of rep.findings)
          if (x.verdict === 'violated' && ['supply-agrees', 'readings-agree'].includes(x.check)) {
            const allowed = run.truth.findings.some((t) => t.code === x.code || t.mayAlso?.includes(x.code));
            add(`${label} ${fault}: ${x.check} ${x.code} ${allowed ? 'allowed' : 'FALSE'}`);
            out(`${label} ${fault} ${seed}: ${x.message}`);
          }
      }
    }
  out(JSON.stringify(tally, null, 1));
});
