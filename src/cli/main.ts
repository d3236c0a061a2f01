import { ReplayError } from '../base/errors.ts';
import { commands } from './commands/index.ts';
import { type ExitCode, exitCodes } from './exit-codes.ts';
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

async function fail(error: unknown, { stderr }: Io): Promise<ExitCode> {
  const known = error instanceof ReplayError;
  await stderr.write(known ? userFault(error) : internalFault(error)).catch(() => {});
  return known ? exitCodes.unusable : exitCodes.internal;
}

function userFault({ message, hint }: ReplayError): string {
  const indentedHint = hint === undefined ? '' : `${hint.replace(/^/gm, '  ')}\n`;
  return `replay: ${message}\n${indentedHint}`;
}

/** What is said of a fault that the user cannot mend. */
export function internalFault(error: unknown): string {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return `replay: ${message}\n${stack ?? ''}\nthis is a fault of replay itself: please report it, with the lines above\n`;
}
