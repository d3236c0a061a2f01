/**
 * Thrown where a run goes another way than a glance knows: somebody else must look. `disputed`: hardly any healthy run has what was
 * seen, so that it is best to retain everything at once.
 */
export class Beyond extends Error {
  override readonly name = 'Beyond';
  readonly disputed: boolean;

  constructor(reason: string, disputed = false) {
    super(reason);
    this.disputed = disputed;
  }
}
