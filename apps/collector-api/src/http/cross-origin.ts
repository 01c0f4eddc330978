import { type FastifyReply, type FastifyRequest } from 'fastify';

const PREFLIGHT_SECONDS = 7_200;

/**
 * Lets pages of the listed origins read the answers; no credentials, ever. Our page's beacons are `text/plain` and need
 * no preflight; the answer to one is for clients that send `application/json`. A foreign origin gets no CORS header at
 * all, which `@fastify/cors` does not offer.
 */
export class CrossOriginPolicy {
  private readonly allowed: ReadonlySet<string>;

  constructor(allowedOrigins: readonly string[]) {
    this.allowed = new Set(allowedOrigins);
  }

  /** Sets the headers of any answer to this request. */
  apply({ headers }: FastifyRequest, reply: FastifyReply): void {
    reply.header('vary', 'Origin');
    reply.header('x-content-type-options', 'nosniff');
    const { origin } = headers;
    if (origin === undefined || !this.allowed.has(origin)) return;
    reply.header('access-control-allow-origin', origin);
    reply.header('access-control-expose-headers', 'Retry-After, RateLimit, RateLimit-Policy');
  }

  /** Answers a preflight; `apply` has run. */
  answerPreflight({ headers }: FastifyRequest, reply: FastifyReply): void {
    if (headers.origin !== undefined && this.allowed.has(headers.origin)) {
      reply.header('access-control-allow-methods', 'POST');
      reply.header(
        'access-control-allow-headers',
        'Content-Type, Content-Encoding, Traceparent, X-Write-Key',
      );
      reply.header('access-control-max-age', String(PREFLIGHT_SECONDS));
    }
    void reply.header('allow', 'POST, OPTIONS').code(204).send();
  }
}
