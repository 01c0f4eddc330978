import { OffsetReader } from '@pipeline/kafka-transport';
import { type LocalStack } from '@pipeline/local-stack';
import { connectionTo, silent } from './connection.ts';

/** How many records of a topic a group has committed, of a topic whose offsets begin with 0. */
export class GroupProgress {
  private readonly offsets: OffsetReader;

  constructor(
    stack: Pick<LocalStack, 'kafkaBrokers'>,
    private readonly group: string,
    private readonly topic: string,
  ) {
    this.offsets = new OffsetReader(connectionTo(stack), silent);
  }

  async committed(): Promise<number> {
    const topics = await this.offsets.committed(this.group, [this.topic]);
    const partitions = topics.get(this.topic) ?? new Map<number, bigint>();
    return [...partitions.values()].reduce((sum, offset) => sum + Number(offset), 0);
  }

  close(): Promise<void> {
    return this.offsets.close();
  }
}
