import { type ClusterBroker, type KafkajsCluster } from '../client/kafkajs-cluster.ts';
import { TransportError } from '../transport-error.ts';
import { type BatchSender } from './batch-sender.ts';
import { type PartitionBatch, type PartitionOutcome, produceRequest } from './produce-request.ts';
import { type ProducerIdentity } from './record-batch-builder.ts';

export interface BatchSenderOptions {
  readonly createCluster: () => KafkajsCluster;
  readonly acks: 'all' | 'leader';
  /** How long a broker may wait for its replicas, in milliseconds. */
  readonly replicationTimeoutMs: number;
}

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

  constructor(private readonly options: BatchSenderOptions) {}

  async send(batches: readonly PartitionBatch[]): Promise<void> {
    const outcomes = await this.withCluster(async (cluster) => {
      await this.know(cluster, batches[0]!.topic);
      for (const { topic } of batches) if (!this.topics.has(topic)) await this.know(cluster, topic);
      const requests = [...byLeader(cluster, batches)].map(async ([nodeId, own]) =>
        this.request(await cluster.findBroker({ nodeId }), own),
      );
      return (await Promise.all(requests)).flat();
    });
    await this.check(outcomes);
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
      const broker = await cluster.findControllerBroker();
      const request = { transactionalId: null, transactionTimeout: 30_000 };
      const { producerId, producerEpoch } = await broker.initProducerId(request);
      return { producerId: BigInt(producerId), epoch: producerEpoch };
    });
  }

  ping(): Promise<void> {
    return this.withCluster((cluster) => cluster.refreshMetadata());
  }

  reset(): void {
    const { cluster } = this;
    this.cluster = undefined;
    this.connecting = undefined;
    this.topics = new Set();
    void cluster?.disconnect().catch(() => undefined);
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
    const cluster = this.options.createCluster();
    const connecting = cluster.connect().then(
      () => {
        if (this.connecting !== connecting)
          throw new TransportError('broker-unavailable', 'Gave up connecting');
        this.cluster = cluster;
        this.connecting = undefined;
        return cluster;
      },
      (error: unknown) => {
        if (this.connecting === connecting) this.connecting = undefined;
        void cluster.disconnect().catch(() => undefined);
        throw unavailable(error);
      },
    );
    return (this.connecting = connecting);
  }

  private async know(cluster: KafkajsCluster, topic: string): Promise<void> {
    if (this.topics.has(topic)) return cluster.refreshMetadataIfNecessary();
    await cluster.addMultipleTargetTopics([topic]);
    this.topics.add(topic);
  }

  private request(broker: ClusterBroker, batches: readonly PartitionBatch[]): Promise<PartitionOutcome[]> {
    const acks = this.options.acks === 'all' ? -1 : 1;
    return broker.connectionPool.send(produceRequest(batches, acks, this.options.replicationTimeoutMs));
  }

  private async check(outcomes: readonly PartitionOutcome[]): Promise<void> {
    const failure = outcomes.find(({ errorCode }) => !WRITTEN.has(errorCode));
    if (failure === undefined) return;
    const { errorCode, topic, partition } = failure;
    const message = `${topic}-${partition} answered error ${errorCode}`;
    if (REFUSED.has(errorCode)) throw new TransportError('record-refused', message);
    if (SEQUENCE_LOST.has(errorCode)) throw new TransportError('sequence-lost', message);
    if (STALE_METADATA.has(errorCode)) await this.cluster?.refreshMetadata().catch(() => undefined);
    throw new TransportError('broker-unavailable', message);
  }
}

function byLeader(
  cluster: KafkajsCluster,
  batches: readonly PartitionBatch[],
): ReadonlyMap<number, PartitionBatch[]> {
  const leaders = new Map<number, PartitionBatch[]>();
  for (const batch of batches) {
    const partitions = cluster.findTopicPartitionMetadata(batch.topic);
    const leader = partitions.find(({ partitionId }) => partitionId === batch.partition)?.leader;
    if (leader === undefined || leader < 0) {
      throw new TransportError('broker-unavailable', `${batch.topic}-${batch.partition} has no leader`);
    }
    const own = leaders.get(leader);
    if (own) own.push(batch);
    else leaders.set(leader, [batch]);
  }
  return leaders;
}

function unavailable(error: unknown): TransportError {
  if (error instanceof TransportError) return error;
  const message = error instanceof Error ? error.message : 'unknown error';
  return new TransportError('broker-unavailable', message, { cause: error });
}
