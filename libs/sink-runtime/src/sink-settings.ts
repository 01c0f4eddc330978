import { bytes, integer, milliseconds, type Values } from '@pipeline/config';
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

/** The settings that every sink has, under its own prefix; spread into the app's `defineSettings`. */
export function sinkSettings(prefix: string, defaults: SinkDefaults) {
  const fallback = (value: number) => ({ fallback: String(value) });
  return {
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
      'Memory beside what the idle process takes: 224 MiB to work, the rest for records that are not durable',
      { ...fallback(defaults.memoryBudgetBytes), min: WORKING_ROOM_BYTES + LEAST_RECORD_BYTES },
    ),
    dlqMaxSharePercent: integer(
      `${prefix}_DLQ_MAX_SHARE`,
      'Refused part of the latest records above which a partition stops; 100 never stops',
      { ...fallback(50), unit: 'percent', min: 1, max: 100 },
    ),
    dlqWindowRecords: integer(`${prefix}_DLQ_WINDOW_RECORDS`, 'How many the latest records are', {
      ...fallback(1_000),
      min: 1,
      max: 1_000_000,
    }),
    dlqMinRecords: integer(
      `${prefix}_DLQ_MIN_RECORDS`,
      'Fewer refused records than this among the latest never stop a partition',
      { ...fallback(100), min: 1 },
    ),
    sessionTimeoutMs: milliseconds(
      `${prefix}_SESSION_TIMEOUT_MS`,
      'Silence after which the group gives the partitions to another replica',
      { fallback: '30000', min: 6_000 },
    ),
    drainTimeoutMs: milliseconds(`${prefix}_DRAIN_TIMEOUT_MS`, 'Time to flush and commit after SIGTERM', {
      fallback: '15000',
    }),
  };
}

export type SinkValues = Values<ReturnType<typeof sinkSettings>>;

export function flushPolicy({ flushMaxRecords, flushMaxBytes, flushMaxAgeMs }: SinkValues): FlushPolicy {
  return { maxRecords: flushMaxRecords, maxBytes: flushMaxBytes, maxAgeMs: flushMaxAgeMs };
}

export function deadLetterLimits({
  dlqMaxSharePercent,
  dlqWindowRecords,
  dlqMinRecords,
}: SinkValues): DeadLetterLimits {
  return {
    maxSharePercent: dlqMaxSharePercent,
    windowRecords: dlqWindowRecords,
    minRecords: dlqMinRecords,
  };
}

/** Cross-field rule of every sink. */
export function drainFitsGrace(
  values: SinkValues & { readonly shutdownGraceMs: number },
): string | undefined {
  return values.drainTimeoutMs < values.shutdownGraceMs
    ? undefined
    : `the drain time-out (${values.drainTimeoutMs} ms) must be below SHUTDOWN_GRACE_MS (${values.shutdownGraceMs} ms)`;
}
