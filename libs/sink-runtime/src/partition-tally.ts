import { type PartitionAssignment } from '@pipeline/kafka-transport';
import { type Logger } from '@pipeline/observability';
import { type SinkMetrics } from './sink-metrics.ts';
import { type WriteReport } from './sink-writer.ts';

/**
 * Adds up what became of the records of a flush, and counts them when the flush ends. For each partition
 * `accepted = written + duplicate + dead-lettered`, at every moment; a flush whose parts do not add up to its records
 * is a mistake of the writer that would be a loss or a double, and raises an alarm.
 */
export class PartitionTally {
  private readonly labels: { readonly topic: string; readonly partition: number };
  private written = 0;
  private duplicates = 0;
  private codes: string[] = [];
  private unaccounted = 0;

  constructor(
    { topic, partition }: PartitionAssignment,
    private readonly metrics: SinkMetrics,
    private readonly logger: Logger,
  ) {
    this.labels = { topic, partition };
    metrics.recordsUnaccounted.set(this.labels, 0);
  }

  add({ written, duplicates, rejected }: WriteReport): void {
    this.written += written;
    this.duplicates += duplicates;
    for (const { code } of rejected) this.codes.push(code);
  }

  /** The flush is durable: counts it, and checks that nothing is missing or counted twice. */
  settle(records: number): void {
    const { metrics, labels, written, duplicates, codes } = this;
    metrics.recordsAccepted.inc(labels, records);
    metrics.recordsWritten.inc(labels, written);
    metrics.recordsDuplicate.inc(labels, duplicates);
    for (const code of codes) metrics.recordsDeadLettered.inc({ ...labels, code });
    const difference = records - written - duplicates - codes.length;
    this.reset();
    if (difference === 0) return;
    this.unaccounted += Math.abs(difference);
    metrics.recordsUnaccounted.set(labels, this.unaccounted);
    const counts = { records, written, duplicates, deadLettered: codes.length };
    this.logger.error({ ...labels, ...counts }, 'records do not add up');
  }

  /** The flush will be made again from the start, by us or by the next owner. */
  reset(): void {
    this.written = 0;
    this.duplicates = 0;
    this.codes = [];
  }
}
