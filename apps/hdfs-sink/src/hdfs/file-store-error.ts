import { CodedError } from '@pipeline/event-schema';

/** Why the store did not do what it was asked. Closed: a code is a metric label. */
export type FileStoreErrorCode =
  | 'unreachable'
  | 'timeout'
  | 'broken-connection'
  | 'standby'
  | 'safe-mode'
  | 'busy'
  | 'unavailable'
  | 'lease'
  | 'quota'
  | 'permission'
  | 'not-found'
  | 'already-exists'
  | 'truncated'
  | 'unsupported'
  | 'unexpected';

export interface FileStoreErrorFacts {
  readonly status?: number | undefined;
  readonly javaClassName?: string | undefined;
  readonly cause?: unknown;
}

/** A failure of the file store. Whether the operation was applied is open unless {@link notApplied}. */
export class FileStoreError extends CodedError<FileStoreErrorCode> {
  readonly status: number | undefined;
  readonly javaClassName: string | undefined;

  constructor(
    code: FileStoreErrorCode,
    message: string,
    { status, javaClassName, cause }: FileStoreErrorFacts = {},
  ) {
    super(code, message, { cause });
    this.status = status;
    this.javaClassName = javaClassName;
  }

  /** This server surely did nothing, another one may: it is a standby, or nothing listens there. */
  get notApplied(): boolean {
    return this.code === 'standby' || this.code === 'unreachable';
  }
}

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
