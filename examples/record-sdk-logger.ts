/** Makes events of the debug records of an SDK that has its own logger, without parsing the text that it prints. */
import { createRecorder, createSink } from '../src/events/recorder/index.ts';

const record = createRecorder({
  device: 'bob-peer2',
  identity: 'bob',
  destination: process.argv[2] ?? 'run-1/bob-peer2.ndjson',
});

const sink = createSink(record, ({ message, fields }) => {
  if (message !== 'head verified') return undefined;
  const { cid, ms } = fields as { cid: string; ms: number };
  return { type: 'verify', cid, attempt: 1, ok: true, durationMs: ms };
});

// What the SDK's logger would call: its structured record, and the text that it would have printed.
sink.write({ level: 'debug', namespace: 'ipfs', message: 'head verified', fields: { cid: 'bafy1', ms: 412 } });
sink.write({ level: 'debug', namespace: 'auth', message: 'signed in', fields: { accessToken: 'not for the log' } });
sink.write({ type: 'balance', tokenId: 'T1', coin: 'UCT', delta: '100' });

record.close({ quiescent: true });
if (sink.failures > 0) console.error(`${sink.failures} records fit no event; the last: ${sink.lastFailure?.message}`);
