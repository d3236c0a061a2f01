import { getOrCreate } from '../../base/order.ts';
import { defineProjection } from '../projection.ts';

/** What messages from one device to another say of their clocks: the least time that one seemed to take. */
interface Flight {
  leastMs: number;
  messages: number;
}

/** A message under way: when it left, on its sender's clock, and who heard of it. Of several lines by which one hears, the first counts. */
interface Departure {
  readonly device: string;
  readonly time: number;
  readonly heardBy: string[];
}

/** What bounds the offsets of the devices' clocks against each other. */
export interface ClockEvidence {
  /** By sender, by receiver. */
  readonly flights: Map<string, Map<string, Flight>>;
  /** Effects written and snapshots published lately, by id: the newest ones, because only a message in flight is needed. */
  readonly departures: Map<string, Departure>;
  /** Their ids in a ring, the newest before `next`. */
  readonly departed: string[];
  next: number;
}

/** How many departures are kept; the bound needs some messages, not all of them. */
export const keptDepartures = 10_000;

/**
 * Bounds of clock offsets, from messages: one cannot arrive before it left, so its time of arrival less its time of
 * departure is at most the offset plus nothing. Shown, and never used to decide.
 */
export const clocks = defineProjection<ClockEvidence>({
  name: 'clocks',
  initial: () => ({ flights: new Map(), departures: new Map(), departed: [], next: 0 }),
  on: {
    write: (state, { effect, device, time }) => depart(state, effect, device, time),
    publish: (state, { snapshot, device, time }) => depart(state, `snapshot ${snapshot}`, device, time),
    replication: (state, { effect, device, time }) => arrive(state, effect, device, time),
    import: (state, { snapshot, device, time }) => arrive(state, `snapshot ${snapshot}`, device, time),
  },
});

/** `device = reference + offsetMs ± errorMs`, for each device that exchanged messages with the first by name. */
export interface ClockOffset {
  readonly device: string;
  readonly reference: string;
  readonly offsetMs: number;
  /** `null` where messages went one way only, so that the offset has one bound: the one given. */
  readonly errorMs: number | null;
  readonly messages: number;
}

/** The offsets, where there is one, of each device's clock against that of the first device, by name, with which it exchanged messages. */
export function clockOffsets({ flights }: ClockEvidence, devices: readonly string[]): ClockOffset[] {
  return devices.flatMap((device, index): ClockOffset[] => {
    for (const reference of devices.slice(0, index)) {
      const there = flights.get(reference)?.get(device);
      const back = flights.get(device)?.get(reference);
      const messages = (there?.messages ?? 0) + (back?.messages ?? 0);
      if (there && back) {
        // Messages that took less than no time, there and back: a clock was set while the run went on, and has no one offset.
        if (there.leastMs + back.leastMs < 0) continue;
        const offsetMs = (there.leastMs - back.leastMs) / 2;
        return [{ device, reference, offsetMs, errorMs: (there.leastMs + back.leastMs) / 2, messages }];
      }
      if (there) return [{ device, reference, offsetMs: there.leastMs, errorMs: null, messages }];
      if (back) return [{ device, reference, offsetMs: -back.leastMs, errorMs: null, messages }];
    }
    return [];
  });
}

function depart(state: ClockEvidence, id: string, device: string, time: number | null): void {
  if (time === null) return;
  const { departures, departed } = state;
  if (!departures.has(id)) {
    const oldest = departed[state.next];
    if (oldest !== undefined) departures.delete(oldest);
    departed[state.next] = id;
    state.next = (state.next + 1) % keptDepartures;
  }
  departures.set(id, { device, time, heardBy: [] });
}

function arrive({ departures, flights }: ClockEvidence, id: string, device: string, time: number | null): void {
  const sent = departures.get(id);
  if (!sent || time === null || sent.device === device || sent.heardBy.includes(device)) return;
  sent.heardBy.push(device);
  countMessage(flights, sent.device, device, time - sent.time);
}

/** Counts a message that took so long, by the clocks of both devices. */
export function countMessage(flights: ClockEvidence['flights'], from: string, to: string, tookMs: number): void {
  const flight = getOrCreate(getOrCreate(flights, from, noFlights), to, newFlight);
  flight.leastMs = Math.min(flight.leastMs, tookMs);
  flight.messages++;
}

function noFlights(): Map<string, Flight> {
  return new Map();
}

function newFlight(): Flight {
  return { leastMs: Number.POSITIVE_INFINITY, messages: 0 };
}
