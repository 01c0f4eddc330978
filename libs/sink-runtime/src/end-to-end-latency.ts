import { parseInstant } from '@pipeline/event-schema';
import { type KafkaRecord } from '@pipeline/kafka-transport';
import { type SinkMetrics } from './sink-metrics.ts';

const FIELD = Buffer.from('"received_at":"');
const INSTANT_LENGTH = '2026-01-01T00:00:00.000Z'.length;

/**
 * From the collector's `received_at` to durable, for the oldest record of each flush: what waited longest. Producers that
 * are not our collector may leave the field out; then nothing is observed.
 */
export class EndToEndLatency {
  private oldestMs: number | undefined;

  constructor(
    private readonly topic: string,
    private readonly metrics: SinkMetrics,
  ) {}

  /** Records leave the buffer, for a flush or for a piece of it. */
  take([oldest]: readonly KafkaRecord[]): void {
    this.oldestMs ??= oldest && receivedMs(oldest);
  }

  /** The flush is durable. */
  stored(): void {
    const { oldestMs } = this;
    this.oldestMs = undefined;
    if (oldestMs === undefined) return;
    // The collector's clock may be ahead of ours.
    const latencyMs = Math.max(0, Date.now() - oldestMs);
    this.metrics.endToEndSeconds.observe({ topic: this.topic }, latencyMs / 1_000);
  }

  /** What was taken will be read again. */
  reset(): void {
    this.oldestMs = undefined;
  }
}

/** Found without parsing the event. */
function receivedMs({ value }: KafkaRecord): number | undefined {
  const at = value?.indexOf(FIELD) ?? -1;
  if (at < 0) return undefined;
  const text = value?.toString('latin1', at + FIELD.length, at + FIELD.length + INSTANT_LENGTH) ?? '';
  const instantMs = parseInstant(text);
  return Number.isFinite(instantMs) ? instantMs : undefined;
}
