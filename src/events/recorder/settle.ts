/**
 * Calls the function and, once it has returned, thrown or settled its promise, says so to `done`. What the caller gets is what
 * the function gave: the same value or the same error, as a promise only where the function gave one.
 */
export function settle<Result>(fn: () => Result, done: (ok: boolean) => void): Result {
  let result: Result;
  try {
    result = fn();
  } catch (error) {
    done(false);
    throw error;
  }
  if (!isThenable(result)) {
    done(true);
    return result;
  }
  return result.then(
    (value) => {
      done(true);
      return value;
    },
    (error) => {
      done(false);
      throw error;
    },
  ) as Result;
}

function isThenable(value: unknown): value is PromiseLike<unknown> {
  return typeof (value as { then?: unknown } | null | undefined)?.then === 'function';
}
