import { FileStoreError } from './file-store-error.ts';

const NO_SERVER = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH']);
const TIMED_OUT = new Set(['ETIMEDOUT', 'ESOCKETTIMEDOUT']);

/** What it means that an exchange with a server failed. Only `unreachable` proves that nothing was applied. */
export function connectionError(operation: string, error: unknown): FileStoreError {
  if (error instanceof FileStoreError) return error;
  const { code } = error as NodeJS.ErrnoException;
  if (code === undefined) return new FileStoreError('unexpected', `${operation} failed`, { cause: error });
  if (TIMED_OUT.has(code)) return timeoutError(operation, error);
  return NO_SERVER.has(code)
    ? new FileStoreError('unreachable', `${operation} found no server`, { cause: error })
    : new FileStoreError('broken-connection', `${operation} was cut off`, { cause: error });
}

export function timeoutError(operation: string, cause: unknown): FileStoreError {
  return new FileStoreError('timeout', `${operation} was not answered in time`, { cause });
}
