/**
 * The record's key: events of one visitor stay in order, because a key always goes to the same partition. Where no key field
 * holds a text, its id is the key, which is the same when it is sent again.
 * @param fields those of its type, in the order in which they are tried.
 */
export function recordKey(
  event: { readonly event_id: string; readonly [field: string]: unknown },
  fields: readonly string[],
): string {
  for (const field of fields) {
    const value = event[field];
    if (typeof value === 'string') return value;
  }
  return event.event_id;
}

/** Headers that a consumer may route by without reading the value. */
export function recordHeaders(event: {
  readonly event_type: string;
  readonly schema_version: number;
}): Record<string, string> {
  return { event_type: event.event_type, schema_version: String(event.schema_version) };
}
