import { type Server } from 'node:http';
import { FastifyAdapter } from '@nestjs/platform-fastify';
import { type PipelineMetrics } from '@pipeline/observability';
import {
  type FastifyHttpOptions,
  type FastifyInstance,
  type FastifyReply,
  type FastifyRequest,
} from 'fastify';
import { Refusal, type RefusalCode } from '../accept/refusal.ts';
import { BodyBudget } from './body-budget.ts';
import { CrossOriginPolicy } from './cross-origin.ts';
import { EVENTS_URL, Gate } from './gate.ts';
import { RateLimiter } from './rate-limiter.ts';
import { drainBounded, readBody } from './request-body.ts';
import { sendRefusal, writeRefusal } from './send-refusal.ts';
import { WriteKeys } from './write-keys.ts';

export interface HttpOptions {
  readonly maxBodyBytes: number;
  readonly maxOpenBodyBytes: number;
  readonly maxConnections: number;
  readonly headersTimeoutMs: number;
  readonly requestTimeoutMs: number;
  readonly allowedOrigins: readonly string[];
  readonly writeKeys: readonly string[];
  readonly rateLimitPerSecond: number;
  readonly rateLimitBurst: number;
  readonly trustedProxyHops: number;
}

type Collect = (request: FastifyRequest, reply: FastifyReply) => Promise<void>;
type Routed = (request: FastifyRequest, reply: FastifyReply, done: () => void) => unknown;

const CHECK_INTERVAL_MS = 1_000;
const MAX_HEADER_BYTES = 16_384;

/** Fastify under Nest, with the collector's own way to read bodies and to refuse. */
export class CollectorHttpAdapter extends FastifyAdapter {
  private readonly bodies: BodyBudget;
  private readonly crossOrigin: CrossOriginPolicy;
  private metrics: PipelineMetrics | undefined;
  private collect: Collect | undefined;

  constructor(private readonly httpOptions: HttpOptions) {
    super(
      fastifyOptions(httpOptions, (code) => {
        this.count(code);
      }),
    );
    this.bodies = new BodyBudget(httpOptions.maxOpenBodyBytes);
    this.crossOrigin = new CrossOriginPolicy(httpOptions.allowedOrigins);
    const fastify = this.getInstance<FastifyInstance>();
    fastify.server.maxConnections = httpOptions.maxConnections;
    this.readBodies(fastify);
    this.guard(fastify);
    fastify.options(EVENTS_URL, (request, reply) => this.crossOrigin.answerPreflight(request, reply));
  }

  /** Nest's own parsers would build objects; bodies stay bytes here. */
  override registerParserMiddleware(): void {}

  /** From now on events go straight to their controller; what it rejects with goes to the filter as before. */
  collectWith(collect: Collect): void {
    this.collect = collect;
  }

  /** Nest's router costs several promises per request, a tenth of a collector's time, for pipes and guards that are not there. */
  override post(...args: unknown[]): ReturnType<FastifyAdapter['post']> {
    const [path] = args;
    const routed = args.at(-1) as Routed;
    if (path !== EVENTS_URL) return super.post(...args);
    const handler: Routed = (request, reply, done) =>
      this.collect ? this.collect(request, reply) : routed(request, reply, done);
    return super.post(path, handler);
  }

  /** From now on refusals are counted and open bodies shown; before, no request can come. */
  observe(metrics: PipelineMetrics): void {
    this.metrics = metrics;
    metrics.showOpenBodyBytes(() => this.bodies.openBytes);
  }

  private readBodies(fastify: FastifyInstance): void {
    const limits = { maxBytes: this.httpOptions.maxBodyBytes, budget: this.bodies };
    fastify.removeAllContentTypeParsers();
    fastify.addContentTypeParser(['application/json', 'text/plain'], (_request, payload, done) => {
      readBody(payload, limits, (result) => {
        if (result instanceof Refusal) done(result);
        else done(null, result);
      });
    });
  }

  private guard(fastify: FastifyInstance): void {
    const gate = this.createGate();
    fastify.addHook('onRequest', (request, reply, done) => {
      const refusal = gate.check(request, reply);
      if (refusal === undefined) return done();
      drainBounded(request.raw, this.httpOptions.maxBodyBytes);
      this.refuse(reply, refusal);
    });
  }

  private createGate(): Gate {
    const { writeKeys, rateLimitPerSecond: requestsPerSecond, rateLimitBurst: burst } = this.httpOptions;
    return new Gate({
      crossOrigin: this.crossOrigin,
      writeKeys: new WriteKeys(writeKeys),
      rateLimiter: requestsPerSecond > 0 ? new RateLimiter({ requestsPerSecond, burst }) : undefined,
      trustedHops: this.httpOptions.trustedProxyHops,
    });
  }

  private refuse(reply: FastifyReply, refusal: Refusal): void {
    this.count(refusal.code);
    sendRefusal(reply, refusal);
  }

  private count(code: RefusalCode): void {
    this.metrics?.requestsRefused.inc({ code });
  }
}

function fastifyOptions(
  { headersTimeoutMs, requestTimeoutMs }: HttpOptions,
  count: (code: RefusalCode) => void,
): FastifyHttpOptions<Server> & { skipMiddie: true } {
  return {
    requestTimeout: requestTimeoutMs,
    http: {
      headersTimeout: headersTimeoutMs,
      // Node looks for overdue requests only this often, by default every 30 s.
      connectionsCheckingInterval: CHECK_INTERVAL_MS,
      maxHeaderSize: MAX_HEADER_BYTES,
      // Node would refuse in its own words.
      requireHostHeader: false,
    },
    // Nest's middleware layer would cost every request a hook, and there is no middleware.
    skipMiddie: true,
    // While stopping, requests on open connections are still answered; each connection closes after its answer.
    return503OnClosing: false,
    frameworkErrors(_error, _request, reply) {
      count('malformed-request');
      sendRefusal(reply, new Refusal('malformed-request'));
    },
    clientErrorHandler(error, socket) {
      if (error.code === 'ECONNRESET' || !socket.writable) return;
      const code = codeOfConnectionError(error.code);
      count(code);
      writeRefusal(socket, new Refusal(code));
    },
  };
}

function codeOfConnectionError(code: string | undefined): RefusalCode {
  if (code === 'ERR_HTTP_REQUEST_TIMEOUT') return 'request-timeout';
  return code === 'HPE_HEADER_OVERFLOW' ? 'headers-too-large' : 'malformed-request';
}
