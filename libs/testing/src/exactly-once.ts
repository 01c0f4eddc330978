import { AssertionError } from 'node:assert';

const SHOWN = 5;

/** What stands between the rows of a store and "each of these exactly once". */
export interface Discrepancies {
  readonly missing: readonly string[];
  readonly repeated: readonly string[];
  readonly unexpected: readonly string[];
}

/** Compares the ids that a store holds with those that it should hold. */
export function compareIds(found: readonly string[], expected: readonly string[]): Discrepancies {
  const wanted = new Set(expected);
  const seen = new Set<string>();
  const repeated = new Set<string>();
  for (const id of found) {
    if (seen.has(id)) repeated.add(id);
    seen.add(id);
  }
  return {
    missing: [...wanted].filter((id) => !seen.has(id)),
    repeated: [...repeated],
    unexpected: [...seen].filter((id) => !wanted.has(id)),
  };
}

/**
 * Asserts that the rows of a store carry each id exactly once and nothing else.
 * @param rows anything with an `event_id`: rows of HDFS, documents of Elasticsearch.
 */
export function assertExactlyOnce(
  rows: readonly { readonly event_id?: unknown }[],
  ids: readonly string[],
): void {
  const discrepancies = compareIds(
    rows.map(({ event_id: id }) => String(id)),
    ids,
  );
  const complaints = Object.entries(discrepancies)
    .filter(([, list]: [string, readonly string[]]) => list.length > 0)
    .map(([kind, list]: [string, readonly string[]]) => `${list.length} ${kind} (${shown(list)})`);
  if (complaints.length > 0)
    throw new AssertionError({
      message: `${rows.length} rows for ${ids.length} ids: ${complaints.join(', ')}`,
    });
}

function shown(ids: readonly string[]): string {
  return ids.length > SHOWN ? `${ids.slice(0, SHOWN).join(', ')}, …` : ids.join(', ');
}
