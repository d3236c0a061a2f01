import type { Verdict } from '../results.ts';

/** What a process says to the one that started it. */
export const exitCodes = {
  held: 0,
  violated: 1,
  unusable: 2,
  inconclusive: 3,
  internal: 70,
  interrupted: 130,
} as const;

/** One of the exit codes above. */
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes];

const byWeight: readonly ExitCode[] = [
  exitCodes.interrupted,
  exitCodes.violated,
  exitCodes.internal,
  exitCodes.unusable,
  exitCodes.inconclusive,
  exitCodes.held,
];

const byVerdict: Readonly<Record<Verdict, ExitCode>> = {
  violated: exitCodes.violated,
  held: exitCodes.held,
  'not-checked': exitCodes.inconclusive,
};

/** The one that counts where several apply: an interruption, then 1, 70, 2, 3, 0. */
export function weightiest(codes: readonly ExitCode[]): ExitCode {
  return byWeight.find((code) => codes.includes(code)) ?? exitCodes.held;
}

/** The code for the verdicts of all runs. No run at all is not enough evidence; `allowInconclusive` turns 3 into 0. */
export function exitCodeOf(verdicts: readonly Verdict[], allowInconclusive: boolean): ExitCode {
  const code =
    verdicts.length === 0 ? exitCodes.inconclusive : weightiest(verdicts.map((verdict) => byVerdict[verdict]));
  return code === exitCodes.inconclusive && allowInconclusive ? exitCodes.held : code;
}
