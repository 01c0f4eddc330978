import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import { HistoryError } from './history-error.ts';

const RETRY_SECONDS = 2;

/** A history that has no answer is 503: the page goes on without it and asks again. A wrong question is 400. */
@Catch(HistoryError)
export class HistoryErrorFilter implements ExceptionFilter<HistoryError> {
  catch(error: HistoryError, host: ArgumentsHost): void {
    const answer = host.switchToHttp().getResponse<FastifyReply>();
    if (error.retriable) void answer.header('retry-after', RETRY_SECONDS);
    void answer.status(error.retriable ? 503 : 400).send({ code: error.code, message: error.message });
  }
}
