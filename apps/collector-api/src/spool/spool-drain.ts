import {
  backoffMs,
  BatchesLeftError,
  type BatchSealer,
  type BatchSender,
  type OutgoingRecord,
  type PartitionBatch,
  pause,
  TransportError,
} from '@pipeline/kafka-transport';
import { type Logger, type PipelineMetrics } from '@pipeline/observability';
import { type SpoolPosition } from './spool-checkpoint.ts';
import { type SpoolEntry } from './spool-entry.ts';
import { type SpoolLog } from './spool-log.ts';

export interface SpoolDrainOptions {
  readonly spool: SpoolLog;
  readonly sender: BatchSender;
  readonly sealer: BatchSealer;
  /** About the size of one produce request. */
  readonly batchBytes: number;
  /** A request that is not answered for this long is given up and sent again. */
  readonly timeoutMs: number;
  readonly logger: Logger;
  readonly metrics: PipelineMetrics;
  /** The label of its metric. */
  readonly topic: string;
}

const RETRY = { initialMs: 100, maxMs: 1_000 };

/**
 * Brings the spool to Kafka in its order, and never gives up. What is sent was fixed to the byte on disk before, so a
 * repetition after a lost answer or a crash is recognised by the broker.
 */
export class SpoolDrain {
  private readonly stopping = new AbortController();
  private running: Promise<void> | undefined;
  private blockedSinceMs: number | undefined;

  constructor(private readonly options: SpoolDrainOptions) {}

  start(): void {
    this.running = this.run();
  }

  /** What is not in Kafka by now stays on disk for the next process. */
  async stop(): Promise<void> {
    this.stopping.abort();
    await this.running;
    await this.options.sender.close();
  }

  private async run(): Promise<void> {
    const { signal } = this.stopping;
    const { spool, logger, topic } = this.options;
    for (let failures = 0; !signal.aborted;) {
      await spool.occupied(signal);
      if (signal.aborted) return;
      try {
        await this.step();
        failures = 0;
        this.showBlocked(false);
      } catch (error) {
        if (failures === 0) logger.warn({ err: error, topic }, 'spool could not be drained');
        spool.report();
        this.showBlocked(await this.isKafkaThere());
        await pause(backoffMs(failures++, RETRY) + RETRY.initialMs, signal);
      }
    }
  }

  /** While Kafka is away, waiting is right; a spool that Kafka or the disk refuses needs a person. */
  private showBlocked(isBlocked: boolean): void {
    this.blockedSinceMs = isBlocked ? (this.blockedSinceMs ?? performance.now()) : undefined;
    const forMs = this.blockedSinceMs === undefined ? 0 : performance.now() - this.blockedSinceMs;
    const { metrics, topic } = this.options;
    metrics.spoolBlockedSeconds.set({ topic }, forMs / 1_000);
  }

  private isKafkaThere(): Promise<boolean> {
    return this.withinTime(this.options.sender.ping()).then(
      () => true,
      () => false,
    );
  }

  private async step(): Promise<void> {
    const { spool, sealer, batchBytes } = this.options;
    if (spool.pending.length > 0) return this.send(spool.pending, spool.preparedPosition);
    const unit = await spool.readUnit(batchBytes);
    if (unit === undefined) return spool.advance(spool.preparedPosition);
    const { entries, next } = unit;
    const [first] = entries;
    if (first?.kind === 'sealed') return this.send(first.batches, next);
    const pending: PartitionBatch[] = [];
    for (const [topic, records] of joined(entries)) {
      pending.push(...(await this.withinTime(sealer.seal(topic, records))));
    }
    await spool.prepare({ position: next, pending });
    await this.send(pending, next);
  }

  private async send(batches: readonly PartitionBatch[], next: SpoolPosition): Promise<void> {
    const { spool, sender, sealer, logger, topic } = this.options;
    try {
      await this.withinTime(sender.send(batches));
    } catch (error) {
      if (!(error instanceof TransportError) || error.code !== 'sequence-lost') throw error;
      // The broker has no place for these any more: after a new identity some may be there twice, none is lost.
      logger.error({ err: error, topic }, 'spooled batches sent under a new identity');
      const left = error instanceof BatchesLeftError ? error.left : batches;
      await this.withinTime(sealer.reseal(left));
      await spool.prepare({ position: next, pending: left });
      await this.withinTime(sender.send(left));
    }
    await spool.advance(next);
  }

  private async withinTime<T>(work: Promise<T>): Promise<T> {
    const { sender, timeoutMs } = this.options;
    let timer: NodeJS.Timeout | undefined;
    const overdue = new Promise<never>((_resolve, reject) => {
      timer = setTimeout(() => {
        sender.reset();
        reject(new TransportError('broker-unavailable', 'Kafka did not acknowledge in time'));
      }, timeoutMs);
    });
    try {
      return await Promise.race([work, overdue]);
    } finally {
      clearTimeout(timer);
    }
  }
}

function joined(entries: readonly SpoolEntry[]): Map<string, OutgoingRecord[]> {
  const topics = new Map<string, OutgoingRecord[]>();
  for (const entry of entries) {
    if (entry.kind !== 'records') continue;
    for (const [topic, records] of entry.topics) {
      const all = topics.get(topic);
      if (all) for (const record of records) all.push(record);
      else topics.set(topic, [...records]);
    }
  }
  return topics;
}
