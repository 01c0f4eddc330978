import { CodedError } from '@pipeline/event-schema';
import { type EncodedRecords } from '@pipeline/kafka-transport';

/** Where acknowledged events are safe. */
export type Durability = 'kafka' | 'spool';

/** Makes records durable. */
export interface EventPublisher {
  /**
   * Resolves when all records are durable, and says where.
   * @throws NotDurableError (as rejection): nothing may be claimed, though some of the records may still arrive. Anything
   * else is an error of our own code.
   */
  publish(topic: string, records: EncodedRecords): Promise<Durability>;
}

export const EVENT_PUBLISHER = Symbol('event-publisher');

export type NotDurableCode =
  'kafka-unavailable' | 'queue-full' | 'spool-full' | 'spool-unwritable' | 'stopping';

/** The records could not be made durable now; the same call may succeed later. */
export class NotDurableError extends CodedError<NotDurableCode> {
  constructor(code: NotDurableCode, options?: { readonly cause: unknown }) {
    super(code, code, options);
  }
}
