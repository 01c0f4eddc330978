import { bytes, defineSettings, flag, integer, list, milliseconds, type Values } from '@pipeline/config';
import { intakeSettings } from '@pipeline/intake';

const shape = {
  ...intakeSettings('collector-api'),
  allowedOrigins: list(
    'COLLECTOR_API_ALLOWED_ORIGINS',
    'Origins whose pages may send events, comma list; empty: all origins',
    { fallback: '' },
  ),
  maxBodyBytes: bytes('COLLECTOR_API_MAX_BODY_BYTES', 'Largest request body, decoded', {
    fallback: '1048576',
    max: 16_777_216,
  }),
  maxLogsBodyBytes: bytes(
    'COLLECTOR_API_MAX_LOGS_BODY_BYTES',
    'Largest request body of logs, decoded; limited by COLLECTOR_API_MAX_OPEN_BODY_BYTES and a quarter of PUBLISH_MAX_QUEUE_BYTES',
    { fallback: '8388608', max: 16_777_216 },
  ),
  maxEventsPerRequest: integer('COLLECTOR_API_MAX_EVENTS', 'Most events in one request', {
    fallback: '500',
    unit: 'events',
    min: 1,
    max: 10_000,
  }),
  storesNetwork: flag(
    'COLLECTOR_API_STORE_NETWORK',
    'Store the client’s network (/24 of IPv4, /48 of IPv6) in events; the whole address is never stored',
    false,
  ),
  trustedProxyHops: integer(
    'COLLECTOR_API_TRUSTED_PROXY_HOPS',
    'Number of your proxies in front of the app, each of which appends to X-Forwarded-For',
    { fallback: '0', unit: 'proxies', max: 10 },
  ),
  stopDelayMs: milliseconds(
    'COLLECTOR_API_STOP_DELAY_MS',
    'Time after SIGTERM in which the app is not ready but still listens, so that load balancers notice',
    { fallback: '0', min: 0 },
  ),
  writeKeys: list(
    'COLLECTOR_API_WRITE_KEYS',
    'Write keys, comma list; a client must send one of them; empty: no key needed',
    {
      fallback: '',
      secret: true,
    },
  ),
  rateLimitPerSecond: integer('COLLECTOR_API_RATE_LIMIT', 'Requests per second of one client; 0: no limit', {
    fallback: '0',
    unit: 'requests/s',
  }),
  rateLimitBurst: integer(
    'COLLECTOR_API_RATE_LIMIT_BURST',
    'Burst of requests that one client may send after a pause',
    {
      fallback: '100',
      unit: 'requests',
      min: 1,
    },
  ),
  maxOpenBodyBytes: bytes(
    'COLLECTOR_API_MAX_OPEN_BODY_BYTES',
    'Most bytes of all request bodies being received; further requests are refused',
    {
      fallback: '67108864',
    },
  ),
  maxConnections: integer(
    'COLLECTOR_API_MAX_CONNECTIONS',
    'Most open connections; further ones are closed at once',
    {
      fallback: '10000',
      unit: 'connections',
      min: 1,
    },
  ),
  headersTimeoutMs: milliseconds(
    'COLLECTOR_API_HEADERS_TIMEOUT_MS',
    'Longest time for receiving the headers of a request',
    { fallback: '5000' },
  ),
  requestTimeoutMs: milliseconds('COLLECTOR_API_REQUEST_TIMEOUT_MS', 'Longest time for receiving a request', {
    fallback: '10000',
  }),
} as const;

export type CollectorApiConfig = Values<typeof shape>;

/** Every setting of collector-api. */
export const collectorApiSettings = defineSettings(shape, [
  ({ allowedOrigins }) => {
    const wrong = allowedOrigins.filter((origin) => !isOrigin(origin));
    return wrong.length === 0
      ? undefined
      : `COLLECTOR_API_ALLOWED_ORIGINS names ${wrong.join(', ')}: an origin is scheme://host or scheme://host:port`;
  },
  ({ publishTimeoutMs, stopDelayMs, shutdownGraceMs }) =>
    publishTimeoutMs + stopDelayMs < shutdownGraceMs
      ? undefined
      : 'PUBLISH_TIMEOUT_MS and COLLECTOR_API_STOP_DELAY_MS together must be below SHUTDOWN_GRACE_MS',
  ({ headersTimeoutMs, requestTimeoutMs }) =>
    headersTimeoutMs <= requestTimeoutMs
      ? undefined
      : 'COLLECTOR_API_HEADERS_TIMEOUT_MS must not be above COLLECTOR_API_REQUEST_TIMEOUT_MS',
  ({ maxBodyBytes, maxOpenBodyBytes }) =>
    maxBodyBytes <= maxOpenBodyBytes
      ? undefined
      : 'COLLECTOR_API_MAX_BODY_BYTES must not be above COLLECTOR_API_MAX_OPEN_BODY_BYTES',
  ({ maxBodyBytes, publishMaxQueueBytes }) =>
    maxBodyBytes < publishMaxQueueBytes
      ? undefined
      : 'COLLECTOR_API_MAX_BODY_BYTES must be below PUBLISH_MAX_QUEUE_BYTES',
]);

function isOrigin(text: string): boolean {
  return URL.canParse(text) && new URL(text).origin === text;
}
