import { type PartitionExtent } from '@pipeline/kafka-transport';
import { type OffsetSource } from '../src/status/broker-watch.ts';

/** A broker that says what it was told, and nothing while it is down. */
export class MemoryOffsetSource implements OffsetSource {
  readonly ends = new Map<string, PartitionExtent[]>();
  /** By group, topic and partition. */
  readonly commits = new Map<string, Map<string, Map<number, bigint>>>();
  down = false;

  extents(topic: string): Promise<PartitionExtent[]> {
    return this.down ? Promise.reject(new Error('down')) : Promise.resolve(this.ends.get(topic) ?? []);
  }

  committed(group: string): Promise<Map<string, Map<number, bigint>>> {
    return this.down
      ? Promise.reject(new Error('down'))
      : Promise.resolve(this.commits.get(group) ?? new Map<string, Map<number, bigint>>());
  }
}
