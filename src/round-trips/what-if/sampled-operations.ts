import { byText, getOrCreate } from '../../base/order.ts';
import type { SettledOperations } from '../../replay/operations/settle-operations.ts';
import { sampleOf } from '../../replay/operations/tally.ts';
import { incarnationOf, type PreparedOperation, prepareOperation } from './prepared-operation.ts';
import { type Publication, publicationsOf } from './publications.ts';
import { lengthOf } from './verified-writes.ts';

/** With fewer verifications of its own, an operation takes those of the whole run. */
const fewestOwn = 8;

/** Operations of one name. */
export interface NamedOperations {
  readonly name: string | null;
  readonly operations: readonly PreparedOperation[];
}

/** The operations that can be replayed, by name. */
export function preparedOf({ tallies, publishes }: SettledOperations): NamedOperations[] {
  const samples = [...tallies.values()].sort((left, right) => byText(nameOf(left), nameOf(right)));
  const events = new Map([...publishes].map(([device, published]) => [device, [...published]]));
  for (const operation of samples.flatMap(sampleOf)) {
    for (const { event } of operation.steps) {
      if (event.type === 'publish') getOrCreate(events, event.device, () => []).push(event);
    }
  }
  const publications = new Map<string, readonly Publication[]>();
  for (const [device, published] of events) publications.set(device, publicationsOf(published));
  return samples
    .map((tally) => ({
      name: tally.name,
      operations: sampleOf(tally).flatMap(
        (operation) => prepareOperation(operation, publications.get(operation.device) ?? []) ?? [],
      ),
    }))
    .filter(({ operations }) => operations.length > 0);
}

/** How long verifications take that an operation's batches are drawn from, sorted. */
export function verificationsOf(named: readonly NamedOperations[]): Map<PreparedOperation, readonly number[]> {
  const lengthsOf = (operations: readonly PreparedOperation[]) => {
    const writes = operations.flatMap(({ writes }) => writes);
    const each = new Map(writes.map(({ event, verification }) => [event, lengthOf(verification)]));
    return [...each.values()].sort((left, right) => left - right);
  };
  const all = lengthsOf(named.flatMap(({ operations }) => operations));
  return new Map(
    named.flatMap(({ operations }) => {
      const own = lengthsOf(operations);
      return operations.map((operation) => [operation, own.length < fewestOwn ? all : own] as const);
    }),
  );
}

/** When the log of an operation's process ends, as far as it is known. */
export function logEndsOf(
  { recent }: SettledOperations,
  operations: readonly PreparedOperation[],
): (operation: PreparedOperation) => number {
  const ends = new Map<string, number>();
  const reach = (device: string, incarnation: number, time: number) => {
    const key = `${incarnation} ${device}`;
    ends.set(key, Math.max(time, ends.get(key) ?? time));
  };
  for (const [device, steps] of recent) {
    for (const { incarnation, end } of steps) reach(device, incarnation, end);
  }
  for (const operation of operations) {
    reach(operation.operation.device, incarnationOf(operation), operation.span.end);
    const last = operation.publications.findLast(({ event }) => event.incarnation === incarnationOf(operation));
    if (last) reach(operation.operation.device, incarnationOf(operation), last.end);
  }
  return (operation) => ends.get(`${incarnationOf(operation)} ${operation.operation.device}`) ?? operation.span.end;
}

/** No name comes before any name. */
function nameOf({ name }: { readonly name: string | null }): string {
  return name === null ? '' : ` ${name}`;
}
