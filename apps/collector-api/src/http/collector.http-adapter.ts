import { JSON_LIMITS } from '@pipeline/intake';
import { BoundedHttpAdapter, RateLimiter, type Registry } from '@pipeline/observability';
import { type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { LOG_JSON_LIMITS, mediaTypeOf, PROTOBUF_TYPE } from '../logs/logs-answer.ts';
import { CrossOriginPolicy, EVENTS_URL, Gate, type GateCheck, LOGS_URL, WriteKeys } from './gate.ts';
import { type HttpOptions, logsBodyLimit } from './http-options.ts';
import { BodyBudget, type BodyLimits, bodyMetrics, drainBounded, readBody } from './request-body.ts';
import {
  refusalMetrics,
  RequestRefusal,
  type RequestRefusalCode,
  sendRefusal,
  sendRefusalAsJson,
} from './refusals.ts';

const NOT_READING_MS = 30_000;

/** Fastify under Nest, with the collector's own way to read bodies and to refuse. */
export class CollectorHttpAdapter extends BoundedHttpAdapter {
  private readonly bodies: BodyBudget;
  private readonly maxLogsBodyBytes: number;
  private requestsRefused: ReturnType<typeof refusalMetrics>['requestsRefused'] | undefined;

  constructor(private readonly httpOptions: HttpOptions) {
    const stallTimeoutMs = httpOptions.publishTimeoutMs + NOT_READING_MS;
    super(
      { ...httpOptions, stallTimeoutMs },
      {
        // Nest's middleware layer would cost every request a hook, and there is no middleware.
        skipMiddie: true,
        // While stopping, requests on open connections are still answered; each connection closes after its answer.
        return503OnClosing: false,
        frameworkErrors: (_error, _request, reply) => {
          this.countRefusal('malformed-request');
          sendRefusalAsJson(reply, new RequestRefusal('malformed-request'));
        },
      },
    );
    this.bodies = new BodyBudget(httpOptions.maxOpenBodyBytes);
    this.maxLogsBodyBytes = logsBodyLimit(httpOptions);
    const crossOrigin = new CrossOriginPolicy(httpOptions.allowedOrigins);
    const fastify = this.getInstance<FastifyInstance>();
    this.readBodies(fastify);
    this.guard(fastify, crossOrigin);
    for (const url of [EVENTS_URL, LOGS_URL])
      fastify.options(url, (_request, reply) => crossOrigin.answerPreflight(reply));
  }

  /** Nest's own parsers would build objects; bodies stay bytes here. */
  override registerParserMiddleware(): void {}

  override observe(registry: Registry): void {
    super.observe(registry);
    this.requestsRefused = refusalMetrics(registry).requestsRefused;
    bodyMetrics(registry).openBytes.read = () => [{ labels: {}, value: this.bodies.openBytes }];
  }

  protected override countRefusal(code: RequestRefusalCode): void {
    this.requestsRefused?.inc({ code });
  }

  private readBodies(fastify: FastifyInstance): void {
    fastify.removeAllContentTypeParsers();
    const types = ['application/json', 'text/plain', PROTOBUF_TYPE];
    fastify.addContentTypeParser(types, (request, payload, done) => {
      const limits = this.limitsOf(request);
      if (limits === undefined) return done(new RequestRefusal('unsupported-media-type'));
      readBody(payload, limits, (result) => {
        if (result instanceof RequestRefusal) done(result);
        else done(null, result);
      });
    });
  }

  /** @returns undefined if the route does not take such a body. */
  private limitsOf({ headers, routeOptions }: FastifyRequest): BodyLimits | undefined {
    const { maxBodyBytes } = this.httpOptions;
    const type = mediaTypeOf(headers['content-type']);
    const budget = this.bodies;
    if (routeOptions.url !== LOGS_URL)
      return type === PROTOBUF_TYPE ? undefined : { maxBytes: maxBodyBytes, budget, json: JSON_LIMITS };
    if (type === PROTOBUF_TYPE) return { maxBytes: this.maxLogsBodyBytes, budget, json: undefined };
    return type === 'text/plain'
      ? undefined
      : { maxBytes: this.maxLogsBodyBytes, budget, json: LOG_JSON_LIMITS };
  }

  /** Each route gets its check when it is registered; a request without a route is checked as a reader's. */
  private guard(fastify: FastifyInstance, crossOrigin: CrossOriginPolicy): void {
    const {
      maxBodyBytes,
      writeKeys,
      rateLimitPerSecond: requestsPerSecond,
      rateLimitBurst: burst,
    } = this.httpOptions;
    const gate = new Gate({
      crossOrigin,
      writeKeys: new WriteKeys(writeKeys),
      rateLimiter: requestsPerSecond > 0 ? new RateLimiter({ requestsPerSecond, burst }) : undefined,
      maxBodyBytes,
      maxLogsBodyBytes: this.maxLogsBodyBytes,
    });
    fastify.addHook('onRoute', (route) => {
      route.onRequest = this.hookOf(gate.checkOf(route.url));
    });
    const checkUnrouted = this.hookOf((request, reply) => gate.checkReader(request, reply));
    fastify.addHook('onRequest', (request, reply, done) => {
      if (request.is404) checkUnrouted(request, reply, done);
      else done();
    });
  }

  private hookOf(check: GateCheck) {
    return (request: FastifyRequest, reply: FastifyReply, done: () => void): void => {
      const refusal = check(request, reply);
      const awaitsContinue = request.headers.expect !== undefined;
      if (refusal === undefined) {
        if (awaitsContinue) reply.raw.writeContinue();
        return done();
      }
      // The client may send its body or not after such an answer, so nothing more can be read here.
      if (awaitsContinue) reply.raw.shouldKeepAlive = false;
      drainBounded(request.raw, this.httpOptions.maxBodyBytes);
      this.countRefusal(refusal.code);
      sendRefusal(reply, refusal);
    };
  }
}
