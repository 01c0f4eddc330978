import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import { LOGGER, type Logger } from '@pipeline/observability';
import { type FastifyReply } from 'fastify';
import { refusalOf } from './refusal.ts';

/** Answers every error as `{"code","message"}`. */
@Catch()
export class ErrorFilter implements ExceptionFilter {
  constructor(@Inject(LOGGER) private readonly logger: Logger) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const status = statusOf(error);
    if (status >= 500 && !(error instanceof HttpException))
      this.logger.error({ err: error }, 'request failed');
    const body = error instanceof HttpException ? error.getResponse() : undefined;
    const said = typeof body === 'object' && 'code' in body ? body : refusalOf(status);
    void host.switchToHttp().getResponse<FastifyReply>().status(status).send(said);
  }
}

/** Fastify's own errors carry `statusCode`. */
function statusOf(error: unknown): number {
  if (error instanceof HttpException) return error.getStatus();
  const { statusCode } = error as { statusCode?: unknown };
  return typeof statusCode === 'number' && statusCode >= 400 && statusCode < 500 ? statusCode : 500;
}
