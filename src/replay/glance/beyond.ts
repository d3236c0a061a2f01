/** Thrown where a run goes another way than a glance knows: somebody else must look. It says nothing about the run. */
export class Beyond extends Error {
  override readonly name = 'Beyond';
}
