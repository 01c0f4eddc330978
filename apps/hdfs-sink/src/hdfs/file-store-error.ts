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

/** Nothing changes by itself here: an operator has to act. The sink tries again all the same, for he may have acted. */
const PERMANENT: ReadonlySet<FileStoreErrorCode> = new Set<FileStoreErrorCode>([
  'quota',
  'permission',
  'unsupported',
]);

export interface FileStoreErrorFacts {
  readonly status?: number | undefined;
  readonly javaClassName?: string | undefined;
  readonly cause?: unknown;
}

/** A failure of the file store. Whether the operation was applied is open unless {@link notApplied}. */
export class FileStoreError extends Error {
  override readonly name = 'FileStoreError';
  readonly status: number | undefined;
  readonly javaClassName: string | undefined;

  constructor(
    readonly code: FileStoreErrorCode,
    message: string,
    { status, javaClassName, cause }: FileStoreErrorFacts = {},
  ) {
    super(message, cause === undefined ? undefined : { cause });
    this.status = status;
    this.javaClassName = javaClassName;
  }

  get retriable(): boolean {
    return !PERMANENT.has(this.code);
  }

  /** This server surely did nothing, another one may: it is a standby, or nothing listens there. */
  get notApplied(): boolean {
    return this.code === 'standby' || this.code === 'unreachable';
  }
}
