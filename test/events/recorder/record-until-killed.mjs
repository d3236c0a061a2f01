/** Records as fast as it can and says after each event, to its parent, which effect is in the log; until it is killed. */
import { writeSync } from 'node:fs';
import { pathToFileURL } from 'node:url';

const [, , recorderPath, log] = process.argv;
const { createRecorder } = await import(pathToFileURL(recorderPath).href);
const record = createRecorder({ device: 'bob-peer1', identity: 'bob', destination: log, enabled: true });
for (let count = 1; ; count++) {
  record.write({
    effect: `e${count}`,
    key: 'k',
    deps: Array.from({ length: count % 50 }, (_, index) => `dep-${index}`),
  });
  writeSync(1, `${count}\n`);
}
