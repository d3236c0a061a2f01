import { parseArgs } from 'node:util';
import { showOwn } from './own.ts';
import { showScore } from './score.ts';

/*
 * Mutation testing of the invariants; README.md says how.
 *   npm run mutants -- [--per-file 12] [--seed 1] [--minutes 10] [--jobs 2] [--only NAME] [--again REPORT]
 *   npm run mutants -- --own [--laws] [--only NAME]
 */
const { values } = parseArgs({
  options: {
    'per-file': { type: 'string', default: '12' },
    seed: { type: 'string', default: '1' },
    minutes: { type: 'string', default: '10' },
    jobs: { type: 'string', default: '2' },
    only: { type: 'string', default: '' },
    again: { type: 'string' },
    own: { type: 'boolean', default: false },
    laws: { type: 'boolean', default: false },
  },
});

if (values.own) {
  const allOwn = await showOwn({ only: values.only, laws: values.laws });
  if (!allOwn) process.exitCode = 1;
} else {
  await showScore({
    perFile: Number(values['per-file']),
    seed: Number(values.seed),
    minutes: Number(values.minutes),
    jobs: Number(values.jobs),
    only: values.only,
    again: values.again,
  });
}
