type GlanceModule = typeof import('../../../src/replay/glance/glance-run.ts');

/** Whether anybody glances at runs, and at how many of them a glance was enough. */
export const glances = { allowed: true, enough: 0 };

/** Glances that can be forbidden, and are counted: to be mocked in place of the module. */
export function watched(actual: GlanceModule): GlanceModule {
  const glanceRun: GlanceModule['glanceRun'] = async (run, options) => {
    const found = glances.allowed ? await actual.glanceRun(run, options) : null;
    glances.enough += Number(found !== null);
    return found;
  };
  return { ...actual, glanceRun };
}

/** An answer that nobody glanced for. */
export async function withoutGlance<Answer>(ask: () => Promise<Answer>): Promise<Answer> {
  glances.allowed = false;
  return ask().finally(() => {
    glances.allowed = true;
  });
}
