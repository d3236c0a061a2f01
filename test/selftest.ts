/** `npm run selftest`: the judge against the simulator, which knows the truth. Ends with 1 where too little is found. */
import { parseArgs } from 'node:util';
import { compareLanes } from './selftest/lanes.ts';
import { confusion, printRow, type Row, shortcomings, thresholds } from './selftest/matrix.ts';
import { faultNames } from './simulator/index.ts';

const { values } = parseArgs({
  options: {
    runs: { type: 'string', default: '100' },
    clean: { type: 'string', default: '1000' },
    seed: { type: 'string', default: '1' },
    fault: { type: 'string', multiple: true },
    misses: { type: 'boolean', default: false },
    lines: { type: 'string', default: '1000000' },
  },
});
const faults = values.fault && faultNames.filter((name) => values.fault?.includes(name));
const sample = { seed: Number(values.seed), runs: Number(values.runs), clean: Number(values.clean), faults };

console.log(`${sample.runs} seeds per fault and ${sample.clean} without one, from seed ${sample.seed}; one in 25 is long

runs      whose world had a place for the fault
lost      of these: the logs may have lost the evidence with a crash, and the judge says so
detected  found at all; class: by the right code; place: with the right device and token
false     runs with a violation that did not happen
verdict   runs with a verdict on the whole that is none of the right ones
`);
console.log(printRow());
const rows: Row[] = [];
for await (const row of confusion(sample)) {
  rows.push(row);
  console.log(printRow(row));
  if (values.misses) for (const line of missesIn(row)) console.log(`  ${line}`);
}

const short = rows.flatMap(shortcomings);
const judged = rows.reduce((sum, row) => sum + (row.fault === 'none' ? 0 : row.judged), 0);
const percent = (part: number) => `${part * 100} %`;
const asked = `detected ${percent(thresholds.detected)}, class ${percent(thresholds.classified)}, place ${percent(thresholds.located)}, nothing false`;
console.log(
  short.length === 0
    ? `\nreached for every fault: ${asked}; ${judged} faulty and ${rows[0]?.judged} clean runs`
    : `\nnot reached (${asked}):\n${short.map((line) => `  ${line}`).join('\n')}`,
);

const { lines, different } = await compareLanes(Number(values.lines), sample.seed);
console.log(
  `\n${lines.toLocaleString('en-US')} lines by both lanes: ${different.length === 0 ? 'alike' : 'different'}`,
);
for (const log of different) console.log(JSON.stringify(log));
process.exitCode = short.length === 0 && different.length === 0 ? 0 : 1;

/** The seeds to look at, by what is wrong there. */
function missesIn({ fault, scores }: Row): string[] {
  const missed = fault === 'none' ? [] : scores.filter(({ located }) => !located);
  return [
    ...missed.map(({ seed, found, classified, evidenceMayBeLost }) => {
      const how = evidenceMayBeLost ? 'evidence may be lost' : found ? (classified ? 'place' : 'class') : 'not found';
      return `seed ${seed}: ${how}`;
    }),
    ...scores.flatMap(({ seed, falseViolations }) =>
      falseViolations.map(({ code, message }) => `seed ${seed}: false ${code}: ${message}`),
    ),
  ];
}
