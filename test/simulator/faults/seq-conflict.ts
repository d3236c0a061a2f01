import type { LogFile, LogLine } from '../model.ts';
import { mainIdentity } from '../world.ts';
import { defineFault, violation } from './fault.ts';

/** One seq of one device is there twice, with different contents. */
export const seqConflict = defineFault({
  name: 'seq-conflict',
  says: 'the same seq with other content is a violation',
  spoil(files, world, random) {
    const names = world.devicesOf(mainIdentity).map(({ name }) => name);
    const line = random.pickOptional(
      files
        .flatMap(({ lines }) => lines)
        .filter(({ device, type = '' }) => names.includes(device) && type in alterations),
    );
    if (line === undefined) return undefined;
    const record = JSON.parse(line.text) as Record<string, unknown>;
    const text = JSON.stringify({ ...record, ...alterations[line.type as keyof typeof alterations](record) });
    const file = files.find(({ lines }) => lines.includes(line)) as LogFile;
    const other: LogLine = { ...line, text };
    const apart = random.chance(0.3);
    if (apart) files.push({ name: 'late.ndjson', lines: [other] });
    else file.lines.splice(file.lines.indexOf(line) + 1, 0, other);
    return violation('seq-conflict', world.deviceNamed(line.device), {
      incarnation: line.incarnation,
      seq: line.seq as number,
      file: apart ? 'late.ndjson' : file.name,
      // Whichever of the two lines is believed, the ledger may not fit what else is known.
      ...(line.type === 'balance' ? { mayAlso: ['balance-missing', 'balance-read', 'undetermined'] } : {}),
      story: `${line.device}, start ${line.incarnation}, says two things (${line.type}) at seq ${line.seq}`,
    });
  },
});

/** By type, a field that then says something else. */
const alterations = {
  balance: () => ({ delta: '0.5' }),
  'op.end': ({ durationMs }: Record<string, unknown>) => ({ durationMs: Number(durationMs) + 1 }),
  request: ({ durationMs }: Record<string, unknown>) => ({ durationMs: Number(durationMs) + 1 }),
  'balance.read': ({ tokens }: Record<string, unknown>) => ({ tokens: Number(tokens) + 1 }),
};
