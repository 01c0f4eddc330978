import {
  backoffMs,
  type BatchLayout,
  BatchesLeftError,
  type BatchSealer,
  type BatchSender,
  identityOf,
  type OutgoingRecord,
  type PartitionBatch,
  pause,
  stampIdentity,
  TransportError,
} from '@pipeline/kafka-transport';
import { type Logger } from '@pipeline/observability';
import { type IntakeMetrics } from '../intake-metrics.ts';
import { type SealedTopic, type SealedUnit, type SpoolPosition } from './spool-checkpoint.ts';
import { type SpoolEntry } from './spool-entry.ts';
import { type SpoolLog, type SpoolUnit } from './spool-log.ts';

export interface SpoolDrainOptions {
  readonly spool: SpoolLog;
  readonly sender: BatchSender;
  readonly sealer: BatchSealer;
  /** About the size of one produce request. */
  readonly batchBytes: number;
  /** A request that is not answered for this long is given up and sent again. */
  readonly timeoutMs: number;
  readonly logger: Logger;
  readonly metrics: IntakeMetrics;
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
    const { spool, batchBytes } = this.options;
    if (spool.earlier.length > 0) return this.sendEarlier(spool.earlier);
    const unit = await spool.readUnit(batchBytes);
    if (unit === undefined) return;
    const { next } = unit;
    const batches = unit.sealed ? await this.remake(unit, unit.sealed) : await this.seal(unit);
    await this.send(batches, (left) => this.reseal(left, next));
    await spool.advance(next);
  }

  /** Sealed as they were, in the first try, or now: then it is written down before they are sent. */
  private async seal({ entries, next }: SpoolUnit): Promise<readonly PartitionBatch[]> {
    const { sealer } = this.options;
    const [first] = entries;
    if (first?.kind === 'sealed') return first.batches;
    const all: PartitionBatch[] = [];
    const layouts = new Map<string, BatchLayout>();
    for (const [topic, records] of joined(entries)) {
      const layout = await this.withinTime(sealer.layout(topic));
      layouts.set(topic, layout);
      all.push(...(await this.withinTime(sealer.seal(topic, records, layout))));
    }
    await this.prepare(sealedUnit(all, layouts, next));
    return all;
  }

  /** The batches that were about to be sent, with the same producer and the same sequences. */
  private async remake({ entries }: SpoolUnit, sealed: SealedUnit): Promise<readonly PartitionBatch[]> {
    const [first] = entries;
    const records = joined(entries);
    const made: PartitionBatch[] = [];
    for (const { topic, layout, identity, sequences } of sealed.topics) {
      const batches =
        first?.kind === 'sealed'
          ? first.batches.filter((batch) => batch.topic === topic)
          : await this.options.sealer.rebuild(topic, records.get(topic) ?? [], layout);
      for (const batch of batches) {
        const sequence = sequences.get(batch.partition);
        if (sequence === undefined) continue;
        stampIdentity(batch.bytes, identity, sequence);
        made.push(batch);
      }
    }
    return made;
  }

  private async reseal(left: readonly PartitionBatch[], next: SpoolPosition): Promise<void> {
    const { spool, sealer } = this.options;
    await this.withinTime(sealer.reseal(left));
    const layouts = new Map(spool.prepared?.topics.map(({ topic, layout }) => [topic, layout]));
    await this.prepare(sealedUnit(left, layouts, next));
  }

  private async prepare(unit: SealedUnit): Promise<void> {
    try {
      await this.options.spool.prepare(unit);
    } catch (error) {
      // The sequences are never sent, and the broker would miss them.
      this.options.sealer.retire();
      throw error;
    }
  }

  private async sendEarlier(batches: readonly PartitionBatch[]): Promise<void> {
    const { spool, sealer } = this.options;
    await this.send(batches, (left) => this.withinTime(sealer.reseal(left)));
    await spool.forgetEarlier();
  }

  private async send(
    batches: readonly PartitionBatch[],
    reseal: (left: readonly PartitionBatch[]) => Promise<void>,
  ): Promise<void> {
    const { sender, logger, topic } = this.options;
    try {
      await this.withinTime(sender.send(batches));
    } catch (error) {
      if (!(error instanceof TransportError) || error.code !== 'sequence-lost') throw error;
      // The broker has no place for these any more: after a new identity some may be there twice, none is lost.
      logger.error({ err: error, topic }, 'spooled batches sent under a new identity');
      const left = error instanceof BatchesLeftError ? error.left : batches;
      await reseal(left);
      await this.withinTime(sender.send(left));
    }
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

/** Sealed entries keep their batches, so they have no layout. */
const NO_LAYOUT: BatchLayout = { partitions: 0, keyless: 0 };

function sealedUnit(
  batches: readonly PartitionBatch[],
  layouts: ReadonlyMap<string, BatchLayout>,
  end: SpoolPosition,
): SealedUnit {
  const topics = [...Map.groupBy(batches, ({ topic }) => topic)].map(([topic, own]): SealedTopic => {
    const { producerId, epoch } = identityOf(own[0]!.bytes);
    const sequences = new Map(own.map(({ partition, bytes }) => [partition, identityOf(bytes).sequence]));
    return { topic, layout: layouts.get(topic) ?? NO_LAYOUT, identity: { producerId, epoch }, sequences };
  });
  return { end, topics };
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
