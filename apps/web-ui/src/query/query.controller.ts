import { BadRequestException, Controller, Get, Header, Inject, Query, UseFilters } from '@nestjs/common';
import { type SummaryReply } from '@pipeline/event-schema';
import { toLiveEvent } from '../live/live-event.ts';
import { type LiveEvent } from '../live/live-protocol.ts';
import { HistoryErrorFilter } from './history-error.filter.ts';
import { HISTORY, type History } from './history.ts';
import { latestQuery, type QueryMistake, summaryQuery } from './query-parameters.ts';

/** The history for pages: counts of a time range, and the newest events without what is nobody's business. */
@Controller('v1')
@UseFilters(HistoryErrorFilter)
export class QueryController {
  constructor(@Inject(HISTORY) private readonly history: History) {}

  @Get('summary')
  @Header('cache-control', 'no-store')
  async summary(@Query() parameters: Record<string, unknown>): Promise<SummaryReply> {
    return this.history.summary(orRefuse(summaryQuery(parameters)));
  }

  @Get('latest')
  @Header('cache-control', 'no-store')
  async latest(@Query() parameters: Record<string, unknown>): Promise<{ events: LiveEvent[] }> {
    const { events } = await this.history.latest(orRefuse(latestQuery(parameters)));
    return { events: events.map(toLiveEvent) };
  }
}

function orRefuse<Question extends object>(question: Question | QueryMistake): Question {
  if ('code' in question) throw new BadRequestException(question);
  return question;
}
