import { endianness } from 'node:os';

const POLYNOMIAL = 0x82f63b78;
const SLICES = 16;
const WORD_BYTES = 4;

/** Table k holds the checksum of each byte followed by k zero bytes. */
const [t0, t1, t2, t3, t4, t5, t6, t7, t8, t9, t10, t11, t12, t13, t14, t15] = createTables() as Tables;

/** Words of memory are read as little-endian numbers; elsewhere every byte goes alone. */
const HAS_WORDS = endianness() === 'LE';

/**
 * CRC-32C (Castagnoli), which Kafka's record batches carry. Sixteen bytes per step, read as four words: a quarter of the
 * time of eight single bytes per step, and kafkajs takes one. Source: "slicing-by-8", Kounavis and Berry, 2005.
 */
export function crc32c(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const aligned = start + padding(bytes.byteOffset + start);
  const steps = HAS_WORDS ? Math.max(0, (end - aligned) >> 4) : 0;
  if (steps === 0) return ~bytewise(bytes, { start, end, crc: -1 }) >>> 0;
  const words = new Int32Array(bytes.buffer, bytes.byteOffset + aligned, steps * 4);
  const crc = wordwise(words, bytewise(bytes, { start, end: aligned, crc: -1 }));
  return ~bytewise(bytes, { start: aligned + steps * SLICES, end, crc }) >>> 0;
}

function wordwise(words: Int32Array, before: number): number {
  let crc = before;
  for (let at = 0; at < words.length; at += 4) {
    const a = crc ^ words[at]!;
    const b = words[at + 1]!;
    const c = words[at + 2]!;
    const d = words[at + 3]!;
    crc =
      t15[a & 0xff]! ^
      t14[(a >>> 8) & 0xff]! ^
      t13[(a >>> 16) & 0xff]! ^
      t12[a >>> 24]! ^
      (t11[b & 0xff]! ^ t10[(b >>> 8) & 0xff]! ^ t9[(b >>> 16) & 0xff]! ^ t8[b >>> 24]!) ^
      (t7[c & 0xff]! ^ t6[(c >>> 8) & 0xff]! ^ t5[(c >>> 16) & 0xff]! ^ t4[c >>> 24]!) ^
      (t3[d & 0xff]! ^ t2[(d >>> 8) & 0xff]! ^ t1[(d >>> 16) & 0xff]! ^ t0[d >>> 24]!);
  }
  return crc;
}

/** Bytes until the next whole word. */
function padding(offset: number): number {
  return -offset & (WORD_BYTES - 1);
}

function bytewise(
  bytes: Uint8Array,
  { start, end, crc }: { start: number; end: number; crc: number },
): number {
  let sum = crc;
  for (let at = start; at < end; at++) sum = t0[(sum ^ bytes[at]!) & 0xff]! ^ (sum >>> 8);
  return sum;
}

type Table = Int32Array;
type Four = readonly [Table, Table, Table, Table];
type Tables = readonly [...Four, ...Four, ...Four, ...Four];

function createTables(): readonly Table[] {
  const all = Array.from({ length: SLICES }, () => new Int32Array(256));
  for (let byte = 0; byte < 256; byte++) {
    let crc = byte;
    for (let bit = 0; bit < 8; bit++) crc = crc & 1 ? (crc >>> 1) ^ POLYNOMIAL : crc >>> 1;
    all[0]![byte] = crc;
  }
  for (let slice = 1; slice < SLICES; slice++) {
    for (let byte = 0; byte < 256; byte++) {
      const previous = all[slice - 1]![byte]!;
      all[slice]![byte] = all[0]![previous & 0xff]! ^ (previous >>> 8);
    }
  }
  return all;
}
