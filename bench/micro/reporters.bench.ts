/** What printing costs: each reporter, with the report of a healthy run, of one in dispute, and of many findings. */
import { bench, describe } from 'vitest';
import { checkBalances } from '../../src/check.ts';
import { reporters } from '../../src/report/index.ts';
import type { ReportOptions } from '../../src/report/reporter.ts';
import type { RunReport } from '../../src/results.ts';
import { withRun } from './run-in-memory.ts';

const options: ReportOptions = { width: 80, color: false, all: false, paths: ['run-1'], flags: [] };
const healthy = await reportOf(false);
const disputed = await reportOf(true);
const many = { ...disputed, findings: Array.from({ length: 500 }, (_, index) => numbered(disputed, index)) };

for (const [name, report] of Object.entries({
  'a healthy run': healthy,
  'one finding': disputed,
  '500 findings': many,
})) {
  describe(`printing ${name}`, () => {
    for (const reporter of reporters) {
      bench(reporter.name, () => void reporter.print([report], options), { time: 500, warmupTime: 200 });
    }
  });
}

async function reportOf(divergent: boolean): Promise<RunReport> {
  const [report] = await withRun(5000, divergent, (folder) => checkBalances({ paths: [folder] }));
  if (!report) throw new Error('a folder is a run');
  return report;
}

function numbered({ findings: [finding] }: RunReport, index: number): RunReport['findings'][number] {
  if (!finding) throw new Error('a lost update is a finding');
  return { ...finding, id: `F${index + 1}` };
}
