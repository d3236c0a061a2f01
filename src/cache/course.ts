import type { Run } from '../replay/run.ts';
import type { FileDigest } from './file-digest.ts';
import { isGrown, type RunMark, writeMark } from './run-mark.ts';

/** What a work on a run may go on from, and what it leaves for the next one. */
export interface Course<State> {
  /** What was left of the run; every byte that was there is there still, and there may be more behind it. */
  readonly from: State | undefined;
  /** Leaves what the work came to at the end of the run, which may not change any more: plain data, or what becomes that when it is cloned. */
  leave(state: State): void;
}

/** The course of a work on a run of which every byte was looked at. */
export class RunCourse<State> implements Course<State> {
  readonly from: State | undefined;
  readonly #digests: readonly FileDigest[];
  readonly #isNew: boolean;
  #left: State | undefined;

  private constructor(from: State | undefined, digests: readonly FileDigest[], isNew: boolean) {
    this.from = from;
    this.#digests = digests;
    this.#isNew = isNew;
  }

  /** The course of a work that goes on from a mark, if it can. */
  static async from<State>(
    run: Run,
    mark: RunMark | undefined,
    digests: readonly FileDigest[],
  ): Promise<RunCourse<State>> {
    const from = mark && (await isGrown(run, mark, digests)) ? mark.state() : undefined;
    const isNew = from === undefined || digests.some(({ bytes }, index) => bytes !== mark?.files[index]?.bytes);
    return new RunCourse(from as State | undefined, digests, isNew);
  }

  leave(state: State): void {
    this.#left = state;
  }

  /** What was left, as a mark: as late as can be, for it may be large. `undefined` for the one that there is, and in the middle of a line. */
  mark(): readonly Uint8Array[] | undefined {
    const isWhole = this.#digests.every(({ endsLine }) => endsLine);
    return this.#left && isWhole && this.#isNew ? writeMark(this.#digests, this.#left) : undefined;
  }
}
