import { play } from '../play.ts';
import { mainIdentity } from '../world.ts';
import { defineFault } from './fault.ts';

/** A file of another run of the same devices lies among the files of this one. */
export const foreignFile = defineFault({
  name: 'foreign-file',
  says: 'a file whose lines name another run is foreign; a note, set aside, and the rest of the report is as without it',
  spoil(files, world, random) {
    const { world: other } = play(`${world.run}-before`, { ...world.features, steps: 30 }, random);
    const device = random.pick(other.devicesOf(mainIdentity));
    const file = random.pick(['old.ndjson', 'before/peer.log', 'a.ndjson']);
    files.push({ name: file, lines: device.log.lines });
    return {
      code: 'foreign-file',
      verdict: 'note',
      identity: mainIdentity,
      device: device.name,
      file,
      story: `${file} is the log of ${device.name} in ${other.run}`,
    };
  },
});
