import { type HttpLimits } from '@pipeline/observability';

/** What the settings say of HTTP. */
export interface HttpOptions extends Omit<HttpLimits, 'stallTimeoutMs'> {
  readonly maxBodyBytes: number;
  readonly maxLogsBodyBytes: number;
  readonly maxOpenBodyBytes: number;
  readonly maxEventsPerRequest: number;
  /** Whether events get the network of the client; never its whole address. */
  readonly storesNetwork: boolean;
  readonly publishMaxQueueBytes: number;
  readonly allowedOrigins: readonly string[];
  readonly writeKeys: readonly string[];
  readonly rateLimitPerSecond: number;
  readonly rateLimitBurst: number;
  /** Longest time until an answer. */
  readonly publishTimeoutMs: number;
}

export const HTTP_OPTIONS = Symbol('http-options');

/** Its records repeat what they share, so a request may take several times its bytes of the queue. */
export function logsBodyLimit({
  maxLogsBodyBytes,
  maxOpenBodyBytes,
  publishMaxQueueBytes,
}: HttpOptions): number {
  return Math.min(maxLogsBodyBytes, maxOpenBodyBytes, Math.floor(publishMaxQueueBytes / 4));
}
