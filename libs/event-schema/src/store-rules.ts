import { STORED_FIELDS } from './stored-fields.ts';

/**
 * What Elasticsearch, Hive and Spark can read of a JSON object. The collector refuses what breaks these rules, and both
 * sinks move it to their dead letters before a store sees it.
 *
 * - `nesting`: an Elasticsearch write thread runs out of stack a few hundred levels deep, which ends the node (seen with 900
 *   levels on 9.5.3).
 * - `numberCharacters`, `textBytes`: Jackson's `StreamReadConstraints`; Hive fails the query, not the row.
 * - `namePathBytes`: an index that has its most fields puts the path of each further one (`a.b.c`) into `_ignored`, a term of
 *   at most 32,766 bytes. Jackson reads names up to 50,000 characters.
 */
export const STORE_LIMITS = {
  nesting: 100,
  numberCharacters: 1_000,
  textBytes: 20_000_000,
  namePathBytes: 32_000,
} as const;

/** Whole numbers of so many digits fit an `integer` of both stores. */
export const MAX_WHOLE_DIGITS = 9;

/** Columns that Hive and Spark make of the folders `dt=…/hour=…`; a field of that name hides or breaks them. */
const PARTITION_COLUMNS: ReadonlySet<string> = new Set(['dt', 'hour']);

/**
 * Whether a top-level name means something to a store or to the pipeline: Elasticsearch gives names that begin with `_` a
 * meaning of its own, `kafka_…` is the lineage, and Hive and Spark take `EVENT_ID` for `event_id`, Elasticsearch
 * `event_id.x` for a part of it.
 * @param stored the fields that have a column of their own.
 */
export function isReservedName(
  name: string,
  stored: { has(name: string): boolean } = STORED_FIELDS,
): boolean {
  const lower = name.toLowerCase();
  if (lower.startsWith('_') || lower.startsWith('kafka_') || PARTITION_COLUMNS.has(lower)) return true;
  const dot = lower.indexOf('.');
  return dot >= 0 ? stored.has(lower.slice(0, dot)) : lower !== name && stored.has(lower);
}

/** Half of a surrogate pair: has no UTF-8 form. */
export const HALF_PAIR = /[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/;

/** Whether Elasticsearch can take a name at any level: it reads a dot as nesting, and none of the parts may be blank. */
export function isReadableName(name: string): boolean {
  return name.split('.').every((part) => part.trim() !== '') && !HALF_PAIR.test(name);
}
