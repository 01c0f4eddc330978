import { type FindingKind, type ProvedHour, type StoreName } from '@pipeline/event-schema';

/** One topic in one store, whose proof continues round by round. */
export interface Followed {
  readonly topic: string;
  readonly store: StoreName;
  /** Continues where an earlier run has ended. */
  resume(partition: number, hour: ProvedHour): void;
  /** @returns whether more could be proved at once. */
  round(): Promise<boolean>;
  /** Records in Kafka that are not proved. */
  readonly waiting: number;
  /** How long records have waited and none was proved, milliseconds. */
  readonly stalledMs: number;
  /** Everything that was appended before is proved; milliseconds since the epoch, 0 when nothing is. */
  readonly provedMs: number;
  readonly provedOffsets: ReadonlyMap<number, number>;
  readonly broken: Readonly<Record<FindingKind, number>>;
}
