const SEED = 0x9747b28c;
const M = 0x5bd1e995;

/**
 * Kafka's own choice of a partition, so that every client in every language sends a key to the same one.
 * Source: `Utils.murmur2` and `BuiltInPartitioner.partitionForKey` of the Java client.
 */
export function partitionOfKey(key: Uint8Array, length: number, partitions: number): number {
  return (murmur2(key, length) & 0x7fffffff) % partitions;
}

/** The first `length` bytes of the key; a signed 32-bit number. */
export function murmur2(key: Uint8Array, length = key.length): number {
  let hash = SEED ^ length;
  const whole = length & ~3;
  for (let at = 0; at < whole; at += 4) {
    let word = key[at]! | (key[at + 1]! << 8) | (key[at + 2]! << 16) | (key[at + 3]! << 24);
    word = Math.imul(word, M);
    word ^= word >>> 24;
    hash = Math.imul(hash, M) ^ Math.imul(word, M);
  }
  const rest = length - whole;
  if (rest > 2) hash ^= key[whole + 2]! << 16;
  if (rest > 1) hash ^= key[whole + 1]! << 8;
  if (rest > 0) hash = Math.imul(hash ^ key[whole]!, M);
  hash ^= hash >>> 13;
  hash = Math.imul(hash, M);
  return hash ^ (hash >>> 15);
}
