import { createHash } from 'node:crypto';
import { type KafkaRecord } from '@pipeline/kafka-transport';

/**
 * Tells a record from any other that may ever lie at its offset, in a recreated topic too: topic, offset, append time
 * and 64 bits of the SHA-256 of its key and value.
 */
export function recordIdentity(topic: string, { offset, timestamp, key, value }: KafkaRecord): string {
  const hash = createHash('sha256');
  for (const part of [key, value]) {
    hash.update(`${part?.length ?? -1}:`);
    if (part) hash.update(part);
  }
  return `${topic}@${offset}@${timestamp}@${hash.digest('hex').slice(0, 16)}`;
}
