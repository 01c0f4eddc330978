import {
  type Admin,
  type Batch,
  type Consumer,
  type EachBatchPayload,
  type Kafka,
  type KafkaMessage,
} from 'kafkajs';

interface Partition {
  readonly messages: KafkaMessage[];
  low: number;
}

interface Committed {
  readonly offset: string;
  readonly metadata: string | null;
}

type Listener = (event: { payload: never }) => void;

/**
 * The client library as the batch server sees it: a log per partition, a group of one member, and the library's own
 * habits (a join reads every partition again from its commit; paused partitions are not delivered).
 */
export class MemoryKafka implements Pick<Kafka, 'consumer' | 'admin'> {
  readonly committed = new Map<string, Committed>();
  readonly commits: string[] = [];
  /** No broker says where these begin and end. */
  readonly silentTopics = new Set<string>();
  connectFailures = 0;
  commitFailures = 0;
  /** How often the consumer was started. */
  starts = 0;
  disconnected = false;
  private readonly partitions = new Map<string, Partition>();
  private readonly listeners = new Map<string, Listener[]>();
  private readonly paused = new Set<string>();
  private readonly positions = new Map<string, number>();
  private eachBatch: ((payload: EachBatchPayload) => Promise<void>) | undefined;

  /** Appends values to a partition and returns the offset of the first. */
  append(topic: string, partition: number, values: readonly string[]): number {
    const { messages } = this.partition(topic, partition);
    const first = messages.length;
    for (const value of values) {
      const message = {
        key: null,
        value: Buffer.from(value),
        offset: String(messages.length),
        timestamp: '0',
      };
      messages.push({ ...message, attributes: 0, headers: {} });
    }
    return first;
  }

  setCommitted(topic: string, partition: number, offset: number, metadata: string | null): void {
    this.committed.set(`${topic}/${partition}`, { offset: String(offset), metadata });
  }

  /** The group assigns these partitions to the member, once it runs. */
  join(topic: string, partitions: readonly number[]): Promise<void> {
    return this.joinAll({ [topic]: partitions });
  }

  /** Partitions of several topics at the same time. */
  async joinAll(memberAssignment: Readonly<Record<string, readonly number[]>>): Promise<void> {
    if (!this.eachBatch) return;
    for (const [topic, partitions] of Object.entries(memberAssignment)) {
      for (const partition of partitions) {
        const id = `${topic}/${partition}`;
        const { low } = this.partition(topic, partition);
        this.positions.set(id, Number(this.committed.get(id)?.offset ?? low));
      }
    }
    this.emit('consumer.group_join', { memberAssignment });
    await settle();
  }

  crash(restart: boolean, error = new Error('crashed')): void {
    this.emit('consumer.crash', { error, restart });
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
    const { messages } = this.partition(topic, partition);
    const taken = messages.slice(from, from + count);
    if (taken.length === 0 || !this.eachBatch) return;
    const lastOffset = String(from + taken.length - 1);
    const batch = {
      topic,
      partition,
      messages: taken,
      fetchedOffset: String(from),
      highWatermark: String(messages.length),
    };
    await this.eachBatch({
      batch: { ...batch, firstOffset: () => String(from), lastOffset: () => lastOffset } as unknown as Batch,
      resolveOffset: (offset: string) => this.positions.set(`${topic}/${partition}`, Number(offset) + 1),
    } as unknown as EachBatchPayload);
    await settle();
  }

  /** Fetches `count` records from the partition's position of which none is left: their transaction was aborted. */
  async filterOut(topic: string, partition: number, count: number): Promise<void> {
    const id = `${topic}/${partition}`;
    const from = this.positions.get(id) ?? 0;
    this.positions.set(id, from + count);
    const firstOffset = String(from);
    const lastOffset = String(from + count - 1);
    this.emit('consumer.end_batch_process', { topic, partition, firstOffset, lastOffset, batchSize: 0 });
    await settle();
  }

  consumer(): Consumer {
    return {
      events: {
        GROUP_JOIN: 'consumer.group_join',
        END_BATCH_PROCESS: 'consumer.end_batch_process',
        CRASH: 'consumer.crash',
      },
      on: (name: string, listener: Listener) =>
        this.listeners.set(name, [...(this.listeners.get(name) ?? []), listener]),
      connect: () => {
        if (this.connectFailures-- > 0) return Promise.reject(new Error('no broker'));
        return Promise.resolve();
      },
      subscribe: () => {
        this.starts += 1;
        return Promise.resolve();
      },
      run: ({ eachBatch }: { eachBatch: (payload: EachBatchPayload) => Promise<void> }) => {
        this.eachBatch = eachBatch;
        return Promise.resolve();
      },
      pause: (selection: { topic: string; partitions?: number[] }[]) => {
        if (!this.eachBatch) throw new Error('Consumer group was not initialized');
        this.select(selection, (id) => this.paused.add(id));
      },
      resume: (selection: { topic: string; partitions?: number[] }[]) =>
        this.select(selection, (id) => this.paused.delete(id)),
      seek: ({ topic, partition, offset }: { topic: string; partition: number; offset: string }) =>
        this.positions.set(`${topic}/${partition}`, Number(offset)),
      commitOffsets: (
        offsets: readonly { topic: string; partition: number; offset: string; metadata: string }[],
      ) => {
        if (this.commitFailures-- > 0) return Promise.reject(new Error('coordinator moved'));
        for (const { topic, partition, offset, metadata } of offsets) {
          this.committed.set(`${topic}/${partition}`, { offset, metadata });
          this.commits.push(`${topic}/${partition}@${offset}`);
        }
        return Promise.resolve();
      },
      disconnect: () => {
        this.disconnected = true;
        return Promise.resolve();
      },
    } as unknown as Consumer;
  }

  admin(): Admin {
    return {
      connect: () => Promise.resolve(),
      disconnect: () => Promise.resolve(),
      fetchOffsets: ({ topics }: { topics: string[] }) =>
        Promise.resolve(topics.map((topic) => ({ topic, partitions: this.committedOf(topic) }))),
      fetchTopicOffsets: async (topic: string) => {
        await Promise.resolve();
        if (this.silentTopics.has(topic)) throw new Error(`no leader for ${topic}`);
        return this.partitionsOf(topic).map(({ partition, low, messages }) => ({
          partition,
          offset: String(messages.length),
          low: String(low),
          high: String(messages.length),
        }));
      },
    } as unknown as Admin;
  }

  private emit(name: string, payload: object): void {
    for (const listener of this.listeners.get(name) ?? []) listener({ payload: payload as never });
  }

  private select(selection: { topic: string; partitions?: number[] }[], act: (id: string) => void): void {
    for (const { topic, partitions } of selection) {
      for (const partition of partitions ?? this.partitionsOf(topic).map((entry) => entry.partition))
        act(`${topic}/${partition}`);
    }
  }

  private partition(topic: string, partition: number): Partition {
    const id = `${topic}/${partition}`;
    const found = this.partitions.get(id) ?? { messages: [], low: 0 };
    this.partitions.set(id, found);
    return found;
  }

  private partitionsOf(topic: string) {
    return [...this.partitions]
      .filter(([id]) => id.startsWith(`${topic}/`))
      .map(([id, entry]) => ({ partition: Number(id.slice(topic.length + 1)), ...entry }));
  }

  private committedOf(topic: string) {
    return this.partitionsOf(topic).map(({ partition }) => ({
      partition,
      ...(this.committed.get(`${topic}/${partition}`) ?? { offset: '-1', metadata: null }),
    }));
  }
}

/** Lets everything that is ready to go on run. */
export async function settle(): Promise<void> {
  for (let turn = 0; turn < 5; turn++) await new Promise(setImmediate);
}
