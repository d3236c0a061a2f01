import { hostname } from 'node:os';
import { type DestinationStream, pino } from 'pino';
import { beginIncarnation, type DeviceMemory, keepMemory } from './device-memory.ts';
import { createCensor } from './secrets.ts';

/** Takes whole lines, each with its newline. */
export interface LogStream {
  write(line: string): unknown;
}

/** What opening a log needs to know. */
export interface LogOptions {
  readonly device: string;
  readonly identity: string;
  readonly run?: string | undefined;
  readonly destination: string | LogStream;
  readonly incarnation?: number | undefined;
  readonly redact?: readonly string[] | undefined;
}

/** A device's log, open for one incarnation. */
export interface Log extends DeviceMemory {
  /** Writes one line: pino's own fields, the header that never changes, and these. Free-form `fields` are censored. */
  write(event: object, message: string): void;
  close(): void;
}

/**
 * Opens the log through pino. The destination is synchronous: a worker transport is faster, but takes its buffer with it when the
 * process is killed. Throws `ReplayError` where the file cannot be written.
 */
export function openLog(options: LogOptions): Log {
  const { device, identity, run, destination } = options;
  const file = typeof destination === 'string' ? destination : undefined;
  const memory = file === undefined ? firstStart : beginIncarnation(file, device, options.incarnation);
  const incarnation = options.incarnation ?? memory.incarnation;
  const stream = typeof destination === 'string' ? openFile(destination) : destination;
  const logger = pino(
    {
      base: { pid: process.pid, hostname: hostname(), v: 1, device, identity, incarnation, run },
      redact: { paths: ['fields'], censor: createCensor(options.redact) },
    },
    stream as DestinationStream,
  );
  return {
    incarnation,
    originSeq: memory.originSeq,
    write: (event, message) => logger.info(event, message),
    close() {
      if (file === undefined) return;
      (stream as ReturnType<typeof openFile>).end();
      keepMemory(file, device);
    },
  };
}

const firstStart: DeviceMemory = { incarnation: 1, originSeq: 0 };

/** pino keeps lines that the disk refused and writes them before the next one, so a full disk that is emptied leaves no hole. */
function openFile(path: string) {
  const stream = pino.destination({ dest: path, sync: true, append: true, mkdir: true });
  let warned = false;
  stream.on('error', (error: Error) => {
    if (!warned) process.emitWarning(`${path}: ${error.message}; events wait in memory`, 'ReplayCaptureWarning');
    warned = true;
  });
  return stream;
}
