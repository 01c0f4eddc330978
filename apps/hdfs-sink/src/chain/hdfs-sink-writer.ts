import { type PartitionAssignment } from '@pipeline/kafka-transport';
import { type PartitionWriter, type SinkWriter } from '@pipeline/sink-runtime';
import { HdfsPartitionWriter, type PartitionWriterOptions } from './hdfs-partition-writer.ts';

/** HDFS as a store of the sink runtime: one chain of files per partition, each record in it exactly once. */
export class HdfsSinkWriter implements SinkWriter {
  constructor(private readonly options: PartitionWriterOptions) {}

  open(assignment: PartitionAssignment): PartitionWriter {
    return new HdfsPartitionWriter(this.options, assignment);
  }
}
