import { type KafkaMessage } from '@pipeline/kafka-driver';

/** A header of a question: for how long its asker waits, in milliseconds. */
export const ANSWER_WITHIN_HEADER = 'answer_within_ms';

const DEFAULT_MS = 30_000;
const LONGEST_MS = 60_000;
/** Clocks of askers and servers may be so far apart. */
const CLOCK_TOLERANCE_MS = 10_000;

/**
 * Until when an answer is waited for, in milliseconds since the epoch by this process's clock. It counts from now, since
 * clocks differ; the question's own time only tells those that have lain in the topic for long.
 */
export function questionDeadline({ headers, timestamp }: KafkaMessage, nowMs: number): number {
  const said = Number(String(headers?.[ANSWER_WITHIN_HEADER] ?? ''));
  const withinMs = said >= 1 && said <= LONGEST_MS ? said : DEFAULT_MS;
  const askedMs = Number(timestamp);
  return Math.min(nowMs, askedMs > 0 ? askedMs + CLOCK_TOLERANCE_MS : nowMs) + withinMs;
}
