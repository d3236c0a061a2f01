import { ReplayError } from './base/errors.ts';
import type { Config } from './config.ts';
import { checkBatch, checkJudgements } from './config-shape.ts';
import { Setting } from './events/mapping/setting.ts';
import type { LogReader } from './events/reader.ts';
import { invariants as family } from './invariants/index.ts';
import type { Invariant } from './invariants/invariant.ts';
import type { HistoryEvent } from './replay/causal-order.ts';
import type { AnyProjection, EventContext } from './replay/projection.ts';

/**
 * The members of a config, so that what their functions throw, or answer amiss, is a `ReplayError` that names the member and
 * the line at hand. The tool's own projections are left alone: what they throw is no fault of the user's.
 */
export function guardConfig(file: string, config: Config): Config {
  const root = new Setting(file, config);
  const { invariants = [], readers = [] } = config;
  return {
    ...config,
    invariants: invariants.map((own, index) => guardInvariant(own, root.at('invariants').at(index))),
    readers: readers.map((own, index) => guardReader(own, root.at('readers').at(index))),
  };
}

function guardInvariant(own: Invariant, setting: Setting): Invariant {
  const { name, promise, needs, uses } = own;
  const called = `the invariant ${name}`;
  return {
    ...{ name, promise, needs },
    uses: guardProjections(uses, setting.at('uses')),
    ...(own.isEssential && {
      isEssential: (file) => attempt(setting.at('isEssential'), called, () => own.isEssential?.(file) ?? false),
    }),
    judge(file, earlier) {
      const judge = setting.at('judge');
      const answer = attempt(judge, called, () => own.judge(file, earlier));
      checkJudgements(judge.returning(answer));
      return answer;
    },
  };
}

const ofTheTool = new Set<AnyProjection>(family.flatMap(({ uses }) => uses));

function guardProjections(list: readonly AnyProjection[], setting: Setting): readonly AnyProjection[] {
  return list.map((own, index) => (ofTheTool.has(own) ? own : guardProjection(own, setting.at(index))));
}

/** Stands in for a projection, because its state is asked for by the very object that the user declared. */
function guardProjection(own: AnyProjection, setting: Setting): AnyProjection {
  const called = `the projection ${own.name}`;
  const on = Object.entries(own.on).map(([type, handler]) => [
    type,
    handler && guardHandler(handler as Handler, setting.at('on').at(type), called),
  ]);
  return {
    name: own.name,
    inPlaceOf: own,
    uses: guardProjections(own.uses, setting.at('uses')),
    initial: () => attempt(setting.at('initial'), called, () => own.initial()),
    each: own.each && guardHandler(own.each, setting.at('each'), called),
    on: Object.fromEntries(on),
  };
}

type Handler = (state: never, event: HistoryEvent, context: EventContext) => void;

/** Called for every event: nothing is made here unless it throws. */
function guardHandler(handler: Handler, setting: Setting, called: string): Handler {
  return (state, event, context) => {
    try {
      handler(state, event, context);
    } catch (error) {
      const { file, line } = event;
      blame(error, setting, `${called} threw at ${file.path}${file.unit === 'line' ? ':' : '#'}${line}`);
    }
  };
}

function guardReader(own: LogReader, setting: Setting): LogReader {
  const called = `the reader ${own.name}`;
  const read = setting.at('read');
  return {
    name: own.name,
    recognises: (head) =>
      attempt(setting.at('recognises'), `${called}, asked of ${head.path},`, () => own.recognises(head)),
    async *read(source, context) {
      let last = 0;
      try {
        for await (const batch of own.read(source, context)) {
          checkBatch(read.returning(batch));
          last = Math.max(last, batch.events.at(-1)?.line ?? 0, batch.problems.at(-1)?.line ?? 0);
          yield batch;
        }
      } catch (error) {
        blame(error, read, `${called} threw at ${source.path}${last > 0 ? `, after line ${last}` : ''}`);
      }
    },
  };
}

/** Calls a user's function; what it throws is the user's to mend. */
function attempt<Result>(setting: Setting, called: string, call: () => Result): Result {
  try {
    return call();
  } catch (error) {
    blame(error, setting, `${called} threw`);
  }
}

/** Throws what a user's function threw as a fault that the user can mend: who threw it, at which line of a log, and where in the code. */
function blame(error: unknown, setting: Setting, what: string): never {
  if (error instanceof ReplayError) throw error;
  const message = error instanceof Error ? error.message : String(error);
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const thrown = stack.split('\n').find((line) => /^\s+at /.test(line));
  const hint = [...(thrown ? [thrown.trim()] : []), 'mend it there; replay --no-config does without it'].join('\n');
  setting.wrong(`${what}: ${message}`, hint);
}
