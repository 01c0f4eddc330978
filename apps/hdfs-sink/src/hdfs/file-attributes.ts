/** What a file of the chain says about itself: readable with one call, for gzip too. */
export interface FileAttributes {
  /** Last offset of the file's range, inclusive; gaps and dead-lettered records count. The next file starts behind it. */
  readonly endOffset: bigint;
  /** Lines in the file. */
  readonly records: number;
  /** Tells the first record of the range from any other record at that offset: `recordIdentity`. */
  readonly firstRecord: string;
  /** Latest append time in the range, milliseconds since the epoch. */
  readonly maxTimestampMs: number;
  /** The writer that made the file. Unique per assignment, so a writer recognises a file as its own. */
  readonly owner: string;
  /** Only in a compressed file that compaction has put together and not yet written anew: of how many files. */
  readonly pieces?: number;
}

/** One line of JSON; offsets are decimal strings, since they may exceed 2^53. */
export function encodeAttributes({ endOffset, ...rest }: FileAttributes): string {
  return JSON.stringify({ endOffset: endOffset.toString(), ...rest });
}

/** The attributes in `text`, or nothing when it is not what {@link encodeAttributes} makes. */
export function decodeAttributes(text: string): FileAttributes | undefined {
  let parsed: Partial<Record<keyof FileAttributes, unknown>>;
  try {
    parsed = JSON.parse(text) as typeof parsed;
  } catch {
    return undefined;
  }
  const { endOffset, records, firstRecord, maxTimestampMs, owner, pieces } = parsed;
  if (typeof endOffset !== 'string' || !/^-?\d+$/.test(endOffset)) return undefined;
  if (typeof records !== 'number' || typeof maxTimestampMs !== 'number') return undefined;
  if (typeof firstRecord !== 'string' || typeof owner !== 'string') return undefined;
  return {
    endOffset: BigInt(endOffset),
    records,
    firstRecord,
    maxTimestampMs,
    owner,
    ...(typeof pieces === 'number' && { pieces }),
  };
}
