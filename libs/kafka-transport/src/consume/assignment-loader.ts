import { type Logger } from '@pipeline/observability';
import {
  backoffMs,
  type CommittedOffset,
  type OffsetReader,
  type PartitionExtent,
  type PartitionId,
  pause,
} from '@pipeline/kafka-driver';
import { memoOf } from './offset-committer.ts';

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
    private readonly offsets: Pick<OffsetReader, 'commits' | 'extents'>,
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
    const commits = await this.offsets.commits(this.options.groupId, topics);
    const starts: PartitionStart[] = [];
    for (const topic of topics) {
      const extents = await this.offsets.extents(topic);
      for (const { partition } of partitions.filter((entry) => entry.topic === topic)) {
        const extent = extents.find((entry) => entry.partition === partition);
        if (!extent) throw new Error(`No log offsets for ${topic}/${partition}`);
        starts.push(this.start({ topic, partition }, extent, commits.get(topic)?.get(partition)));
      }
    }
    return starts;
  }

  private start(
    id: PartitionId,
    { startOffset, endOffset }: PartitionExtent,
    commit: CommittedOffset | undefined,
  ): PartitionStart {
    if (commit === undefined) {
      const expected = this.options.fromBeginning ? startOffset : null;
      const none = { committedOffset: null, committedByPipeline: false, memo: { text: '' } };
      return { ...id, ...none, endOffset, expected };
    }
    const { offset, metadata } = commit;
    const memo = memoOf(metadata);
    const start = {
      ...id,
      committedOffset: offset,
      committedByPipeline: memo !== undefined,
      memo: { text: memo ?? '' },
      endOffset,
      expected: offset < startOffset ? startOffset : offset,
    };
    if (offset > endOffset) {
      return {
        ...start,
        alarm: `committed offset ${offset} lies beyond the end ${endOffset}: was the topic recreated?`,
      };
    }
    if (offset < startOffset) {
      this.options.logger.error(
        { ...id, committed: `${offset}`, earliest: `${startOffset}` },
        'records expired before they were read',
      );
    }
    return start;
  }
}
