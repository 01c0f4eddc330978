import { decodeProvedHour, PROOF_TOPIC, type ProvedHour, type ProvedPartition } from '@pipeline/event-schema';
import { type OutgoingRecord, type RecordPublisher, type TopicReader } from '@pipeline/kafka-transport';
import { type ProofLog } from './proof-log.ts';

/** Keeps what is proved in a compacted topic: it needs no volume, and follows the pipeline to another machine. */
export class KafkaProofLog implements ProofLog {
  constructor(
    private readonly reader: Pick<TopicReader, 'read'>,
    private readonly publisher: Pick<RecordPublisher, 'publish'>,
  ) {}

  async load(): Promise<(ProvedPartition & ProvedHour)[]> {
    const hours = new Map<string, ProvedPartition & ProvedHour>();
    await this.reader.read(PROOF_TOPIC.name, ({ records }) => {
      for (const { key, value } of records) {
        const name = key?.toString() ?? '';
        const hour = decodeProvedHour(value);
        if (hour !== undefined && keyOf(hour, hour) === name) hours.set(name, hour);
        else if (value === null) hours.delete(name);
      }
    });
    return [...hours.values()];
  }

  async save(hours: readonly (ProvedPartition & ProvedHour)[]): Promise<void> {
    await this.publish(hours.map((hour) => ({ key: keyOf(hour, hour), value: JSON.stringify(hour) })));
  }

  forget(partition: ProvedPartition, hour: ProvedHour): Promise<void> {
    return this.publish([{ key: keyOf(partition, hour), value: null }]);
  }

  private async publish(records: readonly OutgoingRecord[]): Promise<void> {
    await this.publisher.publish(PROOF_TOPIC.name, records);
  }
}

function keyOf({ topic, store, partition }: ProvedPartition, { startOffset }: ProvedHour): string {
  return `${topic}/${store}/${partition}/${startOffset}`;
}
