import { StoreError, type StoreErrorCode } from './store-error.ts';

/**
 * The client's error in this sink's words. It is not kept as `cause`, because it holds the whole request body, and a
 * failure may be waited out for a long time.
 */
export function storeErrorOf(error: unknown): StoreError {
  if (error instanceof StoreError) return error;
  if (!(error instanceof Error)) return new StoreError('unavailable', String(error));
  return new StoreError(codeOf(error), `${error.name}: ${error.message}`);
}

/** By name, as the client's own transport decides: its classes exist twice, once for each module system. */
function codeOf(error: Error): StoreErrorCode {
  switch (error.name) {
    case 'ResponseError':
      return codeOfAnswer(error as ErrorAnswer);
    // The deadline of a whole request is an abort; nothing else aborts requests.
    case 'TimeoutError':
    case 'RequestAbortedError':
      return 'timeout';
    case 'DeserializationError':
    case 'ProductNotSupportedError':
      return 'malformed-reply';
    default:
      return 'unavailable';
  }
}

/** As the client makes it of an answer that is no success. */
interface ErrorAnswer {
  readonly statusCode?: number;
  readonly body?: unknown;
}

function codeOfAnswer({ statusCode: status = 0, body }: ErrorAnswer): StoreErrorCode {
  if (status === 403 && typeOf(body) === 'cluster_block_exception') return 'blocked';
  if (status === 408) return 'timeout';
  if (status === 429) return 'overloaded';
  if (status === 413) return 'too-large';
  if (status === 401 || status === 403) return 'unauthorized';
  if (status === 404) return 'blocked';
  return status >= 500 ? 'unavailable' : 'refused';
}

function typeOf(body: unknown): unknown {
  return (body as { readonly error?: { readonly type?: unknown } } | null | undefined)?.error?.type;
}
