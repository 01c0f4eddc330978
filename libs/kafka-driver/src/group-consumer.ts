import { type Logger } from '@pipeline/observability';
import { createCluster } from './kafka-client.ts';
import { type KafkaConnection } from './kafka-connection.ts';
import { type ClusterBroker, type KafkajsCluster } from './kafkajs-cluster.ts';
import { type PartitionExtent } from './topic-reader.ts';

/** What is asked for at once. */
export interface PositionQuestion {
  /** What the groups have committed of it is asked for. */
  readonly topic: string;
  readonly groups: readonly string[];
  /** Further topics, of which only the extents are asked for. */
  readonly others: readonly string[];
}

/** How far topics reach and groups have come. */
export interface Positions {
  /** When it was asked, milliseconds since the epoch. */
  readonly askedAtMs: number;
  /** By group and partition; where a group has not committed, there is no entry. */
  readonly committed: ReadonlyMap<string, ReadonlyMap<number, bigint>>;
  /** By topic, its partitions in order. */
  readonly extents: ReadonlyMap<string, readonly PartitionExtent[]>;
}

interface PartitionOffset {
  readonly partition: number;
  readonly offset: string;
}

interface TopicOffsets {
  readonly topic: string;
  readonly partitions: readonly PartitionOffset[];
}

interface AskedCluster extends KafkajsCluster {
  fetchTopicsOffset(
    topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number }[];
      readonly fromBeginning: boolean;
    }[],
  ): Promise<readonly TopicOffsets[]>;
}

interface Coordinator extends ClusterBroker {
  offsetFetch(question: {
    readonly groupId: string;
    readonly topics: readonly {
      readonly topic: string;
      readonly partitions: readonly { readonly partition: number }[];
    }[];
  }): Promise<{ readonly responses: readonly TopicOffsets[] }>;
}

const TIMEOUTS = { requestTimeoutMs: 5_000, connectionTimeoutMs: 1_000, retries: 1, maxRetryTimeMs: 1_000 };

/**
 * Asks again and again how far some topics reach and how far groups have come, with two requests for the topics and one
 * for each group; kafkajs's admin client takes five for one topic and one group. Connects at the first question.
 */
export class PositionReader {
  private cluster: Promise<AskedCluster> | undefined;
  private readonly coordinators = new Map<string, Coordinator>();

  constructor(
    private readonly connection: KafkaConnection,
    private readonly logger: Logger,
  ) {}

  /** The extents are asked for behind the commits: no commit lies behind the end of its topic. */
  async read(question: PositionQuestion): Promise<Positions> {
    try {
      return await this.ask(question);
    } catch {
      // Leaders and coordinators move: asked over fresh connections, the brokers say where to.
      await this.close();
      return await this.ask(question);
    }
  }

  async close(): Promise<void> {
    const { cluster } = this;
    this.cluster = undefined;
    this.coordinators.clear();
    await cluster?.then((connected) => connected.disconnect()).catch(() => undefined);
  }

  private async ask({ topic, groups, others }: PositionQuestion): Promise<Positions> {
    const askedAtMs = Date.now();
    this.cluster ??= this.connect();
    const cluster = await this.cluster;
    const all = [topic, ...others];
    await cluster.addMultipleTargetTopics(all);
    await cluster.refreshMetadataIfNecessary();
    const topics = all.map((name) => ({
      topic: name,
      partitions: cluster
        .findTopicPartitionMetadata(name)
        .map(({ partitionId: partition }) => ({ partition })),
    }));
    const committed = await Promise.all(
      groups.map(async (groupId) => {
        const coordinator = await this.coordinatorOf(cluster, groupId);
        const { responses } = await coordinator.offsetFetch({ groupId, topics: topics.slice(0, 1) });
        return [groupId, offsetsOf(responses[0])] as const;
      }),
    );
    const [starts, ends] = await Promise.all(
      [true, false].map((fromBeginning) =>
        cluster.fetchTopicsOffset(topics.map((each) => ({ ...each, fromBeginning }))),
      ),
    );
    const extents = all.map((name) => [name, extentsOf(name, starts!, ends!)] as const);
    return { askedAtMs, committed: new Map(committed), extents: new Map(extents) };
  }

  private async coordinatorOf(cluster: AskedCluster, groupId: string): Promise<Coordinator> {
    const known = this.coordinators.get(groupId);
    if (known !== undefined) return known;
    const found = (await cluster.findGroupCoordinator({ groupId })) as Coordinator;
    this.coordinators.set(groupId, found);
    return found;
  }

  private async connect(): Promise<AskedCluster> {
    const cluster = createCluster(this.connection, this.logger, TIMEOUTS) as AskedCluster;
    await cluster.connect();
    return cluster;
  }
}

function extentsOf(
  topic: string,
  starts: readonly TopicOffsets[],
  ends: readonly TopicOffsets[],
): PartitionExtent[] {
  const startOf = offsetsOf(starts.find((each) => each.topic === topic));
  return [...offsetsOf(ends.find((each) => each.topic === topic))]
    .map(([partition, endOffset]) => ({ partition, startOffset: startOf.get(partition) ?? 0n, endOffset }))
    .sort((a, b) => a.partition - b.partition);
}

/** Kafka writes -1 where there is none. */
function offsetsOf(topic: TopicOffsets | undefined): Map<number, bigint> {
  const offsets = (topic?.partitions ?? []).map(
    ({ partition, offset }) => [partition, BigInt(offset)] as const,
  );
  return new Map(offsets.filter(([, offset]) => offset >= 0n));
}
