const hooks = new Set<() => void>();

/**
 * Calls the function when the process exits, unless the returned function was called before. The process gets a single listener,
 * however many recorders are open, and none when none is. A killed process (SIGKILL, an unhandled SIGTERM) calls nothing.
 */
export function onProcessExit(hook: () => void): () => void {
  if (hooks.size === 0) process.on('exit', runHooks);
  hooks.add(hook);
  return () => {
    hooks.delete(hook);
    if (hooks.size === 0) process.off('exit', runHooks);
  };
}

function runHooks(): void {
  for (const hook of hooks) hook();
}
