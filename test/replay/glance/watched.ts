/** Whether anybody glances at runs, how long the stretches are in which they are read again, and for how many of them a glance was enough. */
export const glances: { allowed: boolean; rowsOfStretch: number | undefined; enough: number } = {
  ...{ allowed: true, rowsOfStretch: undefined, enough: 0 },
};

/** A glance that can be forbidden, and is counted: to be mocked in place of what a module exports by that name. */
export function watched<Options extends readonly unknown[], Found>(
  actual: (...options: Options) => Promise<Found | null>,
): (...options: Options) => Promise<Found | null> {
  return async (...options) => {
    const found = glances.allowed ? await actual(...options) : null;
    glances.enough += Number(found !== null);
    return found;
  };
}

/** An answer that nobody glanced for. */
export async function withoutGlance<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  glances.allowed = false;
  return ask().finally(() => {
    glances.allowed = true;
  });
}
