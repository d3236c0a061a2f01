import { mainIdentity } from '../world.ts';
import { defineFault } from './fault.ts';

/** A device writes numbered lines of a type that the contract does not have. */
export const unknownType = defineFault({
  name: 'unknown-type',
  says: 'an unknown type is counted and listed, never guessed; a note',
  requires: { detail: 'full' },
  inject(world) {
    const device = world.random.pick(world.devicesOf(mainIdentity));
    const lines = world.random.between(1, 3);
    for (let line = 0; line < lines; line++) device.log.emit('gossip.round', { fanout: 3 }, 'gossip');
    return {
      code: 'unknown-type',
      verdict: 'note',
      identity: device.identity,
      device: device.name,
      incarnation: device.log.incarnation,
      seq: device.log.seq,
      detail: 'gossip.round',
      story: `${device.name} writes ${lines} lines of type gossip.round`,
    };
  },
});
