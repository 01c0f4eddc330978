const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/**
 * Kafka's own hash of a key, from which every client in every language finds the same partition: the remainder after a
 * division by their number. Source: `Utils.murmur2` and `BuiltInPartitioner.partitionForKey` of the Java client.
 */
export function hashOfKey(bytes: Uint8Array, start = 0, end = bytes.length): number {
  return murmur2(bytes, start, end) & 0x7fffffff;
}

/** Of the bytes from `start` to before `end`; a signed 32-bit number. */
export function murmur2(bytes: Uint8Array, start = 0, end = bytes.length): number {
  const length = end - start;
  let hash = SEED ^ length;
  const whole = start + (length & ~3);
  for (let at = start; at < whole; at += 4) {
    let word = bytes[at]! | (bytes[at + 1]! << 8) | (bytes[at + 2]! << 16) | (bytes[at + 3]! << 24);
    word = Math.imul(word, M);
    word ^= word >>> 24;
    hash = Math.imul(hash, M) ^ Math.imul(word, M);
  }
  const rest = end - whole;
  if (rest > 2) hash ^= bytes[whole + 2]! << 16;
  if (rest > 1) hash ^= bytes[whole + 1]! << 8;
  if (rest > 0) hash = Math.imul(hash ^ bytes[whole]!, M);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, M);
  return hash ^ (hash >>> 15);
}
