import type { LoggedEvent } from '../../events/event.ts';
import type { Mark } from '../mark.ts';
import { type Holding, isSameError, type Mislisting, type Misreading, type Readings } from '../projections/readings.ts';

/** A reading that the ledger of its device does not confirm, while its event is not looked up. */
export interface UnconfirmedReading {
  /** The place of its line in the order of the device. */
  readonly place: number;
  readonly incarnation: number;
  /** How often the device was wiped before. */
  readonly phase: number;
  readonly coin: string;
  readonly shown: Holding;
  readonly held: Holding;
  repeated: number;
}

/** Such a list of tokens. */
export interface UnconfirmedList extends Pick<Mislisting, 'surplus' | 'missing'> {
  readonly place: number;
  readonly incarnation: number;
  readonly phase: number;
}

/** What one device showed and its ledger did not confirm, as plain data. */
export interface Unconfirmed {
  readonly readings: UnconfirmedReading[];
  readonly lists: UnconfirmedList[];
}

/** Takes down what a device showed of a coin; where that is wrong as the last time, it is only counted. */
export function noteReading({ readings }: Unconfirmed, reading: Omit<UnconfirmedReading, 'repeated'>): void {
  const last = readings.findLast(({ coin }) => coin === reading.coin);
  if (last?.phase === reading.phase && isSameError([last.shown, last.held], [reading.shown, reading.held]))
    last.repeated += 1;
  else readings.push({ ...reading, repeated: 0 });
}

/** The places of the lines that tell of it. */
export function placesOf({ readings, lists }: Unconfirmed): ReadonlySet<number> {
  return new Set([...readings, ...lists].map(({ place }) => place));
}

/** The same as a projection holds it. `markAt`: the event of the line at a place. */
export function wrongReadings(
  { readings, lists }: Unconfirmed,
  markAt: (place: number) => Mark<LoggedEvent>,
): Pick<Readings, 'wrong' | 'wrongLists'> {
  return {
    wrong: readings.map(({ place, held, repeated, phase }): Misreading => {
      return { read: markAt(place) as Misreading['read'], ...held, repeated, phase };
    }),
    wrongLists: lists.map(({ place, surplus, missing, phase }): Mislisting => {
      return { read: markAt(place) as Mislisting['read'], surplus, missing, phase };
    }),
  };
}
