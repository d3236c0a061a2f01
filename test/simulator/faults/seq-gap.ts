import { mainIdentity } from '../world.ts';
import { removeLines } from './evidence.ts';
import { defineFault } from './fault.ts';

/** Some lines in a row are missing from a device's log, among them one that moves a balance. */
export const seqGap = defineFault({
  name: 'seq-gap',
  says: 'a hole in `seq` that could hide the deciding line makes the answer not checked for what it could hide',
  spoil(files, world, random) {
    const device = random.pick(world.devicesOf(mainIdentity));
    const numbered = device.log.lines.filter(({ seq }) => seq !== undefined);
    const lastOf = new Map(numbered.map(({ incarnation, seq }) => [incarnation, seq as number]));
    const deciding = random.pickOptional(
      numbered.filter(
        ({ type, incarnation, seq }) => type === 'balance' && (seq as number) < (lastOf.get(incarnation) ?? 0),
      ),
    );
    if (deciding === undefined) return undefined;
    const { incarnation } = deciding;
    const seq = deciding.seq as number;
    // The beginning may be gone as well: a log that begins later begins with a gap.
    const first = random.chance(0.2) ? 1 : Math.max(1, seq - random.between(0, 2));
    // The last line of the incarnation stays, or the hole would be an end.
    const last = Math.min(seq + random.between(0, 2), (lastOf.get(incarnation) as number) - 1);
    removeLines(files, (line) => {
      if (line.device !== device.name || line.incarnation !== incarnation || line.seq === undefined) return false;
      return line.seq >= first && line.seq <= last;
    });
    return {
      code: 'seq-gap',
      verdict: 'not-checked',
      identity: device.identity,
      device: device.name,
      incarnation,
      seq: first,
      story: `${device.name}, start ${incarnation}: seq ${first} to ${last} are missing`,
    };
  },
});
