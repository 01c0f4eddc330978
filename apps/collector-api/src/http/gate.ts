import { type FastifyReply, type FastifyRequest, type HTTPMethods } from 'fastify';
import { Refusal, type RefusalCode } from '../accept/refusal.ts';
import { clientAddress, clientNetwork } from './client-address.ts';
import { type CrossOriginPolicy } from './cross-origin.ts';
import { type RateLimiter } from './rate-limiter.ts';
import { type WriteKeys } from './write-keys.ts';

/** Everything below `/v1/events`. */
export const EVENTS_URL = '/v1/events';

/** Longest address with its query; the pixel's page addresses fit. */
export const MAX_URL_CHARACTERS = 8_192;

export interface GateOptions {
  readonly crossOrigin: CrossOriginPolicy;
  readonly writeKeys: WriteKeys;
  /** Nothing where nobody is limited. */
  readonly rateLimiter: RateLimiter | undefined;
  readonly trustedHops: number;
}

const DOCS_POLICY =
  "default-src 'none'; script-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' data:; " +
  "connect-src 'self'; frame-ancestors 'none'; base-uri 'none'; form-action 'none'";

const OPERATION_HEADERS = {
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'content-security-policy': DOCS_POLICY,
} as const;

/** What a request must pass before a byte of its body is read. */
export class Gate {
  constructor(private readonly options: GateOptions) {}

  /** Sets the headers of any answer to this request. @returns why it is not let in. */
  check(request: FastifyRequest, reply: FastifyReply): Refusal | undefined {
    const { url, headers } = request;
    if (url.startsWith(EVENTS_URL)) this.options.crossOrigin.apply(request, reply);
    else reply.headers(OPERATION_HEADERS);
    if (url.length > MAX_URL_CHARACTERS) return new Refusal('address-too-long');
    if (headers.host === undefined && request.raw.httpVersionMinor === 1)
      return new Refusal('malformed-request');
    if (request.is404) return wrongAddress(request, reply);
    const isWriting = request.method !== 'OPTIONS' && url.startsWith(EVENTS_URL);
    return isWriting ? this.checkWriter(request, reply) : undefined;
  }

  private checkWriter(request: FastifyRequest, reply: FastifyReply): Refusal | undefined {
    const { rateLimiter, writeKeys } = this.options;
    const code =
      (rateLimiter && this.checkRate(rateLimiter, request, reply)) ??
      (writeKeys.areRequired ? this.checkKey(request) : undefined);
    return code && new Refusal(code);
  }

  private checkRate(
    limiter: RateLimiter,
    request: FastifyRequest,
    reply: FastifyReply,
  ): RefusalCode | undefined {
    const { remoteAddress } = request.raw.socket;
    const forwardedFor = request.headers['x-forwarded-for'];
    const address = clientAddress({ remoteAddress, forwardedFor }, this.options.trustedHops);
    const verdict = limiter.take(clientNetwork(address), performance.now());
    reply.header('ratelimit-policy', limiter.policy);
    reply.header('ratelimit', `"client";r=${verdict.remaining};t=${verdict.resetS}`);
    if (verdict.isAllowed) return undefined;
    reply.header('retry-after', String(verdict.retryAfterS));
    return 'too-many-requests';
  }

  /** Beacons and images cannot have headers, so the key may stand in the address, too. */
  private checkKey({ headers, query }: FastifyRequest): RefusalCode | undefined {
    const key = headers['x-write-key'] ?? (query as Record<string, unknown>)['write_key'];
    if (typeof key !== 'string' || key === '') return 'write-key-missing';
    return this.options.writeKeys.has(key) ? undefined : 'write-key-wrong';
  }
}

const METHODS: readonly HTTPMethods[] = ['GET', 'HEAD', 'POST', 'PUT', 'PATCH', 'DELETE', 'OPTIONS'];

/** To Fastify a known address with another method is unknown; the client is told what it may do there. */
function wrongAddress({ server, url }: FastifyRequest, reply: FastifyReply): Refusal {
  const path = url.split('?', 1)[0] ?? '';
  const allowed = METHODS.filter((method) => server.hasRoute({ method, url: path }));
  if (allowed.length === 0) return new Refusal('not-found');
  reply.header('allow', allowed.join(', '));
  return new Refusal('method-not-allowed');
}
