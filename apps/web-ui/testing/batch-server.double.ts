import { type CustomTransportStrategy, Server } from '@nestjs/microservices';
import {
  BatchContext,
  KAFKA_BATCH,
  type PartitionAssignment,
  type RecordBatch,
} from '@pipeline/kafka-transport';

/** The batch transport without Kafka: a spec hands batches to the handler of their topic. */
export class MemoryBatchServer extends Server implements CustomTransportStrategy {
  override readonly transportId = KAFKA_BATCH;

  listen(callback: () => void): void {
    callback();
  }

  close(): void {
    this.messageHandlers.clear();
  }

  on(): never {
    throw new Error('There are no events');
  }

  unwrap<T>(): T {
    return this as unknown as T;
  }

  async deliver(batch: RecordBatch): Promise<void> {
    const handler = this.messageHandlers.get(batch.topic);
    if (!handler) throw new Error(`No handler takes ${batch.topic}`);
    const { topic, partition } = batch;
    const never = new AbortController().signal;
    const assignment: PartitionAssignment = {
      topic,
      partition,
      committedOffset: null,
      committedByPipeline: false,
      shareBytes: 1_048_576,
      revoked: never,
      draining: never,
    };
    await handler(batch, new BatchContext([assignment]));
  }
}
