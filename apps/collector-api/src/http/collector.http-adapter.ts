import { type Server } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type FastifyHttpOptions, type FastifyInstance } from 'fastify';
import { Refusal, type RefusalCode } from '../accept/refusal.ts';
import { CrossOriginPolicy } from './cross-origin.ts';
import { readBody } from './request-body.ts';
import { sendRefusal, writeRefusal } from './send-refusal.ts';

export interface HttpOptions {
  readonly maxBodyBytes: number;
  readonly requestTimeoutMs: number;
  readonly allowedOrigins: readonly string[];
}

const CHECK_INTERVAL_MS = 1_000;

const EVENTS_URL = '/v1/events';

/** Fastify under Nest, with the collector's own way to read bodies and to refuse. */
export class CollectorHttpAdapter extends FastifyAdapter {
  constructor(options: HttpOptions) {
    super(fastifyOptions(options));
    const fastify = this.getInstance<FastifyInstance>();
    readBodies(fastify, options.maxBodyBytes);
    applyCrossOriginPolicy(fastify, new CrossOriginPolicy(options.allowedOrigins));
    fastify.route({
      method: ['GET', 'PUT', 'PATCH', 'DELETE'],
      url: EVENTS_URL,
      handler: (_request, reply) => sendRefusal(reply, new Refusal('method-not-allowed')),
    });
  }

  /** Nest's own parsers would build objects; bodies stay bytes here. */
  override registerParserMiddleware(): void {}
}

function fastifyOptions({
  requestTimeoutMs,
}: HttpOptions): FastifyHttpOptions<Server> & { skipMiddie: true } {
  return {
    requestTimeout: requestTimeoutMs,
    // Node looks for overdue requests only this often, by default every 30 s.
    http: { headersTimeout: requestTimeoutMs, connectionsCheckingInterval: CHECK_INTERVAL_MS },
    // Nest's middleware layer would cost every request a hook, and there is no middleware.
    skipMiddie: true,
    // While stopping, requests on open connections are still answered; each connection closes after its answer.
    return503OnClosing: false,
    frameworkErrors: (_error, _request, reply) => sendRefusal(reply, new Refusal('malformed-request')),
    clientErrorHandler(error, socket) {
      if (error.code === 'ECONNRESET' || !socket.writable) return;
      writeRefusal(socket, new Refusal(codeOfConnectionError(error.code)));
    },
  };
}

function readBodies(fastify: FastifyInstance, maxBodyBytes: number): void {
  fastify.removeAllContentTypeParsers();
  fastify.addContentTypeParser(['application/json', 'text/plain'], (_request, payload, done) => {
    readBody(payload, maxBodyBytes, (result) => {
      if (result instanceof Refusal) done(result);
      else done(null, result);
    });
  });
}

function applyCrossOriginPolicy(fastify: FastifyInstance, policy: CrossOriginPolicy): void {
  fastify.addHook('onRequest', (request, reply, done) => {
    if (request.url.startsWith(EVENTS_URL)) policy.apply(request, reply);
    done();
  });
  fastify.options(EVENTS_URL, (request, reply) => policy.answerPreflight(request, reply));
}

function codeOfConnectionError(code: string | undefined): RefusalCode {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request-timeout';
  return code === 'HPE_HEADER_OVERFLOW' ? 'headers-too-large' : 'malformed-request';
}
