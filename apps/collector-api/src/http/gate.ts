import { createHash, timingSafeEqual } from 'node:crypto';
import { type RateLimiter } from '@pipeline/observability';
import { type FastifyReply, type FastifyRequest, type HTTPMethods } from 'fastify';
import { RequestRefusal, type RequestRefusalCode } from './refusals.ts';

/** The routes that take events: this one and everything below it. */
export const EVENTS_URL = '/v1/events';

/** The route that takes logs. */
export const LOGS_URL = '/v1/logs';

/** Longest address with its query; the pixel's page addresses fit. */
export const MAX_URL_CHARACTERS = 8_192;

export interface GateOptions {
  readonly crossOrigin: CrossOriginPolicy;
  readonly writeKeys: WriteKeys;
  /** Undefined where no client is limited. */
  readonly rateLimiter: RateLimiter | undefined;
  readonly maxBodyBytes: number;
  readonly maxLogsBodyBytes: number;
}

/** What a request finds before a byte of its body is read. @returns why it is not let in. */
export type GateCheck = (request: FastifyRequest, reply: FastifyReply) => RequestRefusal | undefined;

const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const OPERATION_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': DOCS_POLICY,
} as const;

/**
 * What a request must pass. Its checks belong to routes, and the router alone decides which route an address means: one
 * that is spelled in another way (`/v1/event%73`, `http://x/v1/events`) meets the same checks.
 */
export class Gate {
  constructor(private readonly options: GateOptions) {}

  /** The check of a route. */
  checkOf(routeUrl: string): GateCheck {
    const { maxBodyBytes, maxLogsBodyBytes } = this.options;
    if (routeUrl === LOGS_URL) return (request, reply) => this.checkWriter(request, reply, maxLogsBodyBytes);
    const takesEvents = routeUrl === EVENTS_URL || routeUrl.startsWith(`${EVENTS_URL}/`);
    return takesEvents
      ? (request, reply) => this.checkWriter(request, reply, maxBodyBytes)
      : (request, reply) => this.checkReader(request, reply);
  }

  /** Also of a request that has no route. */
  checkReader(request: FastifyRequest, reply: FastifyReply): RequestRefusal | undefined {
    reply.headers(OPERATION_HEADERS);
    if (request.is404) return wrongAddress(request, reply);
    return checkSize(request, this.options.maxBodyBytes);
  }

  private checkWriter(
    request: FastifyRequest,
    reply: FastifyReply,
    maxBodyBytes: number,
  ): RequestRefusal | undefined {
    const { crossOrigin, rateLimiter, writeKeys } = this.options;
    crossOrigin.apply(reply);
    if (request.method === 'OPTIONS') return checkSize(request, maxBodyBytes);
    const code =
      (rateLimiter && checkRate(rateLimiter, request, reply)) ??
      (crossOrigin.forbids(request) ? 'origin-not-allowed' : undefined) ??
      (writeKeys.areRequired ? this.checkKey(request) : undefined);
    return code ? new RequestRefusal(code) : checkSize(request, maxBodyBytes);
  }

  /** Beacons and images cannot have headers, so the key may stand in the address, too. */
  private checkKey({ headers, query }: FastifyRequest): RequestRefusalCode | undefined {
    const key = headers['x-write-key'] ?? (query as Record<string, unknown>)['write_key'];
    if (typeof key !== 'string' || key === '') return 'write-key-missing';
    return this.options.writeKeys.has(key) ? undefined : 'write-key-wrong';
  }
}

function checkSize({ url, headers }: FastifyRequest, maxBodyBytes: number): RequestRefusal | undefined {
  if (url.length > MAX_URL_CHARACTERS) return new RequestRefusal('address-too-long');
  const isTooLarge = Number(headers['content-length']) > maxBodyBytes;
  return isTooLarge ? new RequestRefusal('body-too-large') : undefined;
}

function checkRate(
  limiter: RateLimiter,
  request: FastifyRequest,
  reply: FastifyReply,
): RequestRefusalCode | undefined {
  const verdict = limiter.take(request.clientNetwork, performance.now());
  reply.headers(limiter.headersOf(verdict));
  return verdict.isAllowed ? undefined : 'too-many-requests';
}

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** To Fastify a known address with another method is unknown; the client is told what it may do there. */
function wrongAddress({ server, url }: FastifyRequest, reply: FastifyReply): RequestRefusal {
  if (url.length > MAX_URL_CHARACTERS) return new RequestRefusal('address-too-long');
  const path = url.split('?', 1)[0] ?? '';
  const allowed = METHODS.filter((method) => server.hasRoute({ method, url: path }));
  if (allowed.length === 0) return new RequestRefusal('not-found');
  reply.header('allow', allowed.join(', '));
  return new RequestRefusal('method-not-allowed');
}

/** Keys that a client needs to write. Compared as digests, each with all, so that time tells nothing about them. */
export class WriteKeys {
  private readonly digests: readonly Buffer[];

  constructor(keys: readonly string[]) {
    this.digests = keys.map(digestOf);
  }

  get areRequired(): boolean {
    return this.digests.length > 0;
  }

  has(key: string): boolean {
    const digest = digestOf(key);
    return this.digests.filter((known) => timingSafeEqual(known, digest)).length > 0;
  }
}

function digestOf(key: string): Buffer {
  return createHash('sha256').update(key).digest();
}

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
