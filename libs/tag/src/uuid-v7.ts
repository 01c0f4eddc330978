let lastMs = 0;
let counter = 0;

/**
 * A UUID of version 7: 48 bits of milliseconds, a 12-bit counter that keeps ids of one tab ascending, 62 random bits.
 * Source: RFC 9562 §5.7 and §6.2, method 1.
 */
export function uuidV7(nowMs: number, random: Uint8Array): string {
  if (nowMs > lastMs) {
    lastMs = nowMs;
    counter = ((random[6] ?? 0) << 3) | ((random[7] ?? 0) & 7);
  } else if (++counter > 0xfff) {
    lastMs++;
    counter = 0;
  }
  const tail = Array.from(random.subarray(8, 16), (byte, index) =>
    index === 0 ? (byte & 0x3f) | 0x80 : byte,
  );
  const hex =
    lastMs.toString(16).padStart(12, '0') +
    (0x7000 | counter).toString(16) +
    tail.map((byte) => byte.toString(16).padStart(2, '0')).join('');
  return hex.replace(/(.{8})(.{4})(.{4})(.{4})(.{12})/, '$1-$2-$3-$4-$5');
}

/** The milliseconds since the epoch that a version-7 UUID holds. */
export function uuidMs(id: string): number {
  return parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
}
