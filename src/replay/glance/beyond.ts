/**
 * Thrown where a run goes another way than a glance knows: somebody else must look. `disputed`: what was seen is nothing that a healthy
 * run has, so that only a look that retains everything will do.
 */
export class Beyond extends Error {
  override readonly name = 'Beyond';
  readonly disputed: boolean;

  constructor(reason: string, disputed = false) {
    super(reason);
    this.disputed = disputed;
  }
}
