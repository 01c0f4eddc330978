import { type WireReader } from './reader.ts';
import { type WireWriter } from './writer.ts';

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
export function readHeaders(reader: WireReader): RecordHeaders {
  const { bytes } = reader;
  const headers = noHeaders();
  for (let left = reader.varint(); left > 0; left--) {
    const nameLength = reader.varint();
    const name = bytes.toString('utf8', reader.at, (reader.at += nameLength));
    addHeader(headers, name, reader.part());
  }
  return headers;
}

/** Writes headers as record batches hold them; a name with a list of values is a header for each of them. */
export function writeHeaders(writer: WireWriter, headers: RecordHeaders): void {
  const names = Object.keys(headers);
  let count = names.length;
  for (const name of names) {
    const values = headers[name];
    if (isList(values)) count += values.length - 1;
  }
  writer.varint(count);
  for (const name of names) {
    const values = headers[name]!;
    if (isList(values)) for (const value of values) writeHeader(writer, name, value);
    else writeHeader(writer, name, values);
  }
}

function writeHeader(writer: WireWriter, name: string, value: HeaderValue): void {
  writer.part(name);
  writer.part(value);
}

function isList(values: HeaderValue | readonly HeaderValue[] | undefined): values is readonly HeaderValue[] {
  return Array.isArray(values);
}
