import {
  decodeProvedHour,
  EVENT_TOPICS,
  type FindingKind,
  type ProvedHour,
  type ProvedPartition,
  type StoreName,
} from '@pipeline/event-schema';
import { type KafkaRecord, type PartitionExtent } from '@pipeline/kafka-transport';
import { type ProofReport } from '../protocol/health-report.ts';

const STORES: readonly StoreName[] = ['hdfs', 'elasticsearch'];

interface Heard {
  readonly offset: number;
  readonly hour: (ProvedPartition & ProvedHour) | undefined;
}

/** What the continuous audit has proved, as its topic tells it: the newest record of each key counts. */
export class ProofBook {
  private readonly byKey = new Map<string, Heard>();
  private heardAtMs: number | undefined;

  hear(records: readonly KafkaRecord[]): void {
    for (const { key, value, offset, timestamp } of records) {
      const name = key?.toString() ?? '';
      const known = this.byKey.get(name);
      if (known && known.offset >= Number(offset)) continue;
      const hour = decodeProvedHour(value);
      if (hour === undefined && value !== null) continue;
      this.byKey.set(name, { offset: Number(offset), hour });
      this.heardAtMs = Math.max(this.heardAtMs ?? 0, Number(timestamp));
    }
  }

  /**
   * @param extents what Kafka holds of each event topic, asked for at `askedAtMs`.
   * @returns `null` where no audit has ever proved anything.
   */
  report(extents: ReadonlyMap<string, readonly PartitionExtent[]>, askedAtMs: number): ProofReport | null {
    if (this.heardAtMs === undefined) return null;
    const hours = [...this.byKey.values()].flatMap(({ hour }) => hour ?? []);
    let [events, waiting, provedToMs] = [0, 0, askedAtMs];
    for (const topic of EVENT_TOPICS) {
      for (const { partition, startOffset, endOffset } of extents.get(topic) ?? []) {
        const proved = STORES.map((store) => reach(hours, { topic, store, partition }));
        const next = Math.max(Number(startOffset), Math.min(...proved.map(({ nextOffset }) => nextOffset)));
        events += Math.min(next, Number(endOffset)) - Number(startOffset);
        if (next >= Number(endOffset)) continue;
        waiting += Number(endOffset) - next;
        provedToMs = Math.min(provedToMs, ...proved.map(({ lastMs }) => lastMs));
      }
    }
    const broken = (kind: FindingKind) => hours.reduce((sum, hour) => sum + (hour.broken[kind] ?? 0), 0);
    return {
      provedTo: provedToMs > 0 ? new Date(provedToMs).toISOString() : null,
      toldAt: new Date(this.heardAtMs).toISOString(),
      events,
      waiting,
      lost: broken('lost'),
      double: broken('double'),
      damaged: broken('damaged'),
      invented: broken('invented'),
    };
  }
}

/** How far a partition is proved in one store, and when the last record of that was appended; 0 where nothing is. */
function reach(
  hours: readonly (ProvedPartition & ProvedHour)[],
  { topic, store, partition }: ProvedPartition,
): { readonly nextOffset: number; readonly lastMs: number } {
  let [nextOffset, lastMs] = [0, 0];
  for (const hour of hours) {
    if (hour.topic !== topic || hour.store !== store || hour.partition !== partition) continue;
    nextOffset = Math.max(nextOffset, hour.nextOffset);
    lastMs = Math.max(lastMs, hour.lastMs);
  }
  return { nextOffset, lastMs };
}
