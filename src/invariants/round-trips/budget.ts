import { ReplayError } from '../../base/errors.ts';

/** How many round trips operations of one name may make. */
export interface Budget {
  /** `verify` trips in one operation, at their first attempt. */
  readonly verify?: number | undefined;
  /** Round trips of any kind in one operation, at their first attempt. */
  readonly total?: number | undefined;
  /** How often one request may be repeated. */
  readonly retries?: number | undefined;
}

/** By the name of an operation; `*` is for those without a budget of their own. */
export type Budgets = Readonly<Record<string, Budget>>;

/** What a budget may limit. */
export const limits = ['total', 'verify', 'retries'] as const satisfies readonly (keyof Budget)[];

/** The name that stands for every operation without a budget of its own. */
export const anyOperation = '*';

/** Reads budgets as the command line has them: `pay<=1`, `pay.verify<=1`. Throws a `ReplayError` for what is none. */
export function parseBudgets(texts: readonly string[]): Budgets {
  const budgets: Record<string, Budget> = Object.create(null);
  for (const text of texts) {
    const match = /^(?<op>.+?)(?:\.(?<limit>total|verify|retries))?\s*<=\s*(?<most>\d{1,9})$/.exec(text.trim());
    const { op, limit = 'total', most } = match?.groups ?? {};
    if (op === undefined) {
      throw new ReplayError(
        `--budget: expected an operation and its limit, got ${text}`,
        "such as 'pay<=4', 'pay.verify<=1', 'pay.retries<=3', or '*<=10' for all others",
      );
    }
    budgets[op] = { ...budgets[op], [limit]: Number(most) };
  }
  return budgets;
}

/** The budgets of both, limit by limit; the later ones win. */
export function joinBudgets(earlier: Budgets, later: Budgets): Budgets {
  const names = new Set([...Object.keys(earlier), ...Object.keys(later)]);
  return Object.fromEntries([...names].map((name) => [name, { ...earlier[name], ...later[name] }]));
}
