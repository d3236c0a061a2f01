import { mainIdentity } from '../world.ts';
import { defineFault } from './fault.ts';

/** A file is there twice, under two names. */
export const duplicateFile = defineFault({
  name: 'duplicate-file',
  says: 'a note: what it names is set aside and the rest of the report is as without it',
  spoil(files, world, random) {
    const names = world.devicesOf(mainIdentity).map(({ name }) => name);
    const original = random.pick(files.filter(({ lines }) => lines.some(({ device }) => names.includes(device))));
    const file = random.chance(0.5) ? `backup/${original.name}` : original.name.replace(/\.(\w+)$/, '.copy.$1');
    files.push({ name: file, lines: [...original.lines] });
    return {
      code: 'duplicate-file',
      verdict: 'note',
      identity: mainIdentity,
      device: original.lines[0]?.device ?? '',
      file,
      others: [original.name],
      story: `${file} has the same lines as ${original.name}`,
    };
  },
});
