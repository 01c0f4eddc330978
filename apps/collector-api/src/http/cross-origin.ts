import { type FastifyReply, type FastifyRequest } from 'fastify';

const PREFLIGHT_SECONDS = 7_200;

const ANSWER_HEADERS = {
  'access-control-allow-origin': '*',
  'access-control-expose-headers': 'Retry-After, RateLimit, RateLimit-Policy',
  'x-content-type-options': 'nosniff',
} as const;

/**
 * Any page may read any answer: it holds nothing of a visitor, and a page that cannot read it would send its events
 * again and again. No credentials, ever. Where origins are listed, the pages of others may not send; their browser is
 * told so in an answer that the page can read.
 */
export class CrossOriginPolicy {
  private readonly allowed: ReadonlySet<string> | undefined;

  constructor(allowedOrigins: readonly string[]) {
    this.allowed = allowedOrigins.length > 0 ? new Set(allowedOrigins) : undefined;
  }

  /** Sets the headers of any answer to this request. */
  apply(reply: FastifyReply): void {
    reply.headers(ANSWER_HEADERS);
    if (this.allowed) reply.header('vary', 'Origin');
  }

  /** Programs and images name no origin, so the list stops none of them. */
  forbids({ headers: { origin } }: FastifyRequest): boolean {
    return this.allowed !== undefined && origin !== undefined && !this.allowed.has(origin);
  }

  /** A preflight is granted whatever the origin, so that the page can read why its request is refused. */
  answerPreflight(reply: FastifyReply): void {
    const headers = {
      allow: 'POST, OPTIONS',
      'access-control-allow-methods': 'POST',
      'access-control-allow-headers': 'Content-Type, Content-Encoding, Traceparent, X-Write-Key',
      'access-control-max-age': String(PREFLIGHT_SECONDS),
    };
    void reply.headers(headers).code(204).send();
  }
}
