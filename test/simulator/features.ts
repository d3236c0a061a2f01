import type { Random } from './prng.ts';

/** How the run stops. */
export type Ending = 'quiescent' | 'pending' | 'aborted';

/** What a world is like. Each may be named by the caller; what is not named is drawn from the seed. */
export interface Features {
  /** How many devices the main identity has. */
  devices: number;
  steps: number;
  ending: Ending;
  /** How far the clocks of devices may be off, each way. */
  skewMs: number;
  /** `bare`: the logs have lines about starts, ends, balances and reads, and no balance line names its cause. */
  detail: 'full' | 'bare';
  /** Writes name whom they follow. */
  deps: boolean;
  /** Snapshots list what is in them. */
  contents: boolean;
  /** Some deliveries name the head alone. */
  headsOnly: boolean;
  /** Now and then a later effect overtakes an earlier one of its origin, which then comes at once. */
  overtaking: boolean;
  restarts: boolean;
  /** Snapshots are published, and taken over. */
  recoveries: boolean;
  /** Now and then something is refused, or skipped as one's own. Only who asks for calm is without. */
  mishaps: boolean;
  /** Where there are recoveries, devices are wiped and recover. Only who asks for calm is without. */
  wipes: boolean;
  /** A device may be wiped while a snapshot lacks its own last effects, which siblings then give back to it. */
  ownRedelivery: boolean;
  arbiter: boolean;
  /** A third wallet with two devices takes part. */
  thirdWallet: boolean;
  /** `run.json` is there. */
  manifest: boolean;
  layout: 'per-device' | 'per-incarnation' | 'merged';
  /** What a `verify` line names. */
  verifyBy: 'effect' | 'cid';
  mono: boolean;
  /** `device.end` names the heads. */
  heads: boolean;
}

/** Draws a world from the seed. */
export function drawFeatures(random: Random): Features {
  return {
    devices: random.between(2, 4),
    steps: random.between(50, 160),
    ending: random.pick(['quiescent', 'quiescent', 'pending', 'aborted']),
    skewMs: random.pick([0, 500, 5_000]),
    detail: random.chance(0.1) ? 'bare' : 'full',
    deps: random.chance(0.4),
    contents: random.chance(0.5),
    headsOnly: random.chance(0.4),
    overtaking: random.chance(0.3),
    restarts: random.chance(0.7),
    recoveries: random.chance(0.6),
    mishaps: true,
    wipes: true,
    ownRedelivery: random.chance(0.3),
    arbiter: random.chance(0.5),
    thirdWallet: random.chance(0.3),
    manifest: random.chance(0.5),
    layout: random.pick(['per-device', 'per-device', 'per-incarnation', 'merged']),
    verifyBy: random.chance(0.7) ? 'effect' : 'cid',
    mono: random.chance(0.7),
    heads: random.chance(0.7),
  };
}
