import { type Durability } from '../publish/event-publisher.ts';

/** The events of one request on their way to being durable; all their ids lead to this object. */
export class Delivery {
  state: 'open' | 'durable' | 'failed' = 'open';
  /** Settles with the publisher's answer; set before anybody else can find the delivery. */
  done: Promise<Durability> | undefined;
  /** Those of its ids that were remembered, in their order. */
  readonly ids: string[] = [];
}

/** Stands for all that are in Kafka, of which nothing else is to be told. */
export const IN_KAFKA = new Delivery();
IN_KAFKA.state = 'durable';
IN_KAFKA.done = Promise.resolve('kafka');

/** Stands for all that failed. */
export const FAILED = new Delivery();
FAILED.state = 'failed';
