import { type KafkaRecord } from '@pipeline/kafka-transport';
import { type PartitionWriter, type RecordRange, type RejectedRecord } from './sink-writer.ts';

/**
 * A writer that never sees a record of which there is only the beginning, because it inflated to more than a consumer
 * may hold: it is rejected before the store is asked, with its place and its size.
 */
export function wholeRecordsOnly(writer: PartitionWriter): PartitionWriter {
  return {
    write: async (range, revoked) => {
      const [whole, cut] = separate(range);
      const report = await writer.write(whole, revoked);
      return cut.length === 0 ? report : { ...report, rejected: [...report.rejected, ...cut] };
    },
    // Whether a store can stage is told by whether it has the method.
    ...('stage' in writer && {
      stage: async (range: RecordRange, revoked: AbortSignal) => {
        const [whole, cut] = separate(range);
        return [...((await writer.stage?.(whole, revoked)) ?? []), ...cut];
      },
    }),
  };
}

function separate(range: RecordRange): [whole: RecordRange, cut: RejectedRecord[]] {
  const cut = range.records.filter(({ cutFromBytes }) => cutFromBytes !== undefined);
  if (cut.length === 0) return [range, []];
  const records = range.records.filter(({ cutFromBytes }) => cutFromBytes === undefined);
  return [{ ...range, records }, cut.map(rejection)];
}

function rejection(record: KafkaRecord): RejectedRecord {
  const message = `the record inflates to ${record.cutFromBytes} bytes, of which only the beginning was read`;
  return { record, code: 'inflated-too-large', message };
}
