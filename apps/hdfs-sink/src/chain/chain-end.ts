/** Where a partition's chain of files goes on. */
export interface ChainEnd {
  /** The next file starts here; every record before it is stored or was dead-lettered. */
  readonly nextOffset: bigint;
  /**
   * Latest append time in the files that told us so. A record before `nextOffset` that was appended later is not one
   * of theirs: the topic was made anew. Missing when no file was seen, and then nothing is taken for stored.
   */
  readonly maxTimestampMs: number | undefined;
}

/** The end after one more file. Append times may run back a little when a partition's leader moves, hence the maximum. */
export function endAfter(
  end: ChainEnd | undefined,
  file: { readonly endOffset: bigint; readonly maxTimestampMs: number },
): ChainEnd {
  return {
    nextOffset: file.endOffset + 1n,
    maxTimestampMs: Math.max(end?.maxTimestampMs ?? 0, file.maxTimestampMs),
  };
}
