import { type Message } from 'kafkajs';

/** One call of `publish`: settled when each batch that holds a piece of it is. */
export interface Delivery {
  readonly resolve: () => void;
  readonly reject: (error: Error) => void;
  openBatches: number;
}

/** Records of many callers on their way into one produce request. */
export class PublishBatch {
  readonly openedAtMs = performance.now();
  private readonly messagesByTopic = new Map<string, Message[]>();
  private readonly deliveries: Delivery[] = [];
  records = 0;
  bytes = 0;
  private settled = false;

  add(topic: string, message: Message, bytes: number): void {
    const messages = this.messagesByTopic.get(topic);
    if (messages) messages.push(message);
    else this.messagesByTopic.set(topic, [message]);
    this.records += 1;
    this.bytes += bytes;
  }

  /** Counts this batch as one of those that the call waits for. */
  join(delivery: Delivery): void {
    if (this.deliveries.at(-1) === delivery) return;
    this.deliveries.push(delivery);
    delivery.openBatches += 1;
  }

  topicMessages(): { topic: string; messages: Message[] }[] {
    return [...this.messagesByTopic].map(([topic, messages]) => ({ topic, messages }));
  }

  succeed(): void {
    if (this.settled) return;
    this.settled = true;
    for (const delivery of this.deliveries) {
      delivery.openBatches -= 1;
      if (delivery.openBatches === 0) delivery.resolve();
    }
  }

  /** The first failure decides; later results of the same calls change nothing. */
  fail(error: Error): void {
    if (this.settled) return;
    this.settled = true;
    for (const delivery of this.deliveries) delivery.reject(error);
  }
}
