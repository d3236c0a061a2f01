import { AsyncLocalStorage } from 'node:async_hooks';
import { ReplayError } from '../../base/errors.ts';
import type { EventInput } from '../event.ts';
import type { EventType } from '../event-type.ts';
import { ordinal, text } from '../field.ts';
import { counters as countersEvent, log as logEvent } from '../types/harness.ts';
import { deviceEnd, deviceStart } from '../types/lifecycle.ts';
import { operationEnd, operationStart } from '../types/operation.ts';
import { write as writeEvent } from '../types/write.ts';
import { milliseconds, now } from './clock.ts';
import { type Counters, createCounters } from './counters.ts';
import { encodeEvent, encodeField } from './encode-event.ts';
import { type EventMethods, eventMethods } from './event-methods.ts';
import { onProcessExit } from './exit-hook.ts';
import { type LogStream, openLog } from './open-log.ts';
import { settle } from './settle.ts';

/** How a device's events are captured. */
export interface RecorderOptions {
  /** The replica that writes, e.g. `bob-peer1`: what tells it from the other devices of the same identity. */
  readonly device: string;
  /** The wallet whose state the device holds. Devices of one identity are expected to converge. */
  readonly identity: string;
  readonly run?: string | undefined;
  /** The log's path, whose folders are made; or a stream, for tests: then nothing is kept beside it. */
  readonly destination: string | LogStream;
  /** Whether to capture; absent, `REPLAY_CAPTURE` decides: capture is on when it is set to anything but `0` or nothing. */
  readonly enabled?: boolean | undefined;
  /** The number of this start of the device, where the caller counts them; absent, one more than the log knows of. */
  readonly incarnation?: number | undefined;
  /** How long counters are gathered before they become an event; 10 seconds unless told, 0 for never. */
  readonly countersWindowMs?: number | undefined;
  /** More names of key material in the fields of `log`, whose values never reach the log. */
  readonly redact?: readonly string[] | undefined;
}

/**
 * Writes a device's events: a method per event type, and a few that go around the caller's own functions.
 * An event is in the file, or at least with the operating system, when its method returns: a killed process loses none.
 * An event whose fields do not fit throws `RefusedEvent`, and is not written; a disk that fails never throws, it warns.
 */
export interface Recorder extends EventMethods {
  /** Whether anything is written; for callers to whom even putting an event together costs too much. */
  readonly enabled: boolean;
  /** Writes a free-form line. Key material in `fields` is censored, at any depth. */
  log(message: string, fields?: object): void;
  /** Runs a logical operation: everything recorded inside, also after awaits and in timers, carries its `opId`. Operations nest. */
  operation<Result>(op: string, fn: () => Result): Result;
  /** Calls the function and counts how long it took, also where it throws. */
  time<Result>(name: string, fn: () => Result): Result;
  incr(name: string, n?: number): void;
  observe(name: string, ms: number): void;
  /** Writes the counters so far as one event and begins a new window. Writes nothing where nothing was counted. */
  dumpAndReset(): void;
  /** Ends the incarnation in order: the last counters, `device.end`, the file. Events after it are refused; once more does nothing. */
  close(end: EventInput<'device.end'>): void;
}

/**
 * Opens a recorder and writes `device.start`. When capture is off, nothing is opened and every method returns at once.
 * Throws `ReplayError` where the destination cannot be written, and `RefusedEvent` where an option does not fit.
 */
export function createRecorder(options: RecorderOptions): Recorder {
  return (options.enabled ?? isCaptureRequested()) ? openRecorder(options) : idleRecorder;
}

function isCaptureRequested(): boolean {
  const value = process.env.REPLAY_CAPTURE;
  return value !== undefined && value !== '' && value !== '0';
}

function nothing(): void {}

const idleRecorder: Recorder = {
  ...eventMethods(nothing),
  enabled: false,
  log: nothing,
  operation: (_, fn) => fn(),
  time: (_, fn) => fn(),
  incr: nothing,
  observe: nothing,
  dumpAndReset: nothing,
  close: nothing,
};

const defaultWindowMs = 10_000;

function openRecorder(options: RecorderOptions): Recorder {
  const { device, countersWindowMs = defaultWindowMs } = options;
  for (const name of ['device', 'identity'] as const) encodeField('createRecorder', name, text, options[name]);
  if (options.run !== undefined) encodeField('createRecorder', 'run', text, options.run);
  if (options.incarnation !== undefined) encodeField('createRecorder', 'incarnation', ordinal, options.incarnation);

  const log = openLog(options);
  const operationId = new AsyncLocalStorage<string>();
  const counters: Counters = createCounters();
  const startedAt = now();
  let seq = 0;
  let operations = 0;
  let { originSeq } = log;
  let closed = false;

  const append = (type: EventType, input: object, free?: { message: string; fields: object | undefined }) => {
    if (closed) throw new ReplayError(`${device}: ${type.name} was recorded after close`);
    const opId = (input as { opId?: unknown }).opId ?? operationId.getStore();
    if (opId !== undefined || type === operationStart || type === operationEnd)
      encodeField(type.name, 'opId', text, opId);
    const body = encodeEvent(type, input);
    seq += 1;
    log.write(
      { type: type.name, seq, opId, mono: milliseconds(now() - startedAt), ...body, fields: free?.fields },
      free?.message ?? type.name,
    );
  };

  const dumpAndReset = () => {
    const window = counters.takeWindow();
    if (window) append(countersEvent, window);
  };
  const timer = countersWindowMs > 0 ? setInterval(dumpAndReset, countersWindowMs).unref() : undefined;
  const forgetExit = onProcessExit(dumpAndReset);
  append(deviceStart, {});

  return {
    ...eventMethods(append),
    enabled: true,
    write(input) {
      const next = input.originSeq ?? originSeq + 1;
      append(writeEvent, { ...input, originSeq: next });
      originSeq = Math.max(originSeq, next);
    },
    log: (message, fields) => append(logEvent, {}, { message: String(message), fields }),
    operation(op, fn) {
      const opId = `${device}-${log.incarnation}-${++operations}`;
      append(operationStart, { op, opId, parentOpId: operationId.getStore() });
      const begunAt = now();
      return operationId.run(opId, () =>
        settle(fn, (ok) => {
          if (!closed) append(operationEnd, { op, opId, ok, durationMs: milliseconds(now() - begunAt) });
        }),
      );
    },
    time: counters.time,
    incr: counters.incr,
    observe: counters.observe,
    dumpAndReset,
    close(end) {
      if (closed) return;
      dumpAndReset();
      append(deviceEnd, end);
      closed = true;
      clearInterval(timer);
      forgetExit();
      log.close();
    },
  };
}
