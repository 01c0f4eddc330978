import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { CodedError } from '@pipeline/event-schema';
import { type FastifyReply } from 'fastify';

/** Why the history has no answer. */
export type HistoryErrorCode =
  'history-timeout' | 'history-unavailable' | 'history-failed' | 'too-many-questions' | 'invalid-query';

export class HistoryError extends CodedError<HistoryErrorCode> {
  /** Whether the same question may have an answer later. */
  get retriable(): boolean {
    return this.code !== 'invalid-query';
  }
}

const RETRY_SECONDS = 2;

/** A history that has no answer is 503: the page shows the rest and asks again. A wrong question is 400. */
@Catch(HistoryError)
export class HistoryErrorFilter implements ExceptionFilter<HistoryError> {
  catch(error: HistoryError, host: ArgumentsHost): void {
    const answer = host.switchToHttp().getResponse<FastifyReply>();
    if (error.retriable) void answer.header('retry-after', RETRY_SECONDS);
    void answer.status(error.retriable ? 503 : 400).send({ code: error.code, message: error.message });
  }
}
