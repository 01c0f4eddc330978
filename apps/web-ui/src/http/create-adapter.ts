import { BoundedHttpAdapter, RateLimiter } from '@pipeline/observability';
import { type FastifyError, type FastifyInstance, type FastifyReply, type FastifyRequest } from 'fastify';
import { refusalOf } from './refusal.ts';

/** A client that reads gets at least a heartbeat in this time. */
const MIN_STALL_MS = 30_000;

/** No request of a browser has a body here. */
const MAX_BODY_BYTES = 1_024;

/** What probes and Prometheus ask, whatever else comes from their address. */
const NOT_LIMITED: ReadonlySet<string | undefined> = new Set(['/livez', '/readyz', '/metrics']);

/** What the settings say of the port. */
interface PortSettings {
  readonly maxConnections: number;
  readonly trustedProxyHops: number;
  readonly heartbeatMs: number;
  readonly rateLimitPerSecond: number;
  readonly rateLimitBurst: number;
}

/** The adapter of every app as web-ui needs it: what is refused before Nest sees the request has the form of every refusal. */
export function createAdapter(config: PortSettings): BoundedHttpAdapter {
  const { maxConnections, trustedProxyHops, heartbeatMs } = config;
  const stallTimeoutMs = Math.max(MIN_STALL_MS, 2 * heartbeatMs);
  const adapter = new BoundedHttpAdapter(
    { maxConnections, trustedProxyHops, stallTimeoutMs },
    {
      bodyLimit: MAX_BODY_BYTES,
      frameworkErrors: (_error: FastifyError, _request: FastifyRequest, reply: FastifyReply) => {
        void reply.status(400).send(refusalOf(400));
      },
    },
  );
  if (config.rateLimitPerSecond > 0) limitClients(adapter.getInstance(), config);
  return adapter;
}

/** A page asks for a dozen files and then once in seconds; a client that asks for much more waits. */
function limitClients(
  fastify: FastifyInstance,
  { rateLimitPerSecond: requestsPerSecond, rateLimitBurst: burst }: PortSettings,
): void {
  const limiter = new RateLimiter({ requestsPerSecond, burst });
  fastify.addHook('onRequest', (request, reply, done) => {
    if (NOT_LIMITED.has(request.routeOptions.url)) return done();
    const verdict = limiter.take(request.clientNetwork, performance.now());
    if (verdict.isAllowed) return done();
    void reply.headers(limiter.headersOf(verdict)).status(429).send(refusalOf(429));
  });
}
