import { CodedError } from '@pipeline/event-schema';
import { HTTP_REFUSALS } from '@pipeline/observability';

/** Every reason why a whole request is refused: HTTP status and sentence. Part of the public contract. */
export const REFUSALS = {
  ...HTTP_REFUSALS,
  'malformed-json': [400, 'The body is not JSON'],
  'malformed-encoding': [400, 'The body does not decode as its Content-Encoding says'],
  'not-utf8': [400, 'The body is not UTF-8'],
  'no-events': [400, 'The body holds no event'],
  'all-events-rejected': [400, 'No event of the request was accepted; results say why'],
  'write-key-missing': [401, 'A write key is required, as X-Write-Key or write_key'],
  'write-key-wrong': [403, 'The write key is not valid'],
  'origin-not-allowed': [403, 'Pages of this origin may not send events here; sending again does not help'],
  'not-found': [404, 'There is nothing at this address'],
  'method-not-allowed': [405, 'The address does not support this method'],
  'body-too-large': [413, 'The body is too large'],
  'too-many-events': [413, 'The request holds too many events'],
  'json-too-complex': [413, 'The JSON nests too deep, or holds too many values or names'],
  'address-too-long': [414, 'The address is too long'],
  'unsupported-media-type': [415, 'Content-Type must be application/json or text/plain'],
  'unsupported-encoding': [415, 'Content-Encoding must be gzip, deflate, br or zstd'],
  'too-many-requests': [429, 'This client sends too many requests; Retry-After says when to go on'],
  internal: [500, 'The collector failed; the events are not claimed to be stored'],
  'kafka-unavailable': [503, 'Events cannot be made durable now; try again later'],
  'queue-full': [503, 'Too many events wait to become durable; try again later'],
  'spool-full': [503, 'Kafka is away and the local spool is full; try again later'],
  'spool-unwritable': [503, 'Kafka is away and the local spool cannot be written; try again later'],
  'clock-wrong': [503, 'The clock of this instance is wrong; try again later'],
  stopping: [503, 'This instance is stopping; try again'],
  'not-ready': [503, 'This instance cannot take events now'],
} as const satisfies Record<string, readonly [status: number, message: string]>;

export type RefusalCode = keyof typeof REFUSALS;

/** A request that is refused as a whole: nothing of it is claimed to be stored. */
export class Refusal extends CodedError<RefusalCode> {
  constructor(
    code: RefusalCode,
    /** The result of each event as JSON, where the request got that far. */
    readonly results?: string,
  ) {
    super(code, REFUSALS[code][1]);
  }

  get status(): number {
    return REFUSALS[this.code][0];
  }

  /** The body of the answer. */
  toJson(): string {
    const results = this.results === undefined ? '' : `,"results":${this.results}`;
    return `{"code":"${this.code}","message":${JSON.stringify(this.message)}${results}}`;
  }
}

const MAX_RETRY_AFTER_S = 5;

/** Whole seconds; spread out, so that refused clients do not come back together. */
export function retryAfterSeconds(): string {
  return String(1 + Math.floor(Math.random() * MAX_RETRY_AFTER_S));
}
