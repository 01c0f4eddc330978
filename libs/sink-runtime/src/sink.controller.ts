import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { STORED_TOPICS } from '@pipeline/event-schema';
import { BatchContext, KAFKA_BATCH, type RecordBatch } from '@pipeline/kafka-transport';
import { Sink } from './sink.ts';

/** Takes every topic of events and of tables from Kafka, a batch of one partition at a time. */
@Controller()
export class SinkController {
  constructor(@Inject(Sink) private readonly sink: Sink) {}

  @EventPattern<string[]>([...STORED_TOPICS], KAFKA_BATCH)
  store(@Payload() batch: RecordBatch, @Ctx() context: BatchContext): Promise<void> {
    return this.sink.accept(batch, context.assignment);
  }
}
