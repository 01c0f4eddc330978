import { type Reader } from 'protobufjs';
import protobuf from 'protobufjs/minimal.js';
import {
  MAX_VALUE_DEPTH,
  type OtlpAnyValue,
  OtlpError,
  type OtlpKeyValue,
  type OtlpLogRecord,
  type OtlpLogsRequest,
  type OtlpResourceLogs,
  type OtlpScopeLogs,
  TooManyRecordsError,
} from './otlp.ts';

/** Reads the field of this tag (its number and wire type) into the message. @returns false for one that it does not know. */
type ReadField<Message> = (message: Message, field: number, reader: Reader, depth: number) => boolean;

/** Field number and wire type of a tag. */
const WIRE_TYPE_BITS = 3;
const WIRE_TYPE = 7;
const LENGTH_DELIMITED = 2;
const FIXED_64 = 1;

/** Most messages within a request, values and attributes included: two bytes on the wire become an object of many. */
const MAX_MESSAGES = 300_000;
/** Of the request that is read now. */
let messages = 0;

/**
 * Reads an `ExportLogsServiceRequest` into the shape of its JSON encoding. Unknown fields are skipped, as protobuf asks.
 * @throws OtlpError if the bytes are no such message, TooManyRecordsError.
 */
export function readProtobuf(body: Buffer): OtlpLogsRequest {
  const resourceLogs: OtlpResourceLogs[] = [];
  messages = 0;
  try {
    const reader = protobuf.Reader.create(body);
    readMessage(resourceLogs, body.length, reader, 0, readRequest);
  } catch (error) {
    // What the reader throws at bytes that are none is no error of ours.
    const isOurs = error instanceof TypeError || error instanceof TooManyRecordsError;
    if (isOurs || error instanceof OtlpError) throw error;
    throw new OtlpError('The body is not a protobuf message', { cause: error });
  }
  return { resourceLogs };
}

function readMessage<Message>(
  message: Message,
  end: number,
  reader: Reader,
  depth: number,
  readField: ReadField<Message>,
): Message {
  if (end > reader.len) throw new OtlpError('The body ends within a message');
  messages += 1;
  if (messages > MAX_MESSAGES) throw new TooManyRecordsError();
  while (reader.pos < end) {
    const tag = reader.uint32();
    if (!readField(message, tag, reader, depth)) reader.skipType(tag & WIRE_TYPE, 0, tag >>> WIRE_TYPE_BITS);
  }
  if (reader.pos !== end) throw new OtlpError('A field is longer than its message');
  return message;
}

/** Reads the message that comes next, its length first. */
function nested<Message>(
  message: Message,
  reader: Reader,
  depth: number,
  readField: ReadField<Message>,
): Message {
  const length = reader.uint32();
  return readMessage(message, reader.pos + length, reader, depth, readField);
}

/** Tags: a field of another wire type is unknown. */
const text = (field: number) => (field << WIRE_TYPE_BITS) | LENGTH_DELIMITED;
const varint = (field: number) => field << WIRE_TYPE_BITS;
const fixed64 = (field: number) => (field << WIRE_TYPE_BITS) | FIXED_64;

const REQUEST_RESOURCE_LOGS = text(1);
const RESOURCE_LOGS_RESOURCE = text(1);
const RESOURCE_LOGS_SCOPE_LOGS = text(2);
const RESOURCE_ATTRIBUTES = text(1);
const SCOPE_LOGS_SCOPE = text(1);
const SCOPE_LOGS_RECORDS = text(2);
const SCOPE_NAME = text(1);
const SCOPE_VERSION = text(2);
const SCOPE_ATTRIBUTES = text(3);
const RECORD_TIME = fixed64(1);
const RECORD_SEVERITY_NUMBER = varint(2);
const RECORD_SEVERITY_TEXT = text(3);
const RECORD_BODY = text(5);
const RECORD_ATTRIBUTES = text(6);
const RECORD_TRACE_ID = text(9);
const RECORD_SPAN_ID = text(10);
const RECORD_OBSERVED_TIME = fixed64(11);
const RECORD_EVENT_NAME = text(12);
const KEY_VALUE_KEY = text(1);
const KEY_VALUE_VALUE = text(2);
const VALUE_STRING = text(1);
const VALUE_BOOL = varint(2);
const VALUE_INT = varint(3);
const VALUE_DOUBLE = fixed64(4);
const VALUE_ARRAY = text(5);
const VALUE_KVLIST = text(6);
const VALUE_BYTES = text(7);
const LIST_ELEMENT = text(1);

function readRequest(resourceLogs: OtlpResourceLogs[], field: number, reader: Reader): boolean {
  if (field !== REQUEST_RESOURCE_LOGS) return false;
  const scopeLogs: OtlpScopeLogs[] = [];
  resourceLogs.push(nested({ resource: {}, scopeLogs }, reader, 0, readResourceLogs));
  return true;
}

function readResourceLogs(
  logs: { resource: { attributes?: OtlpKeyValue[] }; scopeLogs: OtlpScopeLogs[] },
  field: number,
  reader: Reader,
): boolean {
  if (field === RESOURCE_LOGS_SCOPE_LOGS) {
    logs.scopeLogs.push(nested({ scope: {}, logRecords: [] }, reader, 0, readScopeLogs));
    return true;
  }
  if (field !== RESOURCE_LOGS_RESOURCE) return false;
  nested(logs.resource, reader, 0, readResource);
  return true;
}

function readResource(resource: { attributes?: OtlpKeyValue[] }, field: number, reader: Reader): boolean {
  if (field !== RESOURCE_ATTRIBUTES) return false;
  (resource.attributes ??= []).push(readKeyValue(reader, 0));
  return true;
}

function readScopeLogs(
  logs: { scope: NonNullable<OtlpScopeLogs['scope']>; logRecords: OtlpLogRecord[] },
  field: number,
  reader: Reader,
): boolean {
  if (field === SCOPE_LOGS_RECORDS) logs.logRecords.push(nested(emptyRecord(), reader, 0, readRecord));
  else if (field === SCOPE_LOGS_SCOPE) nested(logs.scope, reader, 0, readScope);
  else return false;
  return true;
}

function readScope(scope: NonNullable<OtlpScopeLogs['scope']>, field: number, reader: Reader): boolean {
  if (field === SCOPE_NAME) scope.name = reader.string();
  else if (field === SCOPE_VERSION) scope.version = reader.string();
  else if (field === SCOPE_ATTRIBUTES)
    ((scope.attributes ??= []) as OtlpKeyValue[]).push(readKeyValue(reader, 0));
  else return false;
  return true;
}

/** All of one shape, which is many times as fast to read. */
function emptyRecord(): OtlpLogRecord {
  return {
    timeUnixNano: undefined,
    observedTimeUnixNano: undefined,
    severityNumber: undefined,
    severityText: undefined,
    body: undefined,
    attributes: undefined,
    traceId: undefined,
    spanId: undefined,
    eventName: undefined,
  };
}

function readRecord(record: OtlpLogRecord, field: number, reader: Reader): boolean {
  if (field === RECORD_ATTRIBUTES)
    ((record.attributes ??= []) as OtlpKeyValue[]).push(readKeyValue(reader, 0));
  else if (field === RECORD_TIME) record.timeUnixNano = readFixed64(reader);
  else if (field === RECORD_OBSERVED_TIME) record.observedTimeUnixNano = readFixed64(reader);
  else if (field === RECORD_SEVERITY_NUMBER) record.severityNumber = reader.int32();
  else if (field === RECORD_SEVERITY_TEXT) record.severityText = reader.string();
  else if (field === RECORD_BODY) record.body = nested<OtlpAnyValue>({}, reader, 0, readValue);
  else if (field === RECORD_TRACE_ID) record.traceId = readHex(reader);
  else if (field === RECORD_SPAN_ID) record.spanId = readHex(reader);
  else if (field === RECORD_EVENT_NAME) record.eventName = reader.string();
  else return false;
  return true;
}

function readKeyValue(reader: Reader, depth: number): OtlpKeyValue {
  const empty: OtlpKeyValue = { key: '', value: undefined };
  return nested(empty, reader, depth, readKeyValueField);
}

function readKeyValueField(pair: OtlpKeyValue, field: number, reader: Reader, depth: number): boolean {
  if (field === KEY_VALUE_KEY) pair.key = reader.string();
  else if (field === KEY_VALUE_VALUE) pair.value = nested<OtlpAnyValue>({}, reader, depth, readValue);
  else return false;
  return true;
}

/** Of several values the last one counts, as in every `oneof`. */
function readValue(value: OtlpAnyValue, field: number, reader: Reader, depth: number): boolean {
  if (field === VALUE_STRING) only(value).stringValue = reader.string();
  else if (field === VALUE_BOOL) only(value).boolValue = reader.bool();
  else if (field === VALUE_INT) only(value).intValue = readInt64(reader);
  else if (field === VALUE_DOUBLE) only(value).doubleValue = reader.double();
  else if (field === VALUE_BYTES) only(value).bytesValue = Buffer.from(reader.bytes()).toString('base64');
  else if (field === VALUE_ARRAY)
    only(value).arrayValue = nested({ values: [] }, reader, deeper(depth), readElement);
  else if (field === VALUE_KVLIST)
    only(value).kvlistValue = nested({ values: [] }, reader, deeper(depth), readPair);
  else return false;
  return true;
}

function only(value: OtlpAnyValue): OtlpAnyValue {
  for (const name in value) delete value[name as keyof OtlpAnyValue];
  return value;
}

function readElement(
  list: { values: OtlpAnyValue[] },
  field: number,
  reader: Reader,
  depth: number,
): boolean {
  if (field !== LIST_ELEMENT) return false;
  list.values.push(nested<OtlpAnyValue>({}, reader, depth, readValue));
  return true;
}

function readPair(list: { values: OtlpKeyValue[] }, field: number, reader: Reader, depth: number): boolean {
  if (field !== LIST_ELEMENT) return false;
  list.values.push(readKeyValue(reader, depth));
  return true;
}

function deeper(depth: number): number {
  if (depth >= MAX_VALUE_DEPTH) throw new OtlpError(`A value nests deeper than ${MAX_VALUE_DEPTH}`);
  return depth + 1;
}

function readHex(reader: Reader): string {
  const length = reader.uint32();
  const start = reader.pos;
  reader.skip(length);
  return (reader.buf as Buffer).toString('hex', start, start + length);
}

/** Digits of the unsigned number: a double has no room for nanoseconds. */
function readFixed64(reader: Reader): string {
  const low = reader.fixed32();
  const high = reader.fixed32();
  return digitsOf(low, high);
}

const GIGA = 1_000_000_000;

/** Two divisions by a thousand million: faster than a `BigInt`. */
function digitsOf(low: number, high: number): string {
  const upper = high * 2 ** 32;
  if (upper + low <= Number.MAX_SAFE_INTEGER) return String(upper + low);
  const highQuotient = Math.floor(high / GIGA);
  const rest = (high - highQuotient * GIGA) * 2 ** 16 + (low >>> 16);
  const middle = Math.floor(rest / GIGA);
  const last = (rest - middle * GIGA) * 2 ** 16 + (low & 0xffff);
  const lowest = Math.floor(last / GIGA);
  const quotient = highQuotient * 2 ** 32 + middle * 2 ** 16 + lowest;
  return String(quotient) + String(last - lowest * GIGA).padStart(9, '0');
}

/** Digits of the signed number. */
function readInt64(reader: Reader): string {
  const { buf } = reader;
  let value = 0;
  let scale = 1;
  for (let length = 1; length <= 7; length += 1, scale *= 128) {
    const byte = buf[reader.pos + length - 1] ?? 0x80;
    value += (byte & 0x7f) * scale;
    if (byte < 0x80) {
      reader.skip(length);
      return String(value);
    }
  }
  return readLongInt64(reader);
}

function readLongInt64(reader: Reader): string {
  const start = reader.pos;
  reader.skip();
  let value = 0n;
  for (let at = reader.pos - 1; at >= start; at -= 1) value = (value << 7n) | BigInt(reader.buf[at]! & 0x7f);
  return String(BigInt.asIntN(64, value));
}
