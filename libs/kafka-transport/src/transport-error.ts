/** What can go wrong at the door to Kafka. */
export type TransportErrorCode =
  | 'no-handler'
  | 'several-handlers'
  | 'not-an-event-handler'
  | 'buffer-full'
  | 'broker-unavailable'
  | 'record-too-large'
  | 'record-refused'
  | 'sequence-lost'
  | 'closed'
  | 'query-timeout'
  | 'query-unavailable'
  | 'query-failed';

const RETRIABLE: ReadonlySet<TransportErrorCode> = new Set<TransportErrorCode>([
  'buffer-full',
  'broker-unavailable',
  'closed',
  'query-timeout',
  'query-unavailable',
]);

/** An error of the transport; `retriable` says whether the same call may succeed later. */
export class TransportError extends Error {
  override readonly name: string = 'TransportError';

  constructor(
    readonly code: TransportErrorCode,
    message: string,
    options?: { readonly cause?: unknown },
  ) {
    super(message, options);
  }

  get retriable(): boolean {
    return RETRIABLE.has(this.code);
  }
}
