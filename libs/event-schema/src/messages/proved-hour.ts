/**
 * `lost`: Kafka has it and the sink has committed it; neither the store nor the dead letters have it. `double`: stored twice, or stored and dead-lettered.
 * `invented`: the store has it, Kafka never did. `damaged`: stored with other bytes, fields or lineage.
 */
export type FindingKind = 'lost' | 'double' | 'invented' | 'damaged';

/** Where records are stored. */
export type StoreName = 'hdfs' | 'elasticsearch';

/** One partition of a topic in one store: what is proved of it is a chain of hours without a gap. */
export interface ProvedPartition {
  readonly topic: string;
  readonly store: StoreName;
  readonly partition: number;
}

/** Some records of one partition that were appended in one hour, compared one by one with what a store has of them. */
export interface ProvedHour {
  /** UTC hours since the epoch. */
  readonly hour: number;
  /** `[startOffset, nextOffset)`. */
  readonly startOffset: number;
  nextOffset: number;
  /** Append time of the last record, milliseconds since the epoch. */
  lastMs: number;
  /** What the store held of them then, as `FollowedStore.measure` tells it again. */
  stored: number;
  /** What is wrong, by kind. */
  broken: Partial<Record<FindingKind, number>>;
}

const STORES: readonly string[] = ['hdfs', 'elasticsearch'] satisfies StoreName[];
const KINDS: readonly string[] = ['lost', 'double', 'invented', 'damaged'] satisfies FindingKind[];

/** The hour in a record's value, or nothing when it is none: a stranger may write anything into a topic. */
export function decodeProvedHour(value: Buffer | null): (ProvedPartition & ProvedHour) | undefined {
  let parsed: Partial<Record<string, unknown>>;
  try {
    parsed = (JSON.parse(value?.toString() ?? '') as typeof parsed | null) ?? {};
  } catch {
    return undefined;
  }
  const { topic, store, partition, hour, startOffset, nextOffset, lastMs, stored, broken } = parsed;
  const counts = [partition, hour, startOffset, nextOffset, lastMs, stored];
  const isSound =
    typeof topic === 'string' &&
    STORES.includes(store as string) &&
    counts.every(isCount) &&
    (startOffset as number) <= (nextOffset as number) &&
    typeof broken === 'object' &&
    broken !== null &&
    Object.entries(broken).every(([kind, count]) => KINDS.includes(kind) && isCount(count));
  if (!isSound) return undefined;
  return {
    topic,
    store,
    partition,
    hour,
    startOffset,
    nextOffset,
    lastMs,
    stored,
    broken,
  } as ProvedPartition & ProvedHour;
}

function isCount(value: unknown): boolean {
  return Number.isSafeInteger(value) && (value as number) >= 0;
}
