import type { LogFile, LogLine } from './model.ts';
import type { Random } from './prng.ts';
import type { World } from './world.ts';

/** Sorts what the devices wrote into files, as the run's layout has it. */
export function layOut(world: World, random: Random): LogFile[] {
  const { layout } = world.features;
  if (layout === 'merged') {
    // One collector for all: the lines of a device stay in order, those of different devices mix as they came in.
    const lines = world.devices.flatMap(({ log }) => log.lines);
    return [{ name: 'all.ndjson', lines: lines.toSorted((left, right) => left.at - right.at) }];
  }
  const extension = random.pick(['ndjson', 'log', 'json']);
  const folder = random.chance(0.3) ? 'logs/' : '';
  return world.devices.flatMap(({ name, log }) => {
    if (layout === 'per-device') return [{ name: `${folder}${name}.${extension}`, lines: [...log.lines] }];
    return [...byIncarnation(log.lines)].map(([incarnation, lines]) => ({
      name: `${folder}${name}/start-${incarnation}.${extension}`,
      lines,
    }));
  });
}

/** The run's manifest. It is taken before a fault removes anything, so it may name what is not there. */
export function manifestOf(world: World, files: readonly LogFile[], random: Random): string {
  const named = random.chance(0.5);
  const devices = Object.fromEntries(
    world.devices.map(({ name, identity }) => {
      const own = files.filter(({ lines }) => lines.some(({ device }) => device === name)).map((file) => file.name);
      return [name, named ? { identity, files: own } : { identity }];
    }),
  );
  return `${JSON.stringify({ run: world.run, label: 'simulated', instrumented: true, devices }, null, 2)}\n`;
}

/** The file as it would lie on a disk. A torn last line has no end, and no newline. */
export function render({ name, lines, torn }: LogFile): { name: string; content: string } {
  return { name, content: `${lines.map(({ text }) => `${text}\n`).join('')}${torn ?? ''}` };
}

function byIncarnation(lines: readonly LogLine[]): Map<number, LogLine[]> {
  const groups = new Map<number, LogLine[]>();
  for (const line of lines) {
    const group = groups.get(line.incarnation);
    if (group === undefined) groups.set(line.incarnation, [line]);
    else group.push(line);
  }
  return groups;
}
