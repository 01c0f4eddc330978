import { writeHeaders } from './record-headers.ts';
import { ABSENT, type KafkaRecord, RecordPack } from './record-pack.ts';
import { WireWriter } from './writer.ts';

/** Copies records that other code has decoded: what is older than record batches, and what a double holds. */
export function packRecords(records: readonly KafkaRecord[]): RecordPack {
  const writer = new WireWriter(1_024);
  const places = records.map(({ key, value, headers = {}, offset, timestamp }) => {
    const keyStart = writer.length;
    if (key) writer.copy(key);
    const valueStart = writer.length;
    if (value) writer.copy(value);
    writeHeaders(writer, headers);
    return {
      offsetDelta: offset - records[0]!.offset,
      timestampMs: timestamp,
      ...{ keyStart, valueStart },
      keyLength: key?.length ?? ABSENT,
      valueLength: value?.length ?? ABSENT,
    };
  });
  const bytes = Buffer.allocUnsafeSlow(writer.length);
  writer.view().copy(bytes);
  const pack = new RecordPack(bytes, records[0]?.offset ?? 0, records.length);
  for (const place of places) pack.add(place);
  return pack;
}
