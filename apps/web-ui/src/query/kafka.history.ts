import {
  type DocumentQuery,
  type DocumentReply,
  FILE_QUERY_TOPIC,
  type FileQuery,
  type FileReply,
  type LatestQuery,
  type LatestReply,
  QUERY_TOPICS,
  type QueryFailure,
  type SummaryQuery,
  type SummaryReply,
} from '@pipeline/event-schema';
import { type QueryClient, TransportError } from '@pipeline/kafka-transport';
import { type Logger, metricsIn } from '@pipeline/observability';
import { HistoryError } from './history-error.ts';
import { type History } from './history.ts';

const QUESTIONS = { ...QUERY_TOPICS, file: FILE_QUERY_TOPIC } as const;

export const historyMetrics = metricsIn(({ counter }) => ({
  questions: counter('history_questions_total', 'Questions to es-sink', 'question', 'outcome'),
}));

/** Asks the sinks over Kafka request–reply. */
export class KafkaHistory implements History {
  constructor(
    private readonly client: Pick<QueryClient, 'ask'>,
    private readonly metrics: ReturnType<typeof historyMetrics>,
    private readonly logger: Logger,
  ) {}

  summary(query: SummaryQuery): Promise<SummaryReply> {
    return this.counted('summary', query);
  }

  latest(query: LatestQuery): Promise<LatestReply> {
    return this.counted('latest', query);
  }

  document(query: DocumentQuery): Promise<DocumentReply> {
    return this.counted('document', query);
  }

  file(query: FileQuery): Promise<FileReply> {
    return this.counted('file', query);
  }

  private async counted<Reply extends object>(
    question: keyof typeof QUESTIONS,
    query: object,
  ): Promise<Reply> {
    try {
      const reply = await this.ask<Reply>(QUESTIONS[question], query);
      this.metrics.questions.inc({ question, outcome: 'answered' });
      return reply;
    } catch (error) {
      this.metrics.questions.inc({ question, outcome: 'failed' });
      this.logger.warn({ err: error, question }, 'history question failed');
      throw error;
    }
  }

  private async ask<Reply extends object>(pattern: string, query: object): Promise<Reply> {
    const reply = await this.client
      .ask<object, Reply | QueryFailure>(pattern, query)
      .catch((error: unknown) => {
        throw unavailable(error);
      });
    if ('error' in reply) {
      const { code, message } = reply.error;
      throw new HistoryError(code === 'invalid-query' ? code : 'history-failed', message);
    }
    return reply;
  }
}

function unavailable(cause: unknown): HistoryError {
  const message = cause instanceof Error ? cause.message : String(cause);
  const code = cause instanceof TransportError ? cause.code : undefined;
  if (code === 'query-timeout') return new HistoryError('history-timeout', message, { cause });
  if (code === 'query-unavailable') return new HistoryError('history-unavailable', message, { cause });
  return new HistoryError('history-failed', 'The history could not be read', { cause });
}
