import { type Logger } from '@pipeline/observability';
import { type Admin } from 'kafkajs';
import { backoffMs, pause } from '@pipeline/kafka-driver';
import { memoOf } from './offset-committer.ts';

export interface PartitionId {
  readonly topic: string;
  readonly partition: number;
}

/** Where a partition's feed has to start, read from the broker when the partition is assigned. */
export interface PartitionStart extends PartitionId {
  readonly committedOffset: bigint | null;
  readonly committedByPipeline: boolean;
  readonly memo: { text: string };
  /** End of the log. */
  readonly endOffset: bigint;
  /** First offset to read; `null`: wherever the client starts (a live feed without a commit). */
  readonly expected: bigint | null;
  /** Why reading must not start; an operator has to look. */
  readonly alarm?: string;
}

const RETRY = { initialMs: 100, maxMs: 5_000 };

/** Reads committed offsets (with their metadata) and the ends of the log for newly assigned partitions. */
export class AssignmentLoader {
  constructor(
    private readonly admin: Pick<Admin, 'connect' | 'fetchOffsets' | 'fetchTopicOffsets'>,
    private readonly options: {
      readonly groupId: string;
      readonly fromBeginning: boolean;
      readonly logger: Logger;
    },
  ) {}

  /** Asks until the broker answers, or until the signal aborts: then the result is empty. */
  async load(partitions: readonly PartitionId[], signal: AbortSignal): Promise<PartitionStart[]> {
    for (let attempt = 0; !signal.aborted; attempt++) {
      try {
        return await this.read(partitions);
      } catch (error) {
        this.options.logger.warn({ err: error }, 'committed offsets not readable');
        await pause(backoffMs(attempt, RETRY), signal);
      }
    }
    return [];
  }

  private async read(partitions: readonly PartitionId[]): Promise<PartitionStart[]> {
    const topics = [...new Set(partitions.map(({ topic }) => topic))];
    await this.admin.connect();
    const committed = await this.admin.fetchOffsets({ groupId: this.options.groupId, topics });
    const starts: PartitionStart[] = [];
    for (const topic of topics) {
      const logs = await this.admin.fetchTopicOffsets(topic);
      const commits = committed.find((entry) => entry.topic === topic)?.partitions ?? [];
      for (const { partition } of partitions.filter((entry) => entry.topic === topic)) {
        const log = logs.find((entry) => entry.partition === partition);
        if (!log) throw new Error(`No log offsets for ${topic}/${partition}`);
        const commit = commits.find((entry) => entry.partition === partition);
        starts.push(
          this.start({ topic, partition }, { low: BigInt(log.low), high: BigInt(log.high) }, commit),
        );
      }
    }
    return starts;
  }

  private start(
    id: PartitionId,
    log: { low: bigint; high: bigint },
    commit: { offset: string; metadata: string | null } | undefined,
  ): PartitionStart {
    const offset = BigInt(commit?.offset ?? '-1');
    if (offset < 0n) {
      const expected = this.options.fromBeginning ? log.low : null;
      const none = { committedOffset: null, committedByPipeline: false, memo: { text: '' } };
      return { ...id, ...none, endOffset: log.high, expected };
    }
    const start = {
      ...id,
      committedOffset: offset,
      committedByPipeline: memoOf(commit?.metadata ?? null) !== undefined,
      memo: { text: memoOf(commit?.metadata ?? null) ?? '' },
      endOffset: log.high,
      expected: offset < log.low ? log.low : offset,
    };
    if (offset > log.high) {
      return {
        ...start,
        alarm: `committed offset ${offset} lies beyond the end ${log.high}: was the topic recreated?`,
      };
    }
    if (offset < log.low) {
      this.options.logger.error(
        { ...id, committed: `${offset}`, earliest: `${log.low}` },
        'records expired before they were read',
      );
    }
    return start;
  }
}
