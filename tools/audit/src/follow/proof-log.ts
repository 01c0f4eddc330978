import { type ProvedHour, type ProvedPartition } from '@pipeline/event-schema';

/** Where it is kept what was proved, so that a restart goes on there. */
export interface ProofLog {
  /** Everything that is kept. */
  load(): Promise<readonly (ProvedPartition & ProvedHour)[]>;
  /** Resolves when they are durable. An hour replaces the one of the same partition and start. */
  save(hours: readonly (ProvedPartition & ProvedHour)[]): Promise<void>;
  /** The records of the hour are gone from Kafka. */
  forget(partition: ProvedPartition, hour: ProvedHour): Promise<void>;
}
