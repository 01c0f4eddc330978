import { type Cursor, readVarint } from './consume/cursor.ts';

/** `null` is a header without a value. */
export type HeaderValue = Buffer | string | null;

/**
 * The headers of a record by name, as they are read and as they are written. A name that a record carries several times
 * has a list of its values in their order; how values of different names alternated is not kept.
 */
export type RecordHeaders = Readonly<Record<string, HeaderValue | readonly HeaderValue[]>>;

/** Headers that grow. Without a prototype: `__proto__` is a name like any other. */
export type MutableHeaders = Record<string, HeaderValue | HeaderValue[]>;

export function noHeaders(): MutableHeaders {
  return Object.create(null) as MutableHeaders;
}

/** Adds a value behind those that the name has. */
export function addHeader(headers: MutableHeaders, name: string, value: HeaderValue): void {
  const earlier = headers[name];
  if (earlier === undefined) headers[name] = value;
  else if (Array.isArray(earlier)) earlier.push(value);
  else headers[name] = [earlier, value];
}

/** One entry for each header that the record carries. */
export function headerEntries(headers: RecordHeaders): (readonly [string, HeaderValue])[] {
  return Object.entries(headers).flatMap(([name, values]) =>
    isList(values) ? values.map((value) => [name, value] as const) : [[name, values] as const],
  );
}

/** The first value of a name as text; `undefined` where it has none. */
export function headerText(headers: RecordHeaders | undefined, name: string): string | undefined {
  const values = headers?.[name];
  const first = isList(values) ? values[0] : values;
  return first?.toString();
}

/** Headers as record batches hold them; the values share memory with the bytes. */
export function readHeaders(cursor: Cursor): RecordHeaders {
  const { bytes } = cursor;
  const headers = noHeaders();
  for (let left = readVarint(cursor); left > 0; left--) {
    const nameLength = readVarint(cursor);
    const name = bytes.toString('utf8', cursor.at, (cursor.at += nameLength));
    const length = readVarint(cursor);
    const start = cursor.at;
    cursor.at += Math.max(0, length);
    addHeader(headers, name, length < 0 ? null : bytes.subarray(start, cursor.at));
  }
  return headers;
}

export function isList(
  values: HeaderValue | readonly HeaderValue[] | undefined,
): values is readonly HeaderValue[] {
  return Array.isArray(values);
}
