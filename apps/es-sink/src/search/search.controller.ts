import { Controller, Inject } from '@nestjs/common';
import { MessagePattern, Payload, Transport } from '@nestjs/microservices';
import {
  type DocumentReply,
  type LatestReply,
  QUERY_TOPICS,
  type QueryFailure,
  type SummaryReply,
} from '@pipeline/event-schema';
import { LOGGER, type Logger } from '@pipeline/observability';
import { StoreError } from '../elasticsearch/store-error.ts';
import { EVENT_SEARCH, type EventSearch } from './event-search.ts';
import { InvalidQueryError, readDocumentQuery, readLatestQuery, readSummaryQuery } from './read-query.ts';

/** Answers other apps' questions over Kafka. A failure is an answer too: thrown, it would be asked again by the broker. */
@Controller()
export class SearchController {
  constructor(
    @Inject(EVENT_SEARCH) private readonly search: EventSearch,
    @Inject(LOGGER) private readonly logger: Logger,
  ) {}

  @MessagePattern(QUERY_TOPICS.summary, Transport.KAFKA)
  summary(@Payload() payload: unknown): Promise<SummaryReply | QueryFailure> {
    return this.answer('summary', () => this.search.summary(readSummaryQuery(payload)));
  }

  @MessagePattern(QUERY_TOPICS.latest, Transport.KAFKA)
  latest(@Payload() payload: unknown): Promise<LatestReply | QueryFailure> {
    return this.answer('latest', () => this.search.latest(readLatestQuery(payload)));
  }

  @MessagePattern(QUERY_TOPICS.document, Transport.KAFKA)
  document(@Payload() payload: unknown): Promise<DocumentReply | QueryFailure> {
    return this.answer('document', () => this.search.document(readDocumentQuery(payload)));
  }

  private async answer<Reply>(query: string, ask: () => Promise<Reply>): Promise<Reply | QueryFailure> {
    try {
      return await ask();
    } catch (error) {
      const failure = failureOf(error);
      this.logger.warn({ query, code: failure.error.code, err: error }, 'query failed');
      return failure;
    }
  }
}

/** What the asker is told; names and addresses of the store stay in our log. */
function failureOf(error: unknown): QueryFailure {
  if (error instanceof InvalidQueryError) return { error: { code: 'invalid-query', message: error.message } };
  if (error instanceof StoreError && error.code === 'timeout') {
    return { error: { code: 'timeout', message: 'Elasticsearch did not answer in time' } };
  }
  if (error instanceof StoreError) {
    return { error: { code: 'unavailable', message: `Elasticsearch could not answer: ${error.code}` } };
  }
  return { error: { code: 'internal', message: 'The question could not be answered' } };
}
