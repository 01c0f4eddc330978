import { LATENCY_SECONDS, metricsIn } from '@pipeline/observability';

export const liveMetrics = metricsIn(({ counter, gauge, histogram }) => ({
  events: counter('live_events_total', 'Events that reached the live feed'),
  delaySeconds: histogram(
    'live_delay_seconds',
    'From the time the broker appended a record to the live feed, newest record of a batch',
    LATENCY_SECONDS,
  ),
  subscribers: gauge('live_subscribers', 'Open connections to the live feed'),
  subscribersDropped: counter('live_subscribers_dropped_total', 'Connections cut for being too slow'),
  subscribersDisplaced: counter(
    'live_subscribers_displaced_total',
    'Connections ended because their client had the most places and another client had none left',
  ),
}));

export type LiveMetrics = ReturnType<typeof liveMetrics>;
