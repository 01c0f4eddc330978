/** When a partition's buffer is made durable: whichever limit is reached first. */
export interface FlushPolicy {
  readonly maxRecords: number;
  /** Bytes of keys and values. */
  readonly maxBytes: number;
  /** Wall-clock age of the oldest buffered record since it was taken from Kafka, so an idle partition is flushed too. */
  readonly maxAgeMs: number;
}

/** What the policy looks at. */
export interface BufferState {
  readonly records: number;
  readonly bytes: number;
  readonly heldBytes: number;
  readonly oldestAtMs: number;
}

export type FlushReason = 'records' | 'bytes' | 'age' | 'memory' | 'drain';

export interface FlushCircumstances {
  readonly nowMs: number;
  /** Half of the partition's share of memory: one half is written while the other fills. */
  readonly memoryBytes: number;
  readonly draining: boolean;
}

/** Why the buffer must be flushed now, or nothing. */
export function flushReason(
  buffer: BufferState,
  policy: FlushPolicy,
  { nowMs, memoryBytes, draining }: FlushCircumstances,
): FlushReason | undefined {
  if (buffer.records === 0) return undefined;
  if (draining) return 'drain';
  if (buffer.records >= policy.maxRecords) return 'records';
  if (buffer.bytes >= policy.maxBytes) return 'bytes';
  if (buffer.heldBytes >= memoryBytes) return 'memory';
  if (nowMs - buffer.oldestAtMs >= policy.maxAgeMs) return 'age';
  return undefined;
}
