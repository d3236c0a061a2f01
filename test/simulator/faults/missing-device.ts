import { mainIdentity } from '../world.ts';
import { removeLines } from './evidence.ts';
import { defineFault } from './fault.ts';

/** Nothing is left of one device, of which the manifest or the others' lines still speak. */
export const missingDevice = defineFault({
  name: 'missing-device',
  says: 'a missing device that could hide the deciding line makes the answer not checked for what it could hide',
  spoil(files, world, random) {
    const device = random.pick(world.devicesOf(mainIdentity));
    const named = world
      .siblings(device)
      .some(({ log }) => log.lines.some(({ text }) => text.includes(`"origin":"${device.name}"`)));
    if (!named && !world.features.manifest) return undefined;
    removeLines(files, (line) => line.device === device.name);
    return {
      code: 'missing-device',
      verdict: 'not-checked',
      identity: device.identity,
      device: device.name,
      story: `no file has a line of ${device.name}`,
    };
  },
});
