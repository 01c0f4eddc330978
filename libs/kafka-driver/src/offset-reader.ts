import { type Logger } from '@pipeline/observability';
import { type Admin } from 'kafkajs';
import { createKafka } from './kafka-client.ts';
import { type KafkaConnection } from './kafka-connection.ts';
import { type PartitionExtent } from './topic-reader.ts';

const PATIENCE = { requestTimeoutMs: 5_000, connectionTimeoutMs: 1_000, retries: 1, maxRetryTimeMs: 1_000 };

/**
 * Asks the broker again and again over one connection how far topics reach and how far groups have come. Connects at
 * the first question, and again after a failure.
 */
export class OffsetReader {
  private admin: Promise<Admin> | undefined;

  constructor(
    private readonly connection: KafkaConnection,
    private readonly logger: Logger,
  ) {}

  /** What each partition of a topic holds now. */
  extents(topic: string): Promise<PartitionExtent[]> {
    return this.ask(async (admin) => {
      const offsets = await admin.fetchTopicOffsets(topic);
      return offsets
        .map(({ partition, low, high }) => ({ partition, startOffset: BigInt(low), endOffset: BigInt(high) }))
        .sort((a, b) => a.partition - b.partition);
    });
  }

  /** What a group has committed of the topics, by topic and partition; where it has not, there is no entry. */
  committed(groupId: string, topics: readonly string[]): Promise<Map<string, Map<number, bigint>>> {
    return this.ask(async (admin) => {
      const entries = await admin.fetchOffsets({ groupId, topics: [...topics] });
      return new Map(entries.map(({ topic, partitions }) => [topic, commitsOf(partitions)]));
    });
  }

  async close(): Promise<void> {
    const admin = await this.admin?.catch(() => undefined);
    this.admin = undefined;
    await admin?.disconnect();
  }

  private async ask<Answer>(question: (admin: Admin) => Promise<Answer>): Promise<Answer> {
    this.admin ??= this.connect();
    const { admin } = this;
    try {
      return await question(await admin);
    } catch (error) {
      if (this.admin === admin) {
        this.admin = undefined;
        void admin.then((failed) => failed.disconnect()).catch(() => undefined);
      }
      throw error;
    }
  }

  private async connect(): Promise<Admin> {
    const admin = createKafka(this.connection, this.logger, PATIENCE).admin();
    await admin.connect();
    return admin;
  }
}

function commitsOf(partitions: readonly { partition: number; offset: string }[]): Map<number, bigint> {
  const commits = partitions.map(({ partition, offset }) => [partition, BigInt(offset)] as const);
  return new Map(commits.filter(([, offset]) => offset >= 0n));
}
