import {
  type PartitionBatch,
  type PartitionOutcome,
  produceRequest,
  type ProducerIdentity,
  readOutcomes,
} from '@pipeline/kafka-wire';
import { pause } from './backoff.ts';
import { abandon } from './cluster.ts';
import { type KafkajsBroker, type KafkajsCluster } from './kafkajs/kafkajs.ts';
import { sendParts } from './send-parts.ts';
import {
  BatchesLeftError,
  type BatchSender,
  TransportError,
  type TransportErrorCode,
} from './batch-sender.ts';

export interface BatchSenderOptions {
  readonly createCluster: () => KafkajsCluster;
  readonly acks: 'all' | 'leader';
  /** How long a broker may wait for its replicas, in milliseconds. */
  readonly replicationTimeoutMs: number;
}

/** For so long a quota is remembered after an answer: it may be gone before the time is up that the broker asked for. */
const MOST_THROTTLE_MS = 10_000;

/** A broker that is cut off refuses no connection: after this time another one is asked beside it, or for new leaders. */
const PATIENCE_MS = 250;

/** Kafka's error codes that decide what happens next; every other one is worth another attempt. */
const REFUSED = new Set([10, 18, 87]); // MESSAGE_TOO_LARGE, RECORD_LIST_TOO_LARGE, INVALID_RECORD
const SEQUENCE_LOST = new Set([45, 47, 59]); // OUT_OF_ORDER_SEQUENCE, INVALID_PRODUCER_EPOCH, UNKNOWN_PRODUCER_ID
const STALE_METADATA = new Set([3, 5, 6, 72, 74]);
const WRITTEN = new Set([0, 46]); // none, DUPLICATE_SEQUENCE_NUMBER

/** Sends through kafkajs's connections, past its producer, which knows no way to repeat a request unchanged. */
export class KafkajsBatchSender implements BatchSender {
  private cluster: KafkajsCluster | undefined;
  private connecting: Promise<KafkajsCluster> | undefined;
  private topics = new Set<string>();
  private lastStart: Promise<unknown> = Promise.resolve();

  private readonly attempts = new WeakMap<KafkajsCluster, Map<number, Promise<unknown>>>();
  private throttledUntilMs = 0;

  constructor(private readonly options: BatchSenderOptions) {}

  get throttleMs(): number {
    return Math.max(0, this.throttledUntilMs - performance.now());
  }

  async send(batches: readonly PartitionBatch[]): Promise<void> {
    const answers = await this.withCluster(async (cluster) => {
      const { requests } = await this.inTurn(() => this.start(cluster, batches));
      const all = await Promise.all(requests);
      if (cluster === this.cluster && all.some((answer) => answer instanceof Error)) this.reset();
      return all;
    });
    await this.conclude(batches, answers);
  }

  partitionCount(topic: string): Promise<number> {
    return this.withCluster(async (cluster) => {
      await this.know(cluster, topic);
      const { length } = cluster.findTopicPartitionMetadata(topic);
      if (length === 0) throw new TransportError('broker-unavailable', `Topic ${topic} has no partitions`);
      return length;
    });
  }

  newIdentity(): Promise<ProducerIdentity> {
    return this.withCluster(async (cluster) => {
      // Every broker gives identities, and the one that kafkajs takes for the controller may be cut off.
      const broker = await cluster.brokerPool.findConnectedBroker();
      const request = { transactionalId: null, transactionTimeout: 30_000 };
      const { producerId, producerEpoch } = await broker.initProducerId(request);
      return { producerId: BigInt(producerId), epoch: producerEpoch };
    });
  }

  async check(topic: string): Promise<void> {
    const { cluster, partitions } = await this.withCluster(async (own) => {
      if (this.topics.has(topic)) await own.refreshMetadata();
      else await this.know(own, topic);
      return { cluster: own, partitions: own.findTopicPartitionMetadata(topic) };
    });
    const leaders = new Set(partitions.map(leaderOf));
    // A leader that is gone is no reason to leave the broker that will name the next one.
    await Promise.all([...leaders].map((nodeId) => this.connectSoon(cluster, nodeId))).catch(
      (error: unknown) => {
        throw unavailable(error);
      },
    );
  }

  ping(): Promise<void> {
    return this.withCluster((cluster) => cluster.refreshMetadata().catch(passIfAnswered));
  }

  reset(): void {
    const { cluster } = this;
    this.cluster = undefined;
    this.connecting = undefined;
    this.topics = new Set();
    this.lastStart = Promise.resolve();
    if (cluster) abandon(cluster);
  }

  async close(): Promise<void> {
    const { cluster } = this;
    this.cluster = undefined;
    await cluster?.disconnect();
  }

  /** A connection that failed is not repaired but replaced: kafkajs's own repair may last for minutes. */
  private async withCluster<T>(work: (cluster: KafkajsCluster) => Promise<T>): Promise<T> {
    const cluster = this.cluster ?? (await this.connect());
    try {
      return await work(cluster);
    } catch (error) {
      if (cluster === this.cluster) this.reset();
      throw unavailable(error);
    }
  }

  private connect(): Promise<KafkajsCluster> {
    if (this.connecting) return this.connecting;
    const connecting = firstConnected(this.options.createCluster).then(
      (cluster) => {
        if (this.connecting !== connecting) {
          abandon(cluster);
          throw new TransportError('broker-unavailable', 'Gave up connecting');
        }
        this.cluster = cluster;
        this.connecting = undefined;
        return cluster;
      },
      (error: unknown) => {
        if (this.connecting === connecting) this.connecting = undefined;
        throw unavailable(error);
      },
    );
    return (this.connecting = connecting);
  }

  /**
   * A broker that is cut off answers no attempt to connect, and loses its partitions meanwhile: who waits for the end of
   * the attempt hears of the new leaders later. Attempts are shared, since kafkajs makes one after the other.
   */
  private async connectSoon(cluster: KafkajsCluster, nodeId: number): Promise<void> {
    const attempts = this.attempts.get(cluster) ?? new Map<number, Promise<unknown>>();
    this.attempts.set(cluster, attempts);
    const attempt =
      attempts.get(nodeId) ?? cluster.findBroker({ nodeId }).finally(() => attempts.delete(nodeId));
    attempts.set(nodeId, attempt);
    if (await isDoneWithin(PATIENCE_MS, attempt)) return;
    throw new TransportError('broker-unavailable', `Broker ${nodeId}, a leader, takes no connection`);
  }

  private async know(cluster: KafkajsCluster, topic: string): Promise<void> {
    if (this.topics.has(topic)) return cluster.refreshMetadataIfNecessary();
    await cluster.addMultipleTargetTopics([topic]);
    this.topics.add(topic);
  }

  /** What is started in one call is on the wire before what is started in the next. */
  private inTurn<T>(start: () => Promise<T>): Promise<T> {
    const started = this.lastStart.then(start, start);
    this.lastStart = started.catch(() => undefined);
    return started;
  }

  /** One request for each broker; each resolves with what the broker said, or why nothing was heard. */
  private async start(
    cluster: KafkajsCluster,
    batches: readonly PartitionBatch[],
  ): Promise<{ requests: Promise<PartitionOutcome[] | Error>[] }> {
    await this.know(cluster, batches[0]!.topic);
    for (const { topic } of batches) if (!this.topics.has(topic)) await this.know(cluster, topic);
    const brokers = await Promise.all(
      [...byLeader(cluster, batches)].map(async ([nodeId, own]) => ({
        broker: await cluster.findBroker({ nodeId }),
        own,
      })),
    );
    const requests = brokers.map(({ broker, own }) => this.request(broker, own).catch(unavailable));
    return { requests };
  }

  private request(broker: KafkajsBroker, batches: readonly PartitionBatch[]): Promise<PartitionOutcome[]> {
    const acks = this.options.acks === 'all' ? -1 : 1;
    const request = produceRequest(batches, acks, this.options.replicationTimeoutMs);
    return sendParts(broker.connectionPool, request, (answer) => {
      const read = readOutcomes(answer);
      const throttleMs = Math.min(read.throttleMs, MOST_THROTTLE_MS);
      if (throttleMs > 0) this.throttledUntilMs = performance.now() + throttleMs;
      return read;
    });
  }

  private async conclude(
    batches: readonly PartitionBatch[],
    answers: readonly (PartitionOutcome[] | Error)[],
  ): Promise<void> {
    const outcomes = answers.filter((answer) => Array.isArray(answer)).flat();
    const codes = new Map(
      outcomes.map(({ topic, partition, errorCode }) => [`${topic}-${partition}`, errorCode]),
    );
    const left = batches.filter((batch) => !WRITTEN.has(codes.get(nameOf(batch)) ?? NO_ANSWER));
    if (left.length === 0) return;
    const cause = answers.find((answer) => answer instanceof Error);
    if (outcomes.length === 0) throw unavailable(cause);
    const leftCodes = left.map((batch) => codes.get(nameOf(batch)) ?? NO_ANSWER);
    const message = left.map((batch, n) => `${nameOf(batch)} error ${leftCodes[n]}`).join(', ');
    if (leftCodes.some((code) => STALE_METADATA.has(code))) {
      await this.cluster?.refreshMetadata().catch(() => undefined);
    }
    throw new BatchesLeftError(codeOf(leftCodes), `Not acknowledged: ${message}`, left, { cause });
  }
}

/** Connects to one bootstrap broker, and to the next one beside it when that takes long. @throws what the first threw. */
async function firstConnected(createCluster: () => KafkajsCluster): Promise<KafkajsCluster> {
  const clusters = [createCluster()];
  const attempts = clusters.map((cluster) => cluster.connect().then(() => cluster));
  let connected: KafkajsCluster | undefined;
  try {
    if (!(await isDoneWithin(PATIENCE_MS, attempts[0]!))) {
      const second = createCluster();
      clusters.push(second);
      attempts.push(second.connect().then(() => second));
    }
    return (connected = await Promise.any(attempts));
  } catch (error) {
    throw error instanceof AggregateError ? error.errors[0] : error;
  } finally {
    for (const cluster of clusters) if (cluster !== connected) abandon(cluster);
  }
}

/** @throws what the work throws in that time. */
async function isDoneWithin(ms: number, work: Promise<unknown>): Promise<boolean> {
  const done = new AbortController();
  try {
    return await Promise.race([work.then(() => true), pause(ms, done.signal).then(() => false)]);
  } finally {
    done.abort();
  }
}

/** Not one of Kafka's: nothing was heard of a batch. */
const NO_ANSWER = -2;

function nameOf({ topic, partition }: PartitionBatch): string {
  return `${topic}-${partition}`;
}

/** What decides about all that is left. Only where each has lost its place it is certain that none was written. */
function codeOf(codes: readonly number[]): TransportErrorCode {
  if (codes.some((code) => REFUSED.has(code))) return 'record-refused';
  return codes.every((code) => SEQUENCE_LOST.has(code)) ? 'sequence-lost' : 'broker-unavailable';
}

function byLeader(
  cluster: KafkajsCluster,
  batches: readonly PartitionBatch[],
): ReadonlyMap<number, PartitionBatch[]> {
  const leaders = new Map<number, PartitionBatch[]>();
  for (const batch of batches) {
    const partitions = cluster.findTopicPartitionMetadata(batch.topic);
    const partition = partitions.find(({ partitionId }) => partitionId === batch.partition);
    if (partition === undefined) {
      throw new TransportError('broker-unavailable', `${nameOf(batch)} does not exist`);
    }
    const leader = leaderOf(partition);
    const own = leaders.get(leader);
    if (own) own.push(batch);
    else leaders.set(leader, [batch]);
  }
  return leaders;
}

function leaderOf({ partitionId, leader }: { partitionId: number; leader: number }): number {
  if (leader >= 0) return leader;
  throw new TransportError('broker-unavailable', `Partition ${partitionId} has no leader`);
}

/** An error of the protocol is an answer, too. */
function passIfAnswered(error: unknown): void {
  if ((error as Error).name !== 'KafkaJSProtocolError') throw error;
}

function unavailable(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const message = error instanceof Error ? error.message : 'unknown error';
  return new TransportError('broker-unavailable', message, { cause: error });
}
