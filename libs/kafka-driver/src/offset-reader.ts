import { type Logger } from '@pipeline/observability';
import { createCluster } from './cluster.ts';
import { type KafkaConnection } from './kafka-connection.ts';
import { type KafkajsBroker, type KafkajsCluster, type OffsetsOfTopic } from './kafkajs/kafkajs.ts';
import { API, tapRequests } from './requests.ts';
import { TopicJudge } from './topic-judge.ts';

/** What a partition holds: `[startOffset, endOffset)`. */
export interface PartitionExtent {
  readonly partition: number;
  readonly startOffset: bigint;
  readonly endOffset: bigint;
}

/** What a group has committed of a partition. */
export interface CommittedOffset {
  readonly offset: bigint;
  readonly metadata: string;
}

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

const TIMEOUTS = { requestTimeoutMs: 5_000, connectionTimeoutMs: 1_000, retries: 1, maxRetryTimeMs: 1_000 };

/**
 * Asks the brokers again and again how far topics reach and groups have come: two requests for any number of topics and one
 * for each group, where kafkajs's admin client takes five for one topic and one group. Connects at the first question, and
 * again after a failure.
 */
export class OffsetReader {
  private cluster: Promise<KafkajsCluster> | undefined;
  private coordinators = new Map<string, KafkajsBroker>();

  /** @param isTolerant a topic in trouble has no partitions, where a question would be refused otherwise. */
  constructor(
    private readonly connection: KafkaConnection,
    private readonly logger: Logger,
    private readonly isTolerant = false,
  ) {}

  /** What each partition of a topic holds now, in order. */
  async extents(topic: string): Promise<PartitionExtent[]> {
    return this.ask(async (cluster) => (await this.extentsOf(cluster, [topic])).get(topic) ?? []);
  }

  /** What a group has committed of the topics, by topic and partition; where it has not, there is no entry. */
  async committed(groupId: string, topics: readonly string[]): Promise<Map<string, Map<number, bigint>>> {
    const commits = await this.commits(groupId, topics);
    return new Map([...commits].map(([topic, partitions]) => [topic, offsetsOf(partitions)]));
  }

  /** The same with what was committed beside each offset. */
  commits(groupId: string, topics: readonly string[]): Promise<Map<string, Map<number, CommittedOffset>>> {
    return this.ask((cluster) => this.commitsOf(cluster, groupId, topics));
  }

  /** The extents are asked for behind the commits: no commit lies behind the end of its topic. */
  read({ topic, groups, others }: PositionQuestion): Promise<Positions> {
    return this.ask(async (cluster) => {
      const askedAtMs = Date.now();
      const all = [topic, ...others];
      await this.know(cluster, all);
      const committed = await Promise.all(
        groups.map(async (groupId) => {
          const commits = await this.commitsOf(cluster, groupId, [topic]);
          return [groupId, offsetsOf(commits.get(topic) ?? new Map<number, CommittedOffset>())] as const;
        }),
      );
      return { askedAtMs, committed: new Map(committed), extents: await this.extentsOf(cluster, all) };
    });
  }

  async close(): Promise<void> {
    const { cluster } = this;
    this.cluster = undefined;
    this.coordinators = new Map();
    await cluster?.then((connected) => connected.disconnect()).catch(() => undefined);
  }

  /** Leaders and coordinators move: asked over fresh connections, the brokers say where to. */
  private async ask<Answer>(question: (cluster: KafkajsCluster) => Promise<Answer>): Promise<Answer> {
    for (let isAgain = false; ; isAgain = true) {
      this.cluster ??= this.connect();
      const { cluster } = this;
      try {
        return await question(await cluster);
      } catch (error) {
        if (this.cluster === cluster) await this.close();
        if (isAgain) throw error;
      }
    }
  }

  private async extentsOf(
    cluster: KafkajsCluster,
    topics: readonly string[],
  ): Promise<Map<string, PartitionExtent[]>> {
    const partitions = await this.know(cluster, topics);
    const [starts, ends] = await Promise.all(
      [true, false].map((fromBeginning) =>
        cluster.fetchTopicsOffset(partitions.map((each) => ({ ...each, fromBeginning }))),
      ),
    );
    return new Map(topics.map((topic) => [topic, extentsOf(topic, starts!, ends!)]));
  }

  private async commitsOf(cluster: KafkajsCluster, groupId: string, topics: readonly string[]) {
    const partitions = await this.know(cluster, topics);
    const known = this.coordinators.get(groupId);
    const coordinator = known ?? (await cluster.findGroupCoordinator({ groupId }));
    this.coordinators.set(groupId, coordinator);
    const { responses } = await coordinator.offsetFetch({ groupId, topics: partitions });
    return new Map(responses.map((response) => [response.topic, commitsOf(response)]));
  }

  private async know(cluster: KafkajsCluster, topics: readonly string[]) {
    await cluster.addMultipleTargetTopics(topics);
    await cluster.refreshMetadataIfNecessary();
    return topics.map((topic) => ({
      topic,
      partitions: cluster
        .findTopicPartitionMetadata(topic)
        .map(({ partitionId }) => ({ partition: partitionId })),
    }));
  }

  private async connect(): Promise<KafkajsCluster> {
    const cluster = createCluster(this.connection, this.logger, TIMEOUTS);
    if (this.isTolerant) {
      const judge = new TopicJudge(() => undefined);
      tapRequests(cluster, { [API.metadata]: judge.tap });
      judge.watch(cluster);
    }
    await cluster.connect();
    return cluster;
  }
}

function extentsOf(
  topic: string,
  starts: readonly OffsetsOfTopic[],
  ends: readonly OffsetsOfTopic[],
): PartitionExtent[] {
  const of = (all: readonly OffsetsOfTopic[]) =>
    offsetsOf(commitsOf(all.find((each) => each.topic === topic)));
  const startOf = of(starts);
  return [...of(ends)]
    .map(([partition, endOffset]) => ({ partition, startOffset: startOf.get(partition) ?? 0n, endOffset }))
    .sort((a, b) => a.partition - b.partition);
}

/** Kafka writes -1 where there is none. */
function commitsOf(topic: OffsetsOfTopic | undefined): Map<number, CommittedOffset> {
  const commits = (topic?.partitions ?? []).map(
    ({ partition, offset, metadata }) =>
      [partition, { offset: BigInt(offset), metadata: metadata ?? '' }] as const,
  );
  return new Map(commits.filter(([, { offset }]) => offset >= 0n));
}

function offsetsOf(commits: ReadonlyMap<number, CommittedOffset>): Map<number, bigint> {
  return new Map([...commits].map(([partition, { offset }]) => [partition, offset]));
}
