import { type EncodedRecords } from '@pipeline/kafka-transport';
import { type Durability, type EventPublisher } from '../src/publish/event-publisher.ts';
import { IntakeRefusal, type IntakeRefusalCode } from '../src/refusal.ts';

/** A record as a consumer of the topic sees it. */
interface PublishedRecord {
  readonly key: string;
  readonly value: string;
  readonly headers: Record<string, string>;
}

/** Keeps what it is given; fails or waits on demand. */
export class MemoryEventPublisher implements EventPublisher {
  readonly calls: { topic: string; records: readonly PublishedRecord[] }[] = [];
  failure: IntakeRefusalCode | undefined;
  /** The only topic that fails; every topic where absent. */
  failingTopic: string | undefined;
  private waiting: (() => void)[] | undefined;

  async publish(topic: string, records: EncodedRecords): Promise<Durability> {
    this.calls.push({ topic, records: published(records) });
    const waiting = this.waiting;
    if (waiting !== undefined) await new Promise<void>((resolve) => waiting.push(resolve));
    const isFailing = this.failingTopic === undefined || this.failingTopic === topic;
    if (this.failure !== undefined && isFailing) throw new IntakeRefusal(this.failure);
    return 'kafka';
  }

  /** From now on nothing is acknowledged. */
  hold(): void {
    this.waiting ??= [];
  }

  /** Settles everything that is held. */
  release(): void {
    const waiting = this.waiting ?? [];
    this.waiting = undefined;
    waiting.forEach((resolve) => resolve());
  }

  /** Every event given to it, parsed, in order; acknowledged or not. */
  events(): Record<string, unknown>[] {
    return this.calls.flatMap(({ records }) =>
      records.map(({ value }) => JSON.parse(value) as Record<string, unknown>),
    );
  }
}

function published(records: EncodedRecords): PublishedRecord[] {
  return records.decode().map(({ key, value, headers = {} }) => {
    const texts = Object.entries(headers).map(([name, text]) => [name, String(text)]);
    return {
      key: String(key),
      value: String(value),
      headers: Object.fromEntries(texts) as Record<string, string>,
    };
  });
}
