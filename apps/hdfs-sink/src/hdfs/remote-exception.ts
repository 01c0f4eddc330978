import { FileStoreError, type FileStoreErrorCode } from './file-store-error.ts';

/**
 * HDFS answers 403 to nearly every failure, so the exception's class decides and never the status.
 * Source: Hadoop `hdfs/web/resources/ExceptionHandler.java`.
 */
const CODES: Readonly<Record<string, FileStoreErrorCode>> = {
  StandbyException: 'standby',
  ObserverRetryOnActiveException: 'standby',
  SafeModeException: 'safe-mode',
  RetriableException: 'busy',
  ServerTooBusyException: 'busy',
  LeaseExpiredException: 'lease',
  AlreadyBeingCreatedException: 'lease',
  RecoveryInProgressException: 'lease',
  NSQuotaExceededException: 'quota',
  DSQuotaExceededException: 'quota',
  QuotaByStorageTypeExceededException: 'quota',
  QuotaExceededException: 'quota',
  AccessControlException: 'permission',
  AuthorizationException: 'permission',
  SecurityException: 'permission',
  InvalidToken: 'permission',
  FileNotFoundException: 'not-found',
  FileAlreadyExistsException: 'already-exists',
  UnsupportedOperationException: 'unsupported',
  IllegalArgumentException: 'unsupported',
  HadoopIllegalArgumentException: 'unsupported',
};

interface RemoteException {
  readonly javaClassName?: string;
  readonly exception?: string;
  readonly message?: string;
}

/** What an answer that is not a success means; `body` is the answer's text or what was parsed from it. */
export function remoteError(operation: string, status: number, body: unknown): FileStoreError {
  const remote = remoteException(body);
  if (!remote) {
    const code =
      status === 401 ? 'permission' : status >= 500 || status === 429 ? 'unavailable' : 'unexpected';
    return new FileStoreError(code, `${operation} was answered ${status}`, { status });
  }
  const javaClassName = remote.javaClassName ?? remote.exception ?? '';
  const code =
    CODES[javaClassName.split(/[.$]/).at(-1) ?? ''] ?? (status >= 500 ? 'unavailable' : 'unexpected');
  return new FileStoreError(code, `${operation} failed: ${firstLine(remote.message ?? javaClassName)}`, {
    status,
    javaClassName,
  });
}

function remoteException(body: unknown): RemoteException | undefined {
  const parsed = typeof body === 'string' ? parse(body) : body;
  if (typeof parsed !== 'object' || parsed === null) return undefined;
  return (parsed as { RemoteException?: RemoteException }).RemoteException;
}

/** Some messages end with a stack trace of the server. */
function firstLine(message: string): string {
  return message.split('\n', 1)[0] ?? '';
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
