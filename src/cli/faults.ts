import { ReplayError } from '../base/errors.ts';
import { type ExitCode, exitCodes, weightiest } from './exit-codes.ts';
import type { Io } from './io.ts';

/** What is said of a fault that the user can mend: what was seen, and the way out. */
function userFault({ message, hint }: ReplayError): string {
  const indentedHint = hint === undefined ? '' : `${hint.replace(/^/gm, '  ')}\n`;
  return `replay: ${message}\n${indentedHint}`;
}

/** What is said of a fault that the user cannot mend. */
export function internalFault(error: unknown): string {
  const { message, stack } = error instanceof Error ? error : new Error(String(error));
  return `replay: ${message}\n${stack ?? ''}\nthis is a fault of replay itself: please report it, with the lines above\n`;
}

/** Says what went wrong, and what it means for the exit code. */
export async function fail(error: unknown, { stderr }: Io): Promise<ExitCode> {
  const known = error instanceof ReplayError;
  await stderr.write(known ? userFault(error) : internalFault(error)).catch(() => {});
  return known ? exitCodes.unusable : exitCodes.internal;
}

/** Runs that could not be read while others could: they are told after the answers for the others. */
export class Refusals {
  private readonly errors: ReplayError[] = [];

  readonly onRefused = (error: ReplayError): void => {
    this.errors.push(error);
  };

  /** The exit code of the answers, or that of the refusals where it weighs more. */
  async tell(io: Io, code: ExitCode): Promise<ExitCode> {
    const codes = [code];
    for (const error of this.errors) codes.push(await fail(error, io));
    return weightiest(codes);
  }
}
