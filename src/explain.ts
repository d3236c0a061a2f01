import { chooseChecks, examineRun, projectionsFor } from './examine.ts';
import { findingOf } from './finding-by-id.ts';
import { CaseFile } from './invariants/evidence/case-file.ts';
import { causalSlice, sliceLines } from './invariants/judgement/causal-slice.ts';
import { counterfactual, noCounterfactual, withoutLedgers } from './invariants/judgement/counterfactual.ts';
import { mendOf } from './invariants/judgement/faults.ts';
import { judge } from './invariants/judgement/judge.ts';
import { MendedReplay } from './invariants/judgement/mended-replay.ts';
import { devicesByIdentity } from './replay/history.ts';
import { Replayer } from './replay/projection.ts';
import { findCut, onePass } from './replay/replay.ts';
import type { Explanation } from './results-explanation.ts';
import { openOne, type RunOptions } from './run-options.ts';

/** What `explainFinding` is asked. */
export interface ExplainOptions extends RunOptions {
  /** The id that the report gives it: `F1`. */
  readonly finding: string;
  /** The checks that were asked, where not all were: ids are given in the order of what is found. */
  readonly checks?: readonly string[] | undefined;
  /** The point up to which the run was judged, where it was not judged to its end. */
  readonly until?: string | undefined;
}

/**
 * One finding as a story: every line that bears on it with the ledger before and after, and what would be without the fault,
 * which is replayed and judged as well. Reads the run twice. Throws a `ReplayError` for an id that is not there.
 */
export async function explainFinding({ finding: id, checks, until, ...options }: ExplainOptions): Promise<Explanation> {
  const asked = chooseChecks(checks, options.invariants);
  const { run, maxProblems, onBytes } = await openOne('explain', options);
  const cut = until === undefined ? undefined : await findCut(run, until, { maxProblems });
  const replay = { cut, maxProblems, onBytes };
  const asItWas = await examineRun(run, asked, { ...replay, retainsAll: true });
  const explained = findingOf(asItWas.verdicts, id, run.name);
  const { finding, draft } = explained;
  const { file } = asItWas;
  const mend = mendOf(file, draft);
  const slice = causalSlice(file, draft);

  const devicesOf = devicesByIdentity(run);
  const { result } = await onePass(run, replay, () => {
    const lines = new Replayer([slice], devicesOf, false);
    const mended =
      typeof mend === 'string' || !file.logs('balance')
        ? null
        : new MendedReplay(file, mend, projectionsFor(asked), devicesOf);
    return {
      result: { lines, mended },
      take(event) {
        lines.apply(event);
        mended?.take(event);
      },
    };
  });

  const found = result.lines.read(slice);
  return {
    run: run.name,
    finding,
    lines: sliceLines(file, draft, found),
    linesOmitted: found.omitted,
    counterfactual: result.mended ? compare(result.mended) : unreplayed(),
  };

  function unreplayed() {
    return typeof mend === 'string' ? noCounterfactual(mend) : withoutLedgers(draft, mend);
  }

  function compare({ mend: fault, states, shown }: MendedReplay) {
    const mendedFile = new CaseFile(states, file.faults, file.cut);
    return counterfactual(explained, fault, asItWas, { file: mendedFile, verdicts: judge(mendedFile, asked), shown });
  }
}
