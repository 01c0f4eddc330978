import { Controller, Inject } from '@nestjs/common';
import { Ctx, EventPattern, Payload } from '@nestjs/microservices';
import { TOPICS } from '@pipeline/event-schema';
import { BatchContext, KAFKA_BATCH, type RecordBatch } from '@pipeline/kafka-transport';
import { Sink } from '@pipeline/sink-runtime';

/** Takes every event topic from Kafka, a batch of one partition at a time. A topic that shall be stored is a method here. */
@Controller()
export class EventsController {
  constructor(@Inject(Sink) private readonly sink: Sink) {}

  @EventPattern<string>(TOPICS.selectColor.name, KAFKA_BATCH)
  storeSelectColor(@Payload() batch: RecordBatch, @Ctx() context: BatchContext): Promise<void> {
    return this.sink.accept(batch, context.assignment);
  }

  @EventPattern<string>(TOPICS.pageView.name, KAFKA_BATCH)
  storePageView(@Payload() batch: RecordBatch, @Ctx() context: BatchContext): Promise<void> {
    return this.sink.accept(batch, context.assignment);
  }
}
