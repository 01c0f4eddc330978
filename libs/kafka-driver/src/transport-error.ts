import { CodedError } from '@pipeline/event-schema';

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

/** An error of the transport. */
export class TransportError extends CodedError<TransportErrorCode> {}
