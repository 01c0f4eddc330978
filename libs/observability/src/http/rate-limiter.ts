export interface RateLimit {
  /** Requests that a client may go on sending every second; 0 limits nobody. */
  readonly requestsPerSecond: number;
  /** Requests that a client may send at once after a pause. */
  readonly burst: number;
}

/** What one request found. */
export interface RateVerdict {
  readonly isAllowed: boolean;
  /** Whole requests that may follow at once. */
  readonly remaining: number;
  /** Seconds until the next one may come, and until everything is there again; at least 1. */
  readonly retryAfterS: number;
  readonly resetS: number;
}

interface Bucket {
  tokens: number;
  filledAtMs: number;
}

const CLIENTS_PER_GENERATION = 50_000;

/**
 * A token bucket for each client. Clients are kept in two generations, of which the older is dropped when the younger is
 * full: at most 100,000 of them, about 15 MB; one that is forgotten starts with a full bucket.
 */
export class RateLimiter {
  private young = new Map<string, Bucket>();
  private old = new Map<string, Bucket>();

  constructor(
    private readonly limit: RateLimit,
    private readonly clientsPerGeneration = CLIENTS_PER_GENERATION,
  ) {}

  /** The headers of draft-ietf-httpapi-ratelimit-headers-10, and `Retry-After` for a request that is refused. */
  headersOf({ isAllowed, remaining, resetS, retryAfterS }: RateVerdict): Record<string, string> {
    const { burst, requestsPerSecond } = this.limit;
    return {
      'ratelimit-policy': `"client";q=${burst};w=${Math.ceil(burst / requestsPerSecond)}`,
      ratelimit: `"client";r=${remaining};t=${resetS}`,
      ...(!isAllowed && { 'retry-after': String(retryAfterS) }),
    };
  }

  /** Takes one request from the client's bucket, where there is one. */
  take(client: string, nowMs: number): RateVerdict {
    const { requestsPerSecond, burst } = this.limit;
    const bucket = this.bucketOf(client, nowMs);
    const refill = ((nowMs - bucket.filledAtMs) / 1_000) * requestsPerSecond;
    bucket.tokens = Math.min(burst, bucket.tokens + Math.max(0, refill));
    bucket.filledAtMs = nowMs;
    const isAllowed = bucket.tokens >= 1;
    if (isAllowed) bucket.tokens -= 1;
    const secondsFor = (tokens: number): number => Math.max(1, Math.ceil(tokens / requestsPerSecond));
    return {
      isAllowed,
      remaining: Math.floor(bucket.tokens),
      retryAfterS: secondsFor(1 - bucket.tokens),
      resetS: secondsFor(burst - bucket.tokens),
    };
  }

  private bucketOf(client: string, nowMs: number): Bucket {
    const known = this.young.get(client);
    if (known !== undefined) return known;
    if (this.young.size >= this.clientsPerGeneration) {
      this.old = this.young;
      this.young = new Map();
    }
    const bucket = this.old.get(client) ?? { tokens: this.limit.burst, filledAtMs: nowMs };
    this.young.set(client, bucket);
    return bucket;
  }
}
