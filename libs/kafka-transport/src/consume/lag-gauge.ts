import { type Logger } from '@pipeline/observability';
import { type OffsetReader, type PartitionId, pause } from '@pipeline/kafka-driver';
import { type ConsumerMetrics } from './consumer-metrics.ts';

interface Position extends PartitionId {
  endOffset: bigint;
  /** Where the group goes on after a restart. */
  committedOffset: bigint;
}

const REFRESH_INTERVAL_MS = 10_000;

/**
 * Shows for each partition of this member how many records it has not committed: end of the log minus committed offset. The
 * ends are asked for, too, so that a partition from which nothing is fetched (it is stuck, full or idle) tells the truth.
 */
export class LagGauge {
  private positions = new Map<string, Position>();

  constructor(
    private readonly offsets: Pick<OffsetReader, 'extents'>,
    private readonly options: { readonly metrics: Pick<ConsumerMetrics, 'lag'>; readonly logger: Logger },
  ) {}

  /** The partitions of before belong to other members. */
  clear(): void {
    for (const { topic, partition } of this.positions.values())
      this.options.metrics.lag.remove({ topic, partition });
    this.positions.clear();
  }

  open(position: Readonly<Position>): void {
    this.show({ ...position });
  }

  reached(id: PartitionId, endOffset: bigint): void {
    const position = this.positions.get(key(id));
    if (position && endOffset > position.endOffset) this.show({ ...position, endOffset });
  }

  committed(id: PartitionId, committedOffset: bigint): void {
    const position = this.positions.get(key(id));
    if (position) this.show({ ...position, committedOffset });
  }

  /** Asks for the ends again and again until the signal aborts; a question that fails is asked again later. */
  async watch(stopped: AbortSignal, intervalMs = REFRESH_INTERVAL_MS): Promise<void> {
    while (!stopped.aborted) {
      await pause(intervalMs, stopped);
      await Promise.all([...this.topics].map((topic) => this.refresh(topic)));
    }
  }

  private get topics(): ReadonlySet<string> {
    return new Set([...this.positions.values()].map(({ topic }) => topic));
  }

  private async refresh(topic: string): Promise<void> {
    try {
      for (const { partition, endOffset } of await this.offsets.extents(topic))
        this.reached({ topic, partition }, endOffset);
    } catch (error) {
      this.options.logger.debug({ err: error, topic }, 'ends of partitions not readable');
    }
  }

  private show(position: Position): void {
    const { topic, partition, endOffset, committedOffset } = position;
    this.positions.set(key(position), position);
    const lag = endOffset > committedOffset ? endOffset - committedOffset : 0n;
    this.options.metrics.lag.set({ topic, partition }, Number(lag));
  }
}

function key({ topic, partition }: PartitionId): string {
  return `${topic}/${partition}`;
}
