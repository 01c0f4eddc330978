import { bytes, defineSettings, integer, milliseconds, url } from '@pipeline/config';
import { kafkaSettings } from '@pipeline/kafka-transport';
import { appSettings } from '@pipeline/observability';

/** Every setting of web-ui. */
export const webUiSettings = defineSettings(
  {
    ...appSettings('web-ui'),
    ...kafkaSettings,
    collectorPublicUrl: url('COLLECTOR_PUBLIC_URL', 'URL of collector-api for browsers', {
      fallback: 'http://localhost:3001',
    }),
    queryTimeoutMs: milliseconds('WEB_UI_QUERY_TIMEOUT_MS', 'Time-out of a query to es-sink', {
      fallback: '2000',
      max: 30_000,
    }),
    historyCacheMs: milliseconds('WEB_UI_HISTORY_CACHE_MS', 'How long equal queries share one answer', {
      fallback: '1000',
      max: 60_000,
    }),
    frameIntervalMs: milliseconds('WEB_UI_LIVE_INTERVAL_MS', 'Shortest time between two live messages', {
      fallback: '250',
      min: 20,
      max: 10_000,
    }),
    heartbeatMs: milliseconds(
      'WEB_UI_LIVE_HEARTBEAT_MS',
      'Interval of the comments that keep live connections open',
      {
        fallback: '15000',
        max: 60_000,
      },
    ),
    ringMaxBytes: bytes('WEB_UI_LIVE_RING_BYTES', 'Live messages kept for subscribers that reconnect', {
      fallback: '4194304',
    }),
    subscriberMaxBytes: bytes(
      'WEB_UI_LIVE_SUBSCRIBER_BYTES',
      'Unsent bytes at which a slow subscriber is disconnected',
      {
        fallback: '262144',
        min: 65_536,
      },
    ),
    maxSubscribers: integer('WEB_UI_LIVE_MAX_SUBSCRIBERS', 'Most live connections of one replica', {
      fallback: '1000',
      min: 1,
    }),
    trustedProxyHops: integer(
      'WEB_UI_TRUSTED_PROXY_HOPS',
      'Number of your proxies in front of the app, each of which appends to X-Forwarded-For',
      { fallback: '0', unit: 'proxies', max: 10 },
    ),
    rateLimitPerSecond: integer('WEB_UI_RATE_LIMIT', 'Requests per second of one client; 0: no limit', {
      fallback: '100',
      unit: 'requests/s',
    }),
    rateLimitBurst: integer(
      'WEB_UI_RATE_LIMIT_BURST',
      'Burst of requests that one client may send after a pause',
      {
        fallback: '1000',
        unit: 'requests',
        min: 1,
      },
    ),
    maxConnections: integer(
      'WEB_UI_MAX_CONNECTIONS',
      'Most open connections; beyond them idle ones are closed',
      {
        fallback: '3000',
        unit: 'connections',
        min: 1,
      },
    ),
    feedMaxInFlightBytes: bytes(
      'WEB_UI_LIVE_IN_FLIGHT_BYTES',
      'Most bytes of records read from Kafka and not counted yet',
      {
        fallback: '16777216',
      },
    ),
  },
  [
    ({ frameIntervalMs, heartbeatMs }) =>
      frameIntervalMs < heartbeatMs
        ? undefined
        : 'WEB_UI_LIVE_INTERVAL_MS must be below WEB_UI_LIVE_HEARTBEAT_MS',
    ({ maxSubscribers, maxConnections }) =>
      maxSubscribers < maxConnections
        ? undefined
        : 'WEB_UI_LIVE_MAX_SUBSCRIBERS must be below WEB_UI_MAX_CONNECTIONS',
    ({ queryTimeoutMs, shutdownGraceMs }) =>
      queryTimeoutMs < shutdownGraceMs
        ? undefined
        : 'WEB_UI_QUERY_TIMEOUT_MS must be below SHUTDOWN_GRACE_MS',
  ],
);

export type WebUiConfig = ReturnType<typeof webUiSettings.load>;
