import { ReplayError } from '../../base/errors.ts';

const troubles: Readonly<Record<string, readonly [string, string]>> = {
  ENOENT: ['no such file; it was there when the run was listed', 'run it again when the log is no longer being moved'],
  EACCES: ['no permission to read it', 'chmod +r it, or run as a user who may read it'],
  EPERM: ['no permission to read it', 'chmod +r it, or run as a user who may read it'],
  EISDIR: ['is a folder, not a file', 'name the folder alone to read everything below it'],
  EMFILE: ['too many open files', 'raise the limit with ulimit -n'],
};

/** The error for a file that cannot be read, as the user sees it. */
export function unreadable(path: string, error: { code?: string; message?: string }): never {
  const [trouble, hint] = troubles[error.code ?? ''] ?? [error.message ?? 'cannot be read', undefined];
  throw new ReplayError(`${path}: ${trouble}`, hint, { cause: error });
}
