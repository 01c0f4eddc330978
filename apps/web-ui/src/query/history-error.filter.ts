import { type ArgumentsHost, Catch, type ExceptionFilter } from '@nestjs/common';
import { type FastifyReply } from 'fastify';
import { HistoryError } from './history-error.ts';

const RETRY_SECONDS = 2;

/** A history that has no answer is 503: the page goes on without it and asks again. */
@Catch(HistoryError)
export class HistoryErrorFilter implements ExceptionFilter<HistoryError> {
  catch(error: HistoryError, host: ArgumentsHost): void {
    void host
      .switchToHttp()
      .getResponse<FastifyReply>()
      .status(503)
      .header('retry-after', RETRY_SECONDS)
      .send({ code: error.code, message: error.message });
  }
}
