import type { SimulationOptions } from '../simulator/index.ts';

const soak = {
  devices: 2,
  ending: 'quiescent',
  detail: 'full',
  layout: 'per-device',
  thirdWallet: false,
  skewMs: 500,
  contents: true,
} as const;

/** Samples that the simulator plays, by the name of their folder. */
export const simulated = {
  'clean-run': { ...soak, seed: 122, run: 'soak-3', steps: 70, recoveries: true, restarts: true, arbiter: true },
  'snapshot-race': { ...soak, seed: 48, run: 'soak-9', steps: 40, fault: 'snapshot-race' },
} as const satisfies Readonly<Record<string, SimulationOptions>>;
