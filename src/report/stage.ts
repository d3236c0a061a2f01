import type { FailedStage, Stage } from '../results.ts';

const way: readonly Stage[] = ['written', 'durable', 'published', 'sent', 'received', 'accepted', 'applied', 'visible'];

/** Where on its way an effect failed: `failed when accepted`, or between which stages, and the line that would decide. */
export function stageSentence(stage: FailedStage): string {
  if ('at' in stage) return `stage: ${stage.at}`;
  return `stage: between ${stage.after} and ${stage.before}; ${stage.decides} would decide`;
}

/** The way of the effect up to where it failed, with a mark there: `written → durable → ✗ published`. */
export function wayOf(stage: FailedStage): string {
  const end = 'at' in stage ? stage.at : stage.before;
  const passed = way.slice(0, way.indexOf('at' in stage ? stage.at : stage.after) + ('at' in stage ? 0 : 1));
  return [...passed, `${'at' in stage ? '✗' : '?'} ${end}`].join(' → ');
}
