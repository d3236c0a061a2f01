/** Whether every line must go through JSON.parse: `REPLAY_SLOW=1` in the environment, for whoever doubts the fast lane. */
export function slowLaneOnly(): boolean {
  return process.env.REPLAY_SLOW === '1';
}
