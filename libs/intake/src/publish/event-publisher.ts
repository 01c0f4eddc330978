import { type EncodedRecords } from '@pipeline/kafka-transport';

/** Where acknowledged events are safe. */
export type Durability = 'kafka' | 'spool';

/** Makes records durable. */
export interface EventPublisher {
  /**
   * Resolves when all records are durable, and says where.
   * @throws IntakeRefusal (as rejection): nothing may be claimed, though some of the records may still arrive. Anything
   * else is an error of our own code.
   */
  publish(topic: string, records: EncodedRecords): Promise<Durability>;
}

export const EVENT_PUBLISHER = Symbol('event-publisher');
