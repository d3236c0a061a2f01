import { ReplayError } from '../base/errors.ts';

/** The world of a command: where results and remarks go, and what the terminal is like. Tests give their own. */
export interface Io {
  readonly stdout: Output;
  readonly stderr: Output;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Aborted when the user interrupts. */
  readonly interrupted: AbortSignal;
  /** From now on the first interruption, or request to terminate, is the command's own affair: the signal says of it. The second interrupts. */
  takeInterruption(): AbortSignal;
  /** Milliseconds on a monotonic clock. */
  now(): number;
}

/** One of the standard streams. */
export interface Output {
  readonly isTerminal: boolean;
  /** Columns of the terminal; `undefined` where there is none. */
  readonly columns: number | undefined;
  /** Done when the text has left the process, or when nobody reads it any more. */
  write(text: string): Promise<void>;
}

/**
 * A stream of the process as an output. A reader that has gone away (`| head`) is no fault: what is left is dropped in silence and
 * the exit code stays the verdict's, as if everything had been read. Any other failure to write is the user's to mend.
 */
export function outputOf(stream: NodeJS.WriteStream, name: string): Output {
  stream.on('error', () => {});
  return {
    isTerminal: stream.isTTY === true,
    columns: stream.columns || undefined,
    write: (text) =>
      new Promise((resolve, reject) => {
        stream.write(text, (error) => {
          if (!error || codeOf(error) === 'EPIPE' || codeOf(error) === 'ERR_STREAM_DESTROYED') resolve();
          else reject(new ReplayError(`${name}: cannot be written: ${error.message}`, 'is the disk full?'));
        });
      }),
  };
}

function codeOf(error: Error): unknown {
  return 'code' in error ? error.code : undefined;
}
