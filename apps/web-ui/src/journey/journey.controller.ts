import { BadRequestException, Controller, Get, Header, Inject, Param } from '@nestjs/common';
import { EventTracer } from './event-tracer.ts';
import { type Journey } from './journey.ts';

/** Anything else would be looked for among the dead letters, which hold what visitors typed. */
const EVENT_ID = /^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$/i;

/** What became of one event. */
@Controller('v1/events')
export class JourneyController {
  constructor(@Inject(EventTracer) private readonly tracer: EventTracer) {}

  @Get(':id/journey')
  @Header('cache-control', 'no-store')
  journey(@Param('id') id: string): Promise<Journey> {
    if (!EVENT_ID.test(id))
      throw new BadRequestException({ code: 'invalid-id', message: 'That is no event id' });
    return this.tracer.trace(id);
  }
}
