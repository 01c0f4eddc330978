import { describe, expect, it } from '@jest/globals';
import { type KafkaRecord } from '@pipeline/kafka-transport';
import { MemorySinkWriter } from '../testing/sink-writer.double.ts';
import { wholeRecordsOnly } from './whole-records.ts';

const record = (offset: number, cutFromBytes?: number): KafkaRecord => ({
  ...{ key: null, value: Buffer.from(`v${offset}`), offset, timestamp: 0, cutFromBytes },
});
const RANGE = {
  ...{ topic: 'clicks', partition: 0, startOffset: 0n, nextOffset: 3n },
  records: [record(0), record(1, 5_000_000), record(2)],
};
const CUT = {
  record: RANGE.records[1],
  code: 'inflated-too-large',
  message: 'the record inflates to 5000000 bytes, of which only the beginning was read',
};
const { signal } = new AbortController();

describe('a record that was not read whole', () => {
  it('is rejected with its size, and the store takes the others', async () => {
    const store = new MemorySinkWriter();
    const report = await wholeRecordsOnly(store.open()).write(RANGE, signal);
    expect(report).toMatchObject({ written: 2, rejected: [CUT] });
    expect(store.stored).toEqual(['v0', 'v2']);
  });

  it('is rejected when it is staged, too', async () => {
    const store = new MemorySinkWriter();
    store.stages = true;
    expect(await wholeRecordsOnly(store.open()).stage?.(RANGE, signal)).toEqual([CUT]);
  });

  it('is rejected where nothing else is in its range', async () => {
    const report = await wholeRecordsOnly(new MemorySinkWriter().open()).write(
      { ...RANGE, records: [RANGE.records[1]!] },
      signal,
    );
    expect(report).toMatchObject({ written: 0, rejected: [CUT] });
  });
});
