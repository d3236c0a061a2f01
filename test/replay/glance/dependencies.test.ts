import { expect, test } from 'vitest';
import { Dependencies, type Progress } from '../../../src/replay/glance/dependencies.ts';

const newDevice = (): Progress => ({ reached: [], claimed: [] });

test('what an effect names as its cause is kept until every device has passed it, also those that no line was read of', () => {
  const [one, two] = [newDevice(), newDevice()];
  const peers = { devices: 2, seen: [one] };
  const dependencies = new Dependencies();
  const cause = { origin: 7, originSeq: 4 };
  expect(dependencies.write(one, { origin: 0, originSeq: 1 }, [cause], peers)).toEqual([cause]);
  peers.seen.push(two);
  expect(dependencies.apply(two, 0, 1, peers)).toEqual([cause]);
  expect(dependencies.apply(two, 0, 1, peers)).toEqual([]);
});

test('whoever passes an effect claims it with all that it names, and that names', () => {
  const [one, two] = [newDevice(), newDevice()];
  const peers = { devices: 2, seen: [one, two] };
  const dependencies = new Dependencies();
  dependencies.write(one, { origin: 0, originSeq: 1 }, [{ origin: 7, originSeq: 4 }], peers);
  dependencies.write(one, { origin: 0, originSeq: 2 }, [], peers);
  expect(dependencies.apply(two, 0, 3, peers)).toEqual([
    { origin: 0, originSeq: 2 },
    { origin: 7, originSeq: 4 },
  ]);
});
