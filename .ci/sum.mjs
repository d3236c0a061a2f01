/** Sums up what vitest's JSON reports of several steps say, in one line. Fails where a test or a step failed. */
import { existsSync, readFileSync } from 'node:fs';

const [folder, ...steps] = process.argv.slice(2);
const sum = { passed: 0, failed: 0, skipped: 0 };
for (const step of steps) {
  const counted = count(`${folder}/${step}.json`);
  // A step can fail without a failed test: the linter, a file that does not load, a crash.
  if (existsSync(`${folder}/${step}.failed`)) counted.failed ||= 1;
  for (const key of Object.keys(sum)) sum[key] += counted[key];
}
const skipped = sum.skipped > 0 ? `, ${sum.skipped} skipped` : '';
console.log(`${sum.passed} passed, ${sum.failed} failed${skipped}`);
process.exitCode = sum.failed > 0 || sum.passed === 0 ? 1 : 0;

function count(path) {
  if (!existsSync(path)) return { passed: 0, failed: 0, skipped: 0 };
  const { numPassedTests, numFailedTests, numPendingTests, numTodoTests } = JSON.parse(readFileSync(path, 'utf8'));
  return { passed: numPassedTests, failed: numFailedTests, skipped: numPendingTests + numTodoTests };
}
