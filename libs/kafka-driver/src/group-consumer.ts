import { type RecordPack } from '@pipeline/kafka-wire';
import { type CrashReactions } from './crashes.ts';
import { type OnTopic } from './topic-judge.ts';

export interface PartitionId {
  readonly topic: string;
  readonly partition: number;
}

/** Records of one partition that follow each other, as they were fetched. */
export interface FetchedPack extends PartitionId {
  /** Where the fetch began. */
  readonly fetchOffset: bigint;
  /** Where the next one begins. */
  readonly nextOffset: bigint;
  /** End of the partition when it was fetched. */
  readonly highWatermark: bigint;
  /** Never empty. The memory is the receiver's, to be given back with `free`. */
  readonly pack: RecordPack;
}

/** A fetch of which no record is left: control records, or records of transactions that were aborted. */
export interface PassedOver extends PartitionId {
  readonly firstOffset: bigint;
  readonly nextOffset: bigint;
}

export interface OffsetCommit extends PartitionId {
  readonly offset: bigint;
  readonly metadata: string;
}

/** What a member of a group hears. All calls are made in order; none is made before `start`. */
export interface GroupEvents {
  /**
   * The group has given these partitions to the member, and taken all that it had before. Each is read from its committed
   * offset, whatever was read of it before.
   */
  readonly onAssigned: (partitions: Readonly<Record<string, readonly number[]>>) => void;
  /** @returns whether the pack was taken; one that was not is fetched again unless the partition is paused or sought. */
  readonly onFetched: (fetched: FetchedPack) => boolean;
  readonly onPassedOver: (gap: PassedOver) => void;
  /** The brokers refuse a partition to be read, or do not any more; the others are read meanwhile. */
  readonly onRefused: (id: PartitionId, isRefused: boolean) => void;
  /** How many more bytes of a partition may be held: compressed batches are inflated as far as that. */
  readonly roomBytes: (id: PartitionId) => number;
  readonly onTopic: OnTopic;
  readonly crash: CrashReactions;
}

export interface GroupOptions {
  readonly groupId: string;
  /** Where a group without commits starts: the beginning of the topic, or its end. */
  readonly fromBeginning: boolean;
  /** A member that is silent for this long loses its partitions. */
  readonly sessionTimeoutMs: number;
}

/** A member of a consumer group. */
export interface GroupConsumer {
  /**
   * Connects and joins; also after a crash that was not fatal to the process.
   * @throws Error (as rejection) if Kafka cannot be reached: to be called again.
   */
  start(topics: readonly string[]): Promise<void>;
  /** Fetches nothing more of these partitions. What is fetched by then is not handed over. */
  pause(partitions: readonly PartitionId[]): void;
  resume(partition: PartitionId): void;
  /** The next fetch of the partition begins there. */
  seek(partition: PartitionId, offset: bigint): void;
  /** @throws Error (as rejection) if the coordinator does not take them. */
  commit(commits: readonly OffsetCommit[]): Promise<void>;
  /** Leaves the group and disconnects. */
  stop(): Promise<void>;
  /** Once it has stopped and was the only member. @throws Error (as rejection) as the coordinator says. */
  deleteGroup(): Promise<void>;
}

/** Makes members; a double takes its place in specs. */
export type CreateGroupConsumer = (options: GroupOptions, events: GroupEvents) => GroupConsumer;
