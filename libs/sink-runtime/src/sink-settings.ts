import { bytes, integer, milliseconds, type Values } from '@pipeline/config';
import { settingPrefix, type SinkName } from '@pipeline/event-schema';
import { kafkaSettings } from '@pipeline/kafka-transport';
import { appSettings, tracingSettings } from '@pipeline/observability';
import { type DeadLetterLimits } from './dead-letter-breaker.ts';
import { type FlushPolicy } from './flush-policy.ts';

export interface SinkDefaults {
  readonly maxRecords: number;
  readonly maxBytes: number;
  readonly maxAgeMs: number;
  readonly memoryBudgetBytes: number;
}

/**
 * The part of the memory budget that is not for records: a fetch that is being decoded, what a writer makes of the
 * records, and what the garbage collector lets wait (it tolerates 64 MB outside of its heap and a young generation of
 * 48 MB). Measured with a million records at full speed on a busy machine.
 */
export const WORKING_ROOM_BYTES = 224 << 20;

const LEAST_RECORD_BYTES = 16 << 20;

/** The settings that every sink has, its own under its prefix; spread into the app's `defineSettings`. */
export function sinkSettings(sink: SinkName, defaults: SinkDefaults) {
  const prefix = settingPrefix(sink);
  const fallback = (value: number) => ({ fallback: String(value) });
  return {
    ...appSettings(sink),
    ...kafkaSettings,
    ...tracingSettings,
    flushMaxRecords: integer(
      `${prefix}_FLUSH_MAX_RECORDS`,
      'Records that trigger a flush of their partition',
      {
        ...fallback(defaults.maxRecords),
        min: 1,
      },
    ),
    flushMaxBytes: bytes(
      `${prefix}_FLUSH_MAX_BYTES`,
      'Bytes that trigger a flush of their partition',
      fallback(defaults.maxBytes),
    ),
    flushMaxAgeMs: milliseconds(
      `${prefix}_FLUSH_MAX_AGE_MS`,
      'Age of the oldest record that triggers a flush',
      fallback(defaults.maxAgeMs),
    ),
    memoryBudgetBytes: bytes(
      `${prefix}_MEMORY_BUDGET_BYTES`,
      'Memory in addition to the idle process: 224 MiB working room, the rest for records that are not durable yet',
      { ...fallback(defaults.memoryBudgetBytes), min: WORKING_ROOM_BYTES + LEAST_RECORD_BYTES },
    ),
    sessionTimeoutMs: milliseconds(
      `${prefix}_SESSION_TIMEOUT_MS`,
      'Time without a heartbeat after which the partitions move to another replica',
      { fallback: '30000', min: 6_000 },
    ),
    drainTimeoutMs: milliseconds(
      `${prefix}_DRAIN_TIMEOUT_MS`,
      'Longest time to flush and commit after SIGTERM',
      {
        fallback: '15000',
      },
    ),
    probeIntervalMs: milliseconds(
      `${prefix}_PROBE_INTERVAL_MS`,
      'Interval of the readiness probe of the store',
      {
        fallback: '5000',
      },
    ),
  };
}

/** Absent in a sink whose store takes whatever the rules allow: it has nothing to stop for. */
type BreakerValues = Partial<Values<ReturnType<typeof breakerSettings>>>;

export type SinkValues = Values<ReturnType<typeof sinkSettings>> & BreakerValues;

export function flushPolicy({ flushMaxRecords, flushMaxBytes, flushMaxAgeMs }: SinkValues): FlushPolicy {
  return { maxRecords: flushMaxRecords, maxBytes: flushMaxBytes, maxAgeMs: flushMaxAgeMs };
}

/** The setting of a sink whose store may refuse what the rules of the event allow. */
export function breakerSettings(sink: SinkName) {
  return {
    dlqStopAfterMs: milliseconds(
      `${settingPrefix(sink)}_DLQ_STOP_AFTER_MS`,
      'Time in which the store must refuse every record before the partition stops instead of dead-lettering more; 0: never',
      { fallback: '30000' },
    ),
  };
}

/** A hundred visitors are not one sender, and most sites have so many in a partition soon. */
const REFUSED_KEYS = 100;

export function deadLetterLimits({ dlqStopAfterMs = 0 }: BreakerValues): DeadLetterLimits {
  return { minMs: dlqStopAfterMs, minKeys: REFUSED_KEYS };
}

/** Cross-field rule of every sink. */
export function drainFitsGrace(values: SinkValues): string | undefined {
  return values.drainTimeoutMs < values.shutdownGraceMs
    ? undefined
    : `the drain time-out (${values.drainTimeoutMs} ms) must be below SHUTDOWN_GRACE_MS (${values.shutdownGraceMs} ms)`;
}
