import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** An acknowledgement takes 2–10 ms on a sound cluster; a batch waits for Kafka up to `PUBLISH_TIMEOUT_MS` (800 ms). */
const ACK_SECONDS = [
  0.001, 0.002, 0.003, 0.005, 0.0075, 0.01, 0.015, 0.025, 0.05, 0.1, 0.2, 0.4, 0.8, 1.5, 3,
];
/** Both ways; a minute is a clock that nothing sets, an hour a wrong zone, more a wrong date. */
const SKEW_SECONDS = [
  -31_536_000, -86_400, -3_600, -60, -5, -1, 0, 0.1, 0.5, 1, 5, 60, 3_600, 86_400, 31_536_000,
];

export type IntakeMetrics = ReturnType<typeof intakeMetrics>;

export const INTAKE_METRICS = Symbol('intake-metrics');

/** What an intake counts. The names are older than it and are part of the contract with operators. */
export function intakeMetrics(registry: Registry) {
  const registers = [registry];
  const counter = <T extends string>(name: string, help: string, ...labelNames: T[]) =>
    new Counter({ name, help, labelNames, registers });
  const gauge = (name: string, help: string) => new Gauge({ name, help, labelNames: ['topic'], registers });
  return {
    eventsAccepted: counter('collector_events_accepted_total', 'Events acknowledged as durable', 'topic'),
    eventsRejected: counter('collector_events_rejected_total', 'Events refused, by reason', 'code'),
    eventsDuplicate: counter('collector_events_duplicate_total', 'Events acknowledged before', 'topic'),
    rejectedRecords: counter(
      'collector_rejected_records_total',
      'Refused events kept for a look, or lost because Kafka or the queue could not take them',
      'outcome',
    ),
    clockSkewSeconds: new Histogram({
      name: 'collector_clock_skew_seconds',
      help: 'How far the clock of a page is behind ours, one value per request that says when it was sent',
      buckets: SKEW_SECONDS,
      registers,
    }),
    ackSeconds: new Histogram({
      name: 'collector_ack_seconds',
      help: 'From request received to durable',
      buckets: ACK_SECONDS,
      registers,
    }),
    spoolBytes: gauge('collector_spool_bytes', 'Bytes of the spool on disk'),
    spoolOldestSeconds: gauge(
      'collector_spool_oldest_seconds',
      'Age of the oldest record that is in the spool only; 0 when it is empty',
    ),
    spoolBlockedSeconds: gauge(
      'collector_spool_blocked_seconds',
      'How long the spool could not be drained although Kafka answers; 0 when it can',
    ),
  };
}
