import { BadRequestException, Controller, Get, Header, Inject, Query, Req, UseFilters } from '@nestjs/common';
import { type SummaryReply } from '@pipeline/event-schema';
import { type FastifyRequest } from 'fastify';
import { toLiveEvent } from '../live/live-event.ts';
import { type LiveEvent } from '../protocol/live-protocol.ts';
import { HistoryErrorFilter } from './history-error.ts';
import { HISTORY, type History } from './history.ts';
import { OpenQuestions } from './open-questions.ts';
import { latestQuery, type QueryMistake, summaryQuery } from './query-parameters.ts';

/** The history for pages: counts of a time range, and the newest events without what is nobody's business. */
@Controller('v1')
@UseFilters(HistoryErrorFilter)
export class QueryController {
  constructor(
    @Inject(HISTORY) private readonly history: History,
    @Inject(OpenQuestions) private readonly questions: OpenQuestions,
  ) {}

  @Get('summary')
  @Header('cache-control', 'no-store')
  async summary(
    @Query() parameters: Record<string, unknown>,
    @Req() { clientNetwork }: FastifyRequest,
  ): Promise<SummaryReply> {
    const query = orRefuse(summaryQuery(parameters));
    return this.questions.ask(clientNetwork, `summary ${JSON.stringify(query)}`, () =>
      this.history.summary(query),
    );
  }

  @Get('latest')
  @Header('cache-control', 'no-store')
  async latest(
    @Query() parameters: Record<string, unknown>,
    @Req() { clientNetwork }: FastifyRequest,
  ): Promise<{ events: LiveEvent[] }> {
    const query = orRefuse(latestQuery(parameters));
    const { events } = await this.questions.ask(clientNetwork, `latest ${query.limit}`, () =>
      this.history.latest(query),
    );
    return { events: events.map(toLiveEvent) };
  }
}

function orRefuse<Question extends object>(question: Question | QueryMistake): Question {
  if ('code' in question) throw new BadRequestException(question);
  return question;
}
