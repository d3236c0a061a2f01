import { commands } from './commands/index.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
import { fail } from './faults.ts';
import type { Io } from './io.ts';
import { parseCommandLine } from './parse.ts';

/** Runs a command line and says how it went. Never throws; when the user interrupts, it returns at once and nothing is printed. */
export async function run(argv: readonly string[], io: Io): Promise<ExitCode> {
  const interruption = new Promise<ExitCode>((resolve) => {
    io.interrupted.addEventListener('abort', () => resolve(exitCodes.interrupted));
  });
  return Promise.race([interruption, dispatch(argv, io).catch((error) => fail(error, io))]);
}

async function dispatch(argv: readonly string[], io: Io): Promise<ExitCode> {
  const request = await parseCommandLine(argv, commands, io.stdout.columns ?? 80);
  if (!('print' in request)) return request.command.run(request.operands, request.options, io);
  await io.stdout.write(request.print);
  return exitCodes.held;
}
