import { type Durability } from '../publish/event-publisher.ts';

/** An event that is remembered: its topic and id, and a fingerprint of what it says. */
export interface RememberedEvent {
  readonly topic: string;
  readonly id: string;
  /** 32 bits, unsigned. */
  readonly fingerprint: number;
}

/** The events of one request on their way to being durable; all their ids lead to this object. */
export class Delivery {
  state: 'open' | 'durable' | 'failed' = 'open';
  /** Whether its client had used up its share of the memory; settled with its first event. */
  isCrowded: boolean | undefined;
  /** Settles with the publisher's answer; set before anybody else can find the delivery. */
  done: Promise<Durability> | undefined;
  /** Those that were remembered, in their order. */
  readonly events: RememberedEvent[] = [];
}

/** Stands for all that are in Kafka, of which nothing else is to be told. */
export const IN_KAFKA = new Delivery();
IN_KAFKA.state = 'durable';
IN_KAFKA.done = Promise.resolve('kafka');

/** Stands for all that failed. */
export const FAILED = new Delivery();
FAILED.state = 'failed';
