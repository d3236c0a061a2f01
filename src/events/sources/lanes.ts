/** Whether every line must go through JSON.parse: `REPLAY_SLOW=1` in the environment, for whoever doubts the fast lane. */
export function slowLaneOnly(): boolean {
  return process.env.REPLAY_SLOW === '1';
}

/** Whether the fast lane must do without its kernel: `REPLAY_SLOW=plain`, for whoever doubts that one. */
export function withoutKernel(): boolean {
  return process.env.REPLAY_SLOW === 'plain';
}
