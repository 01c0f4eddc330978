import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { TOPICS } from '@pipeline/event-schema';
import { BatchContext, KAFKA_BATCH, type RecordBatch } from '@pipeline/kafka-transport';
import { Sink } from '@pipeline/sink-runtime';

/** Takes `select-color` from Kafka, a batch of one partition at a time. */
@Controller()
export class SelectColorController {
  constructor(@Inject(Sink) private readonly sink: Sink) {}

  @EventPattern<string>(TOPICS.selectColor.name, KAFKA_BATCH)
  store(@Payload() batch: RecordBatch, @Ctx() context: BatchContext): Promise<void> {
    return this.sink.accept(batch, context.assignment);
  }
}
