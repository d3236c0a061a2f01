/**
 * Records what one device of a wallet does, into `run-1/bob-peer1.ndjson` or the path that is given.
 * Run it with `REPLAY_CAPTURE=1`; without, it does the same and writes nothing.
 */
import { createRecorder } from '../src/events/recorder/index.ts';

const record = createRecorder({
  device: 'bob-peer1',
  identity: 'bob',
  run: 'run-1',
  destination: process.argv[2] ?? 'run-1/bob-peer1.ndjson',
});

record.write({
  effect: 'e1',
  key: 'token',
  kind: 'receive',
  outputs: [{ tokenId: 'T1', coin: 'UCT', amount: '100' }],
});
record.balance({ tokenId: 'T1', coin: 'UCT', delta: '100', effect: 'e1' });

await record.operation('pay', async () => {
  record.write({
    effect: 'e2',
    key: 'token',
    kind: 'transfer',
    deps: ['e1'],
    inputs: ['T1'],
    outputs: [
      { tokenId: 'T2', coin: 'UCT', amount: '99.999999999989' },
      { tokenId: 'T3', coin: 'UCT', amount: '0.000000000011', owner: 'alice' },
    ],
  });
  record.balance({ tokenId: 'T1', coin: 'UCT', delta: '-100', effect: 'e2' });
  record.balance({ tokenId: 'T2', coin: 'UCT', delta: '99.999999999989', effect: 'e2' });
  await record.time('ipfs.pin', () => pin('e2'));
});

record.balanceRead({ coin: 'UCT', amount: '99.999999999989', tokens: 1 });
record.close({ quiescent: true });

/** Stands for the wallet's own network call. */
async function pin(effect: string): Promise<void> {
  const startedAt = performance.now();
  await new Promise((resolve) => setTimeout(resolve, 5));
  record.verify({ effect, attempt: 1, ok: true, durationMs: performance.now() - startedAt });
}
