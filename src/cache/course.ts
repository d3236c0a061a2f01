import type { Run } from '../replay/run.ts';
import type { Beginning, FileDigest } from './file-digest.ts';
import { isGrown, type RunMark, writeMark } from './run-mark.ts';

/** What a work on a run may go on from, and what it leaves for the next one. */
export interface Course<State> {
  /** What was left of the run; every byte that was there is there still, and there may be more behind it. */
  readonly from: State | undefined;
  /** Leaves what the work came to at the end of the run. It is cloned at once: plain data, or what becomes that. */
  leave(state: State): void;
  /** To be told where nothing was read but what stands behind what it went on from. */
  readRestAlone(): void;
}

/** The course of a work on a run of which every byte was looked at. */
export class RunCourse<State> implements Course<State> {
  readonly from: State | undefined;
  /** What was left, as a mark; none where that would be the one that there is. */
  left: Uint8Array | undefined;
  /** What stands before the rest of the files, where the work read that alone. */
  beginnings: readonly Beginning[] | undefined;
  readonly #digests: readonly FileDigest[];
  readonly #isNew: boolean;

  constructor(run: Run, mark: RunMark | undefined, digests: readonly FileDigest[]) {
    const from = mark && isGrown(run, mark, digests) ? mark.state() : undefined;
    this.from = from as State | undefined;
    this.#digests = digests;
    this.#isNew = from === undefined || digests.some(({ bytes }, index) => bytes !== mark?.files[index]?.bytes);
  }

  leave(state: State): void {
    const isWhole = this.#digests.every(({ endsLine }) => endsLine);
    if (isWhole && this.#isNew) this.left = writeMark(this.#digests, state);
  }

  readRestAlone(): void {
    if (this.from !== undefined) this.beginnings = this.#digests.flatMap(({ beginning }) => beginning ?? []);
  }
}
