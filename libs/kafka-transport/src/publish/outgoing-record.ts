import { type RecordHeaders } from '../record-headers.ts';

/** A record to be produced. Equal keys go to the same partition, by Kafka's own hash. */
export interface OutgoingRecord {
  readonly key: string | Buffer | null;
  readonly value: string | Buffer | null;
  readonly headers?: RecordHeaders;
}
