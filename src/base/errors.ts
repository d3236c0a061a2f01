/**
 * A fault that the user of the tool can mend: a wrong path, an unreadable file, a bad option.
 * `message` says where, what was seen and what was expected; `hint` says the next step. It is shown without a stack.
 */
export class ReplayError extends Error {
  override readonly name = 'ReplayError';
  readonly hint: string | undefined;

  constructor(message: string, hint?: string, options?: ErrorOptions) {
    super(message, options);
    this.hint = hint;
  }
}
