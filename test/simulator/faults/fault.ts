import type { Features } from '../features.ts';
import type { LogFile } from '../model.ts';
import type { Random } from '../prng.ts';
import type { TruthFinding } from '../truth.ts';
import type { World } from '../world.ts';

/** Something that goes wrong in a run. Either the devices do it, while the world is played, or the logs suffer it afterwards. */
export interface Fault<Name extends string = string> {
  /** The finding code of the contract, which is also the file's name. */
  readonly name: Name;
  /** What the contract says of it. */
  readonly says: string;
  /** What the world must be like to host it. */
  readonly requires?: Partial<Features>;
  /** A fault of the devices. Nothing comes back where the world cannot host it yet; it is asked again a step later. */
  readonly inject?: (world: World) => TruthFinding | undefined;
  /** A fault of the evidence: changes the files in place. */
  readonly spoil?: (files: LogFile[], world: World, random: Random) => TruthFinding | undefined;
}

/** Declares a fault and keeps its name as a type of its own. */
export function defineFault<const Name extends string>(fault: Fault<Name>): Fault<Name> {
  return fault;
}

/** A violation by a device of an effect, with the fields that all of them have. */
export function violation(
  code: string,
  device: { readonly name: string; readonly identity: string },
  more: Partial<TruthFinding> & { story: string },
): TruthFinding {
  return { code, verdict: 'violated', identity: device.identity, device: device.name, ...more };
}
