import { type ArgumentsHost, Catch, type ExceptionFilter, HttpException, Inject } from '@nestjs/common';
import { IntakeRefusal } from '@pipeline/intake';
import {
  isTraceparent,
  JSON_TYPE,
  type Logger,
  LOGGER,
  METRICS_REGISTRY,
  type Registry,
  traceFields,
} from '@pipeline/observability';
import { type FastifyReply, type FastifyRequest } from 'fastify';
import { refusalMetrics, RequestRefusal, type RequestRefusalCode, sendRefusal } from './refusals.ts';

/** Errors of the framework, by their status; any other client error is a malformed request. */
const CODES_BY_STATUS: Readonly<Record<number, RequestRefusalCode>> = {
  404: 'not-found',
  405: 'method-not-allowed',
  408: 'request-timeout',
  413: 'body-too-large',
  415: 'unsupported-media-type',
};

/** Turns whatever went wrong into `{"code","message"}`. Stack traces and texts of the framework stay inside. */
@Catch()
export class RefusalFilter implements ExceptionFilter {
  constructor(
    @Inject(LOGGER) private readonly logger: Logger,
    @Inject(METRICS_REGISTRY) private readonly registry: Registry,
  ) {}

  catch(error: unknown, host: ArgumentsHost): void {
    const reply = host.switchToHttp().getResponse<FastifyReply>();
    if (reply.sent) return;
    const own = error instanceof HttpException ? ownBody(error) : undefined;
    if (own !== undefined) {
      void reply.code(own.status).header('content-type', JSON_TYPE).send(own.body);
      return;
    }
    const { headers } = host.switchToHttp().getRequest<FastifyRequest>();
    const refusal = this.refusalOf(error, headers['traceparent']);
    refusalMetrics(this.registry).requestsRefused.inc({ code: refusal.code });
    sendRefusal(reply, refusal);
  }

  private refusalOf(error: unknown, traceparent: unknown): RequestRefusal | IntakeRefusal {
    if (error instanceof RequestRefusal || error instanceof IntakeRefusal) return error;
    const status = error instanceof HttpException ? error.getStatus() : 500;
    if (status < 500) return new RequestRefusal(CODES_BY_STATUS[status] ?? 'malformed-request');
    const trace = isTraceparent(traceparent) ? traceFields(traceparent) : {};
    this.logger.error({ err: error, ...trace }, 'request failed');
    return new RequestRefusal('internal');
  }
}

/** What an endpoint of ours says about itself is passed on: it has a code. */
function ownBody(error: HttpException): { status: number; body: string } | undefined {
  const response = error.getResponse();
  if (typeof response === 'string' || !('code' in response)) return undefined;
  return { status: error.getStatus(), body: JSON.stringify(response) };
}
