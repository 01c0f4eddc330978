import { metricsIn, type Registry } from '@pipeline/observability';

export const clockMetrics = metricsIn(({ gauge }) => ({
  aheadSeconds: gauge(
    'kafka_clock_ahead_seconds',
    'How far the clock of this machine is ahead of the broker’s; negative where it is behind',
  ),
}));

/**
 * How far the clock of this machine is from the broker's, measured with each status report: the broker says when it
 * appended it. Between two measures it follows a clock that is set, because the monotonic clock is not.
 */
export class BrokerClock {
  private aheadWhenMeasuredMs = 0;
  /** Wall clock minus monotonic clock at the measure; undefined before the first. */
  private offsetMs: number | undefined;

  private readonly metrics: ReturnType<typeof clockMetrics>;

  constructor(registry: Registry) {
    this.metrics = clockMetrics(registry);
  }

  /** Positive where this machine is ahead; 0 while nothing is known. */
  get aheadMs(): number {
    return this.offsetMs === undefined ? 0 : this.aheadWhenMeasuredMs + (wallOffsetMs() - this.offsetMs);
  }

  /**
   * @param sentMs when the record was given to the client, by this machine's clock
   * @param appendedMs when the broker appended it, by the broker's clock; below 0 where its topic does not say
   */
  measure(sentMs: number, appendedMs: number): void {
    if (!(appendedMs >= 0)) return;
    this.offsetMs = wallOffsetMs();
    // Any moment between sending and now is right.
    this.aheadWhenMeasuredMs = Math.max(0, sentMs - appendedMs) + Math.min(0, Date.now() - appendedMs);
    this.metrics.aheadSeconds.set(this.aheadWhenMeasuredMs / 1_000);
  }
}

function wallOffsetMs(): number {
  return Date.now() - performance.now();
}
