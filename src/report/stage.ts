import type { FailedStage, Stage } from '../results.ts';
import { hang } from './wrap.ts';

const way: readonly Stage[] = ['written', 'durable', 'published', 'sent', 'received', 'accepted', 'applied', 'visible'];

/** Holds words together that a line must not part. */
const glue = '\u00a0';

/** Where on its way an effect failed: at a stage, or between two, with the line that would decide. */
export function stageSentence(stage: FailedStage): string {
  if ('at' in stage) return `stage: ${stage.at}`;
  return `stage: between ${stage.after} and ${stage.before}; ${stage.decides} would decide`;
}

/** The way of an effect up to where it failed, with a mark there, and the line that would decide: `written → durable → ✗ published`. */
export function wayOf(stage: FailedStage, width: number): string[] {
  const end = 'at' in stage ? stage.at : stage.before;
  const passed = way.slice(0, way.indexOf('at' in stage ? stage.at : stage.after) + ('at' in stage ? 0 : 1));
  const steps = [...passed, `${'at' in stage ? '✗' : '?'}${glue}${end}`].join(`${glue}→ `);
  return [
    ...hang('stage: ', steps, width).map((line) => line.replaceAll(glue, ' ')),
    ...('at' in stage
      ? []
      : hang('       ', `between ${stage.after} and ${stage.before}; ${stage.decides} would decide`, width)),
  ];
}
