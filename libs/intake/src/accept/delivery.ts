import { type Durability } from '../publish/event-publisher.ts';

/** The events of one request and topic on their way to being durable; all their ids lead to this object. */
export class Delivery {
  state: 'open' | 'durable' | 'failed' = 'open';
  /** Whether its client had used up its share of the memory; settled with its first event. */
  isCrowded: boolean | undefined;
  /** Settles with the publisher's answer; set before anybody else can find the delivery. */
  done: Promise<Durability> | undefined;
  /** Those of its ids that were remembered, in their order. */
  readonly ids: string[] = [];
  /** What the two generations that may hold its ids call it. */
  readonly numbers = [0, 0];

  constructor(
    readonly topic: string,
    /** Who counts as one. */
    readonly client: string,
  ) {}
}

/** Stands for all that are in Kafka, of which nothing else is to be told. */
export const IN_KAFKA = new Delivery('', '');
IN_KAFKA.state = 'durable';
IN_KAFKA.done = Promise.resolve('kafka');

/** Stands for all that failed. */
export const FAILED = new Delivery('', '');
FAILED.state = 'failed';
