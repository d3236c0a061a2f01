import type { Fault } from './faults/fault.ts';
import { type FaultName, faultNames, faults } from './faults/index.ts';
import { drawFeatures, type Features } from './features.ts';
import { layOut, manifestOf, render } from './files.ts';
import { type Played, play } from './play.ts';
import { Random } from './prng.ts';
import type { Truth, TruthFinding, Verdict } from './truth.ts';

export type { FaultName } from './faults/index.ts';
export type { Ending, Features } from './features.ts';
export type { Agreement, Truth, TruthFinding, Verdict } from './truth.ts';
export { faultNames };

/** What to simulate. Whatever is not named is drawn from the seed. */
export interface SimulationOptions extends Partial<Features> {
  readonly seed: number;
  /** What goes wrong. Several may be asked for; an evidence fault may then hide what a history fault did. */
  readonly fault?: FaultName | 'none' | readonly FaultName[];
  /** The run's name, in the lines and in the manifest. */
  readonly run?: string;
}

/** The logs of one run, and what a judge of them should find. */
export interface SimulatedRun {
  readonly name: string;
  readonly files: readonly { readonly name: string; readonly content: string }[];
  readonly truth: Truth;
}

/** Worlds that are tried before it is said that the fault cannot be hosted. */
const attempts = 20;

/** Plays the seed's world. Where the fault finds no place in it, the next world of the same seed is tried. */
export function simulate(options: SimulationOptions): SimulatedRun {
  const { seed, fault = 'none', run = `sim-${seed}`, ...explicit } = options;
  const names = fault === 'none' ? [] : typeof fault === 'string' ? [fault] : fault;
  const asked = names.map((name) => faults.find((each) => each.name === name) as Fault);
  const required = Object.assign({}, ...asked.map(({ requires }) => requires)) as Partial<Features>;
  // What the caller names wins; a fault that needs otherwise is then simply not hosted.
  const possible = Object.entries({ ...required, ...explicit }).every(
    ([key, value]) => (required[key as keyof Features] ?? value) === value,
  );
  for (let attempt = 0; ; attempt++) {
    const random = new Random(seed).fork(`attempt ${attempt}`);
    const features = { ...drawFeatures(random.fork('features')), ...required, ...explicit };
    const simulated = attemptRun(run, features, random, possible ? asked : []);
    if (simulated.truth.findings.length === asked.length) return simulated;
    if (!possible || attempt === attempts) return { ...simulated, truth: { ...simulated.truth, hosted: false } };
  }
}

function attemptRun(run: string, features: Features, random: Random, asked: readonly Fault[]): SimulatedRun {
  const injections = asked.flatMap(({ inject }) => (inject === undefined ? [] : [inject]));
  const played = play(run, features, random.fork('world'), injections);
  const files = layOut(played.world, random.fork('layout'));
  const manifest = features.manifest ? manifestOf(played.world, files, random.fork('manifest')) : undefined;
  const spoiled = asked.flatMap(({ spoil }) => spoil?.(files, played.world, random.fork('spoil')) ?? []);
  const rendered = files.map(render);
  return {
    name: run,
    files: manifest === undefined ? rendered : [{ name: 'run.json', content: manifest }, ...rendered],
    truth: truthOf(played, [...played.findings, ...spoiled]),
  };
}

function truthOf({ world }: Played, findings: readonly TruthFinding[]): Truth {
  const { features } = world;
  const blind = findings.some(({ verdict }) => verdict === 'not-checked');
  const agreement = world.identities
    .filter((identity) => world.devicesOf(identity).length > 1)
    .map((identity) => {
      const quiescent = world.devicesOf(identity).every(({ endedQuiescent }) => endedQuiescent);
      if (blind) return { identity, checkable: false, reason: 'evidence is missing' };
      return quiescent
        ? { identity, checkable: true }
        : { identity, checkable: false, reason: `the run ended ${features.ending}` };
    });
  const violated = findings.some(({ verdict }) => verdict === 'violated');
  return { verdicts: verdictsOf(violated, blind, features), findings, agreement, hosted: true, features };
}

function verdictsOf(violated: boolean, blind: boolean, { ending, detail }: Features): Verdict[] {
  // Missing evidence may hide a violation that really happened.
  if (violated) return blind ? ['violated', 'not-checked'] : ['violated'];
  if (blind || ending === 'aborted') return ['not-checked'];
  // The contract leaves open whether a question that was not asked, or an effect that is pending, keeps the run from having held.
  return ending === 'quiescent' && detail === 'full' ? ['held'] : ['held', 'not-checked'];
}
