import {
  ByteBudget,
  type FallbackLog,
  type OutgoingRecord,
  type PartitionBatch,
} from '@pipeline/kafka-transport';
import { type Logger } from '@pipeline/observability';
import { type IntakeMetrics } from '../intake-metrics.ts';
import { type SpoolDrain } from './spool-drain.ts';
import { type SpoolEntry } from './spool-entry.ts';
import { SpoolError, type SpoolFolder } from './spool-folder.ts';
import { SpoolLog } from './spool-log.ts';

export interface SpoolOptions {
  readonly folder: SpoolFolder;
  readonly topics: readonly string[];
  /** Bytes on disk of all topics; no topic may take all of them. */
  readonly maxBytes: number;
  readonly segmentBytes: number;
  readonly createDrain: (log: SpoolLog, topic: string) => SpoolDrain;
  /** Gives the folder back. */
  readonly unlock?: () => Promise<void>;
  readonly logger: Logger;
  readonly metrics: IntakeMetrics;
}

interface Part {
  readonly log: SpoolLog;
  readonly drain: SpoolDrain;
}

/** The folder with a folder for each topic. */
const TOPIC_FOLDERS = 'topics';
/** Stands for the topic where a version before has left one log of all topics. */
const EARLIER = 'all-topics';

/**
 * What Kafka did not take in time, on disk: a log for each topic with its own way to Kafka, so that a topic which takes
 * nothing keeps back no other. What a version before has left in one log of all topics comes first, in its order.
 */
export class Spool implements FallbackLog {
  private readonly stopping = new AbortController();

  private constructor(
    private readonly parts: ReadonlyMap<string, Part>,
    private readonly earlier: Part | undefined,
    private readonly unlock: (() => Promise<void>) | undefined,
  ) {}

  /** Also of topics that have no events any more: what is left of them is brought to Kafka. */
  static async open(options: SpoolOptions): Promise<Spool> {
    const { folder, topics, maxBytes, createDrain } = options;
    const budget = new ByteBudget(maxBytes);
    const openPart = async (own: SpoolFolder, topic: string): Promise<Part> => {
      const log = await SpoolLog.open({ ...options, folder: own, budget, topic });
      return { log, drain: createDrain(log, topic) };
    };
    const earlier = (await SpoolLog.isIn(folder)) ? await openPart(folder, EARLIER) : undefined;
    const topicFolders = await folder.folder(TOPIC_FOLDERS);
    const parts = new Map<string, Part>();
    for (const topic of new Set([...topics, ...(await topicFolders.folders())])) {
      parts.set(topic, await openPart(await topicFolders.folder(topic), topic));
    }
    return new Spool(parts, earlier, options.unlock);
  }

  start(): void {
    const startAll = (): void => this.parts.forEach(({ drain }) => drain.start());
    if (this.earlier === undefined) return startAll();
    const { signal } = this.stopping;
    this.earlier.drain.start();
    void this.earlier.log.emptied(signal).then(() => signal.aborted || startAll());
  }

  /** What is not in Kafka by now stays on disk for the next process. */
  async stop(): Promise<void> {
    this.stopping.abort();
    const parts = [...this.parts.values(), ...(this.earlier ? [this.earlier] : [])];
    await Promise.all(parts.map(({ drain }) => drain.stop()));
    await Promise.all(parts.map(({ log }) => log.close()));
    await this.unlock?.();
  }

  isOccupied(topic: string): boolean {
    return this.parts.get(topic)?.log.isOccupied === true || this.earlier?.log.isOccupied === true;
  }

  appendRecords(topic: string, records: readonly OutgoingRecord[]): Promise<void> {
    return this.append(topic, { kind: 'records', topics: new Map([[topic, records]]) });
  }

  appendSealed(topic: string, batches: readonly PartitionBatch[]): Promise<void> {
    return this.append(topic, { kind: 'sealed', batches });
  }

  private async append(topic: string, entry: SpoolEntry): Promise<void> {
    const part = this.parts.get(topic);
    if (part === undefined) throw new SpoolError('spool-unwritable', `No spool was opened for ${topic}`);
    await part.log.append(entry);
  }
}
