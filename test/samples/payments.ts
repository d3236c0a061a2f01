import { createRandom } from '../../src/base/statistics.ts';
import type { Files } from '../story.ts';

const epoch = 1_748_642_400_000;
const device = 'bob-peer1';

/**
 * The log of a device that verifies each write before it makes the next: payments, invoices, and the clearing of an outbox,
 * which sends its verifies all at once. Durations are drawn from a seed, with a long tail, as those of a gateway are.
 */
export function payments(): Files {
  const random = createRandom(7);
  const lines: string[] = [];
  let now = epoch;
  let seq = 0;
  let effects = 0;
  const emit = (type: string, fields: Record<string, unknown>, at = now) => {
    const header = { level: 30, time: round(at), pid: 4211, hostname: device, msg: type, v: 1, type, device };
    const order = { identity: 'bob', incarnation: 1, seq: ++seq, run: 'round-trips' };
    lines.push(`${JSON.stringify({ ...header, ...order, ...fields })}\n`);
  };
  const wait = (ms: number) => {
    now += ms;
  };
  const roundTrip = () => round(170 + 60 * random() + (random() < 0.06 ? 900 * random() : 0));
  const write = (key: string, opId: string) => {
    wait(2 + 3 * random());
    const effect = `e${++effects}`;
    emit('write', { effect, originSeq: effects, key, durationMs: 2, opId });
    return effect;
  };
  const operate = (op: string, opId: string, body: () => void) => {
    wait(400 + 400 * random());
    const began = now;
    emit('op.start', { op, opId });
    body();
    wait(4);
    emit('op.end', { op, ok: true, durationMs: round(now - began), opId });
  };
  const request = (kind: string, opId: string, attempts = 1) => {
    const requestId = `r${seq}`;
    for (let attempt = 1; attempt <= attempts; attempt++) {
      const durationMs = roundTrip();
      wait(durationMs);
      emit('request', { kind, requestId, attempt, ok: attempt === attempts, durationMs, opId });
    }
  };
  const verifyEach = (count: number, key: string, opId: string) => {
    for (let made = 0; made < count; made++) {
      const effect = write(key, opId);
      const durationMs = roundTrip();
      wait(durationMs);
      emit('verify', { effect, attempt: 1, ok: true, durationMs, opId });
    }
  };
  const verifyAtOnce = (count: number, key: string, opId: string) => {
    const written = Array.from({ length: count }, () => write(key, opId));
    const sent = now;
    const answers = written
      .map((effect) => ({ effect, durationMs: round(roundTrip() * 1.4) }))
      .sort((left, right) => left.durationMs - right.durationMs);
    for (const { effect, durationMs } of answers) {
      now = sent + durationMs;
      emit('verify', { effect, attempt: 1, ok: true, durationMs, opId });
    }
  };

  emit('device.start', {});
  for (let index = 1; index <= 18; index++) {
    const opId = `pay-${index}`;
    operate('pay', opId, () => {
      request('submit', opId, index === 5 ? 3 : 1);
      verifyEach(4 + Math.floor(28 * random()), 'outbox', opId);
      const durationMs = roundTrip();
      wait(durationMs);
      emit('publish', { snapshot: `s${index}`, frontier: { [device]: effects }, durationMs, opId });
    });
    if (index % 2 === 0) {
      const invoice = `invoice-${index / 2}`;
      operate('deliver-invoice', invoice, () => {
        verifyEach(12, 'invoice', invoice);
        request('deliver', invoice);
      });
    }
    if (index % 4 === 0) {
      const clearing = `clear-${index / 4}`;
      operate('clear-outbox', clearing, () => verifyAtOnce(24 + Math.floor(16 * random()), 'outbox', clearing));
    }
  }
  emit('device.end', { quiescent: true });
  return { [`${device}.ndjson`]: lines.join('') };
}

/** Microseconds are what a recorder writes at most. */
function round(ms: number): number {
  return Math.round(ms * 1000) / 1000;
}
