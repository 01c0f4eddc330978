/**
 * What Elasticsearch, Hive and Spark can read of a JSON object. The collector refuses what breaks these rules, and both
 * sinks move it to their dead letters before a store sees it.
 * Source: Jackson's `StreamReadConstraints` (numbers, names, texts); a document a few hundred levels deep overflows the
 * stack of an Elasticsearch write thread, which ends the node (seen with 900 levels on 9.5.3).
 */
export const STORE_LIMITS = {
  nesting: 100,
  numberCharacters: 1_000,
  nameCharacters: 50_000,
  textBytes: 20_000_000,
} as const;

/** Columns that Hive and Spark make of the folders `dt=…/hour=…`; a field of that name hides or breaks them. */
const PARTITION_COLUMNS: ReadonlySet<string> = new Set(['dt', 'hour']);

/**
 * Whether a top-level name means something to a store or to the pipeline: Elasticsearch gives names that begin with `_` a
 * meaning of its own, and `kafka_…` is the lineage.
 * @param lowerCased the name as Hive and Spark compare it.
 */
export function isReservedName(lowerCased: string): boolean {
  return lowerCased.startsWith('_') || lowerCased.startsWith('kafka_') || PARTITION_COLUMNS.has(lowerCased);
}
