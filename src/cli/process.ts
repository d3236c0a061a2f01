import { exitCodes } from './exit-codes.ts';
import { internalFault } from './faults.ts';
import { type Io, outputOf } from './io.ts';
import { run } from './main.ts';

/** Whoever runs a program for a user, as npx and timeout do, passes on a signal that the program got already: that is not a second one. */
const echoMs = 500;

/** Runs the command line of this process and ends it with the exit code, once everything that was printed has left it. */
export async function runProcess(): Promise<never> {
  const interruption = new AbortController();
  const taken = new AbortController();
  let next = interruption;
  let takenAt = Number.NEGATIVE_INFINITY;
  const interrupt = () => {
    if (performance.now() - takenAt < echoMs) return;
    if (next === taken) takenAt = performance.now();
    // Who interrupts once more is not kept waiting.
    if (next === interruption) process.off('SIGINT', interrupt);
    next.abort();
    next = interruption;
  };
  const io: Io = {
    stdout: outputOf(process.stdout, 'standard output'),
    stderr: outputOf(process.stderr, 'standard error'),
    env: process.env,
    interrupted: interruption.signal,
    takeInterruption() {
      next = taken;
      process.on('SIGTERM', interrupt);
      return taken.signal;
    },
    now: () => performance.now(),
  };
  process.on('SIGINT', interrupt);
  const giveUp = async (error: Error) => {
    await io.stderr.write(internalFault(error));
    process.exit(exitCodes.internal);
  };
  process.once('uncaughtException', giveUp);
  // Nothing is left to wait for and there is no answer: neither a verdict nor a success.
  process.once('beforeExit', () => void giveUp(new Error('the work ended without an answer')));
  process.exit(await run(process.argv.slice(2), io));
}
