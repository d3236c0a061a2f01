import { arbiter } from './arbiter.ts';
import { balance, balanceRead, tokensRead } from './balance.ts';
import { assertion, counters, log, sample, section } from './harness.ts';
import { deviceEnd, deviceStart } from './lifecycle.ts';
import { operationEnd, operationStart } from './operation.ts';
import { replication } from './replication.ts';
import { request } from './request.ts';
import { clear, importSnapshot, publish } from './snapshot.ts';
import { verify } from './verify.ts';
import { write } from './write.ts';

/** The family of event types, in the order of the contract. A new one is a file and a line here. */
export const eventTypes = [
  deviceStart,
  deviceEnd,
  operationStart,
  operationEnd,
  write,
  verify,
  request,
  replication,
  publish,
  importSnapshot,
  clear,
  balance,
  balanceRead,
  tokensRead,
  arbiter,
  counters,
  section,
  assertion,
  sample,
  log,
] as const;
