import { type KafkaRecord, packRecords } from '@pipeline/kafka-wire';
import {
  type CreateGroupConsumer,
  type GroupConsumer,
  type GroupEvents,
  type OffsetCommit,
  type PartitionId,
} from '../src/group-consumer.ts';
import { type CommittedOffset, type OffsetReader } from '../src/offset-reader.ts';

interface Partition {
  readonly values: string[];
  low: number;
}

type Records = Pick<KafkaRecord, 'key' | 'value'>;

/**
 * The driver in memory: a log per partition, a group of one member, and what the driver's contract says of both (a join reads
 * every partition again from its commit; paused partitions are not delivered). The spec says when something is delivered.
 */
export class MemoryKafka {
  readonly committed = new Map<string, CommittedOffset>();
  readonly commits: string[] = [];
  /** No broker says where these begin and end. */
  readonly silentTopics = new Set<string>();
  connectFailures = 0;
  commitFailures = 0;
  /** How often the consumer was started. */
  starts = 0;
  disconnected = false;
  private readonly partitions = new Map<string, Partition>();
  private readonly paused = new Set<string>();
  private readonly positions = new Map<string, number>();
  private events: GroupEvents | undefined;
  private isRunning = false;

  /** Appends values to a partition and returns the offset of the first. */
  append(topic: string, partition: number, values: readonly string[]): number {
    const log = this.partition({ topic, partition }).values;
    log.push(...values);
    return log.length - values.length;
  }

  setCommitted(topic: string, partition: number, offset: number, metadata = ''): void {
    this.committed.set(`${topic}/${partition}`, { offset: BigInt(offset), metadata });
  }

  /** The group assigns these partitions to the member, once it runs. */
  join(topic: string, partitions: readonly number[]): Promise<void> {
    return this.joinAll({ [topic]: partitions });
  }

  /** Partitions of several topics at the same time. */
  async joinAll(assignment: Readonly<Record<string, readonly number[]>>): Promise<void> {
    if (!this.isRunning) return;
    for (const [topic, partitions] of Object.entries(assignment)) {
      for (const partition of partitions) {
        const { low } = this.partition({ topic, partition });
        const commit = this.committed.get(`${topic}/${partition}`);
        this.positions.set(`${topic}/${partition}`, Number(commit?.offset ?? low));
      }
    }
    this.events!.onAssigned(assignment);
    await settle();
  }

  /** As the driver does when its consumer cannot go on; without `willRestart` it reads nothing any more. */
  crash(willRestart: boolean, { isRefusal = false, error = new Error('crashed') } = {}): void {
    const { onCrash, onRefused, onFatal } = this.events!.crash;
    onCrash(`consumer crashed: ${error.message}`);
    if (willRestart) return;
    if (isRefusal) onRefused(error);
    else onFatal(error);
  }

  isPaused(topic: string, partition: number): boolean {
    return this.paused.has(`${topic}/${partition}`);
  }

  /** Delivers up to `count` records from the partition's position, unless it is paused. */
  async deliver(topic: string, partition: number, count = Infinity): Promise<void> {
    if (this.isPaused(topic, partition)) return;
    await this.deliverFrom(topic, partition, this.positions.get(`${topic}/${partition}`) ?? 0, count);
  }

  /** Delivers from any offset, as a fetch does that was under way across a rebalance. */
  async deliverFrom(topic: string, partition: number, from: number, count = Infinity): Promise<void> {
    const { values } = this.partition({ topic, partition });
    const taken = values.slice(from, from + count);
    if (taken.length === 0 || !this.isRunning) return;
    const records = taken.map((value): Records => ({ key: null, value: Buffer.from(value) }));
    const nextOffset = from + taken.length;
    const isTaken = this.events!.onFetched({
      ...{ topic, partition, fetchOffset: BigInt(from), nextOffset: BigInt(nextOffset) },
      highWatermark: BigInt(values.length),
      pack: packRecords(records.map((record, n) => ({ ...record, offset: from + n, timestamp: 0 }))),
    });
    if (isTaken) this.positions.set(`${topic}/${partition}`, nextOffset);
    await settle();
  }

  /** Fetches `count` records from the partition's position of which none is left: their transaction was aborted. */
  async filterOut(topic: string, partition: number, count: number): Promise<void> {
    const id = `${topic}/${partition}`;
    const from = this.positions.get(id) ?? 0;
    this.positions.set(id, from + count);
    const gap = { firstOffset: BigInt(from), nextOffset: BigInt(from + count) };
    this.events!.onPassedOver({ topic, partition, ...gap });
    await settle();
  }

  readonly createConsumer: CreateGroupConsumer = (_options, events) => {
    this.events = events;
    return this.consumer();
  };

  consumer(): GroupConsumer {
    return {
      start: () => {
        if (this.connectFailures-- > 0) return Promise.reject(new Error('no broker'));
        this.starts += 1;
        this.isRunning = true;
        return Promise.resolve();
      },
      pause: (partitions) => partitions.forEach((id) => this.paused.add(placeOf(id))),
      resume: (id) => void this.paused.delete(placeOf(id)),
      seek: (id, offset) => void this.positions.set(placeOf(id), Number(offset)),
      commit: (commits) => this.commit(commits),
      stop: () => {
        this.disconnected = true;
        this.isRunning = false;
        return Promise.resolve();
      },
      deleteGroup: () => {
        this.committed.clear();
        return Promise.resolve();
      },
    };
  }

  readonly offsets: Pick<OffsetReader, 'commits' | 'extents' | 'close'> = {
    commits: (_group, topics) =>
      Promise.resolve(new Map(topics.map((topic) => [topic, this.committedOf(topic)] as const))),
    extents: (topic) => {
      if (this.silentTopics.has(topic)) return Promise.reject(new Error(`no leader for ${topic}`));
      const extents = this.partitionsOf(topic).map(({ partition, low, values }) => ({
        ...{ partition, startOffset: BigInt(low), endOffset: BigInt(values.length) },
      }));
      return Promise.resolve(extents);
    },
    close: () => Promise.resolve(),
  };

  private commit(commits: readonly OffsetCommit[]): Promise<void> {
    if (this.commitFailures-- > 0) return Promise.reject(new Error('coordinator moved'));
    for (const { offset, metadata, ...id } of commits) {
      this.committed.set(placeOf(id), { offset, metadata });
      this.commits.push(`${placeOf(id)}@${offset}`);
    }
    return Promise.resolve();
  }

  private partition(id: PartitionId): Partition {
    const found = this.partitions.get(placeOf(id)) ?? { values: [], low: 0 };
    this.partitions.set(placeOf(id), found);
    return found;
  }

  private partitionsOf(topic: string) {
    return [...this.partitions]
      .filter(([id]) => id.startsWith(`${topic}/`))
      .map(([id, entry]) => ({ partition: Number(id.slice(topic.length + 1)), ...entry }));
  }

  private committedOf(topic: string): Map<number, CommittedOffset> {
    const commits = this.partitionsOf(topic).flatMap(({ partition }) => {
      const commit = this.committed.get(`${topic}/${partition}`);
      return commit ? [[partition, commit] as const] : [];
    });
    return new Map(commits);
  }
}

function placeOf({ topic, partition }: PartitionId): string {
  return `${topic}/${partition}`;
}

/** Lets everything that is ready to go on run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
}
