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
