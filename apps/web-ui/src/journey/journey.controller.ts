import { BadRequestException, Controller, Get, Header, Inject, Param, Req, UseFilters } from '@nestjs/common';
import { isEventTopic } from '@pipeline/event-schema';
import { type FastifyRequest } from 'fastify';
import { HistoryErrorFilter } from '../query/history-error.ts';
import { OpenQuestions } from '../query/open-questions.ts';
import { EventTracer } from './event-tracer.ts';
import { type Journey } from '../protocol/journey.ts';

/** Anything else would be looked for among the dead letters, which hold what visitors typed. */
const EVENT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** Whole numbers that are exact. */
const NUMBER = /^\d{1,15}$/;

/** What became of one event. */
@Controller('v1/events')
@UseFilters(HistoryErrorFilter)
export class JourneyController {
  constructor(
    @Inject(EventTracer) private readonly tracer: EventTracer,
    @Inject(OpenQuestions) private readonly questions: OpenQuestions,
  ) {}

  @Get(':id/journey')
  @Header('cache-control', 'no-store')
  async journey(@Param('id') id: string, @Req() { clientNetwork }: FastifyRequest): Promise<Journey> {
    if (!EVENT_ID.test(id))
      throw new BadRequestException({ code: 'invalid-id', message: 'That is no event id' });
    return this.questions.ask(clientNetwork, `journey ${id}`, () => this.tracer.trace(id));
  }

  @Get('at/:topic/:partition/:offset/journey')
  @Header('cache-control', 'no-store')
  async journeyAt(
    @Param() { topic, partition, offset }: Readonly<Record<'topic' | 'partition' | 'offset', string>>,
    @Req() { clientNetwork }: FastifyRequest,
  ): Promise<Journey> {
    if (!isEventTopic(topic) || !NUMBER.test(partition) || !NUMBER.test(offset))
      throw new BadRequestException({ code: 'invalid-place', message: 'That is no place of an event' });
    const place = { topic, partition: Number(partition), offset: Number(offset) };
    const question = `journey ${topic}/${place.partition}/${place.offset}`;
    return this.questions.ask(clientNetwork, question, () => this.tracer.traceAt(place));
  }
}
