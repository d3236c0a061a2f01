import type { LogFile, LogLine } from '../model.ts';
import { mainIdentity } from '../world.ts';
import { defineFault } from './fault.ts';

/** The last line of a file stops in the middle. */
export const tornLine = defineFault({
  name: 'torn-line',
  says: 'a torn last line is dropped and named',
  spoil(files, world, random) {
    const names = world.devicesOf(mainIdentity).map(({ name }) => name);
    const fit = files.filter(({ lines }) => lines.length > 1 && names.includes(lines.at(-1)?.device ?? ''));
    const file: LogFile | undefined = random.pickOptional(fit);
    const line: LogLine | undefined = file?.lines.pop();
    // A line without seq is none of the contract's business, torn or whole.
    if (file === undefined || line?.seq === undefined) return undefined;
    file.torn = line.text.slice(0, random.between(1, line.text.length - 1));
    return {
      code: 'torn-line',
      verdict: 'not-checked',
      identity: mainIdentity,
      device: line.device,
      incarnation: line.incarnation,
      seq: line.seq,
      file: file.name,
      mayAlso: ['truncated'],
      story: `${file.name} stops in the middle of its last line, ${line.type} of ${line.device}`,
    };
  },
});
