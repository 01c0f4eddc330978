import { hash } from 'node:crypto';
import { formatInstant } from '@pipeline/event-schema';
import { REJECTION_CODES, type Rejection, type RejectionCode } from '@pipeline/event-schema/contract';
import { type FinishedEvent, type RejectedValue } from '@pipeline/intake';
import { attributesJson } from './attributes-json.ts';
import { digitsOf, isObject, isThere, textOfValue } from './any-value.ts';
import { ContentIds } from './content-ids.ts';
import { OtlpError, type OtlpLogRecord, type OtlpLogsRequest, TooManyRecordsError } from './otlp.ts';
import { severityName, severityNumber, severityOfText } from './severity.ts';

/** Most records of one request. */
export const MAX_LOG_RECORDS = 20_000;

const TYPE = 'log-record';

/** What all records of one scope share. */
interface Source {
  /** Their record key; undefined where nothing says what logged them. */
  readonly key: string | undefined;
  /** Fields, as the end of their JSON. */
  readonly fields: string;
  /** Of the fields. */
  readonly digest: string;
  /** Why none of them can be taken. */
  readonly fault: Rejection | undefined;
}

/**
 * The records of a request, written as events that keep the contract of `log-record`: each field is made here and cannot be
 * wrong, so it is not looked at again. A record that cannot be read is a reason, in the place that it has in the request.
 * @param maxSharedCharacters of what all records repeat of their resources.
 * @throws OtlpError where the request is none, TooManyRecordsError, RoundedNumberError.
 */
export function logEvents(
  request: OtlpLogsRequest,
  maxSharedCharacters: number,
): (FinishedEvent | RejectedValue)[] {
  const events: (FinishedEvent | RejectedValue)[] = [];
  const ids = new ContentIds();
  let shared = 0;
  for (const resourceLogs of listOf(request.resourceLogs, 'resourceLogs')) {
    const resource = objectOf(resourceLogs['resource'], 'resource');
    for (const scopeLogs of listOf(resourceLogs['scopeLogs'], 'scopeLogs')) {
      const source = sourceOf(resource, objectOf(scopeLogs['scope'], 'scope'));
      const records = listOf(scopeLogs['logRecords'], 'logRecords');
      shared += source.fields.length * records.length;
      if (events.length + records.length > MAX_LOG_RECORDS || shared > maxSharedCharacters)
        throw new TooManyRecordsError();
      for (const record of records) events.push(eventOf(record, source, ids));
    }
  }
  return events;
}

/** An absent list is an empty one, as in every protobuf message. */
function listOf(value: unknown, name: string): Record<string, unknown>[] {
  if (!isThere(value)) return [];
  if (!Array.isArray(value) || !value.every(isObject)) throw new OtlpError(`${name} is no list of messages`);
  return value;
}

function objectOf(value: unknown, name: string): Record<string, unknown> {
  if (!isThere(value)) return {};
  if (!isObject(value)) throw new OtlpError(`${name} is no message`);
  return value;
}

/** Resource attributes that have a field of their own as well. */
const NAMED = {
  'service.name': 'service_name',
  'service.instance.id': 'service_instance',
  'host.name': 'host_name',
} as const;

function sourceOf(resource: Record<string, unknown>, scope: Record<string, unknown>): Source {
  const named: Partial<Record<(typeof NAMED)[keyof typeof NAMED] | 'scope_name', string>> = {};
  const json = attributesJson(sharedAttributes(resource['attributes'], scope), (name, text) => {
    if (Object.hasOwn(NAMED, name) && text !== '') named[NAMED[name as keyof typeof NAMED]] = shortText(text);
  });
  if (typeof json !== 'string')
    return { key: undefined, fields: '', digest: '', fault: rejection(json.fault, 'resource_attributes') };
  const scopeName = scope['name'];
  if (typeof scopeName === 'string' && scopeName !== '') named.scope_name = shortText(scopeName);
  const own = Object.entries(named).map(([name, text]) => `,"${name}":${JSON.stringify(text)}`);
  const fields = own.join('') + (json === '' ? '' : `,"resource_attributes":{${json.slice(1)}}`);
  const key = named.service_instance ?? named.host_name;
  return { key, fields, digest: hash('sha1', fields), fault: undefined };
}

/** What a scope has stands with its resource, under the names that OpenTelemetry gives it where there are no scopes. */
function sharedAttributes(
  ofResource: unknown,
  { version, attributes: ofScope }: Record<string, unknown>,
): unknown {
  const [first, second] = [ofResource ?? [], ofScope ?? []];
  if (!Array.isArray(first)) return first;
  if (!Array.isArray(second)) return second;
  const prefixed = second.map((pair: unknown) =>
    isObject(pair) && typeof pair['key'] === 'string' ? { ...pair, key: `otel.scope.${pair['key']}` } : pair,
  );
  const hasVersion = isThere(version) && version !== '';
  const versions = hasVersion ? [{ key: 'otel.scope.version', value: { stringValue: version } }] : [];
  return [...(first as unknown[]), ...versions, ...prefixed];
}

// eslint-disable-next-line no-control-regex -- finding them is the purpose
const CONTROL_CHARACTERS = /[\u0000-\u001f\u007f-\u009f]/g;

/** One line of bounded length, not empty: nothing in it can break the contract. */
function shortText(text: string, max = 256): string {
  const isUsual = text.length <= max && text.search(CONTROL_CHARACTERS) < 0 && text.isWellFormed();
  return isUsual ? text : text.slice(0, max).toWellFormed().replaceAll(CONTROL_CHARACTERS, ' ');
}

const MAX_SEVERITY_CHARACTERS = 64;

function eventOf(record: OtlpLogRecord, source: Source, ids: ContentIds): FinishedEvent | RejectedValue {
  if (source.fault !== undefined) return refused(record, source.fault);
  const nanos = timeOf(record.timeUnixNano) ?? timeOf(record.observedTimeUnixNano);
  if (nanos === INVALID) return refused(record, rejection('time-invalid', 'time_unix_nano'));
  const severity = severityJson(record);
  if (severity === undefined) return refused(record, rejection('number-out-of-range', 'severity_number'));
  const body = textOfValue(record.body);
  if (body === undefined) return refused(record, rejection('field-type', 'body'));
  const attributes = attributesJson(record.attributes);
  if (typeof attributes !== 'string') return refused(record, rejection(attributes.fault, 'attributes'));
  const ms = nanos === undefined ? 0 : Number(nanos.slice(0, -6));
  let fields = nanos === undefined ? '' : `,"time_unix_nano":"${nanos}"`;
  fields += `${severity},"body":${JSON.stringify(body)}${eventNameJson(record.eventName)}${traceJson(record)}`;
  if (attributes !== '') fields += `,"attributes":{${attributes.slice(1)}}`;
  const eventId = ids.next(ms, source.digest + fields);
  const time = nanos === undefined ? '' : `,"occurred_at":"${formatInstant(ms)}"`;
  const json = `{"event_id":"${eventId}","event_type":"${TYPE}","schema_version":1${time}${fields}}`;
  return {
    eventId,
    topic: TYPE,
    schemaVersion: 1,
    key: source.key ?? eventId,
    json,
    moreFields: source.fields,
    isTimed: nanos !== undefined,
  };
}

const INVALID = '';
const NANOSECONDS = /^[1-9]\d{0,18}$/;
const MOST_NANOSECONDS = String(2n ** 63n - 1n);

/** Zero says that the time is not known. */
function timeOf(value: unknown): string | undefined {
  if (value === undefined || value === null || value === 0 || value === '' || value === '0') return undefined;
  const digits = digitsOf(value);
  if (digits === undefined || !NANOSECONDS.test(digits)) return INVALID;
  return digits.length === MOST_NANOSECONDS.length && digits > MOST_NANOSECONDS ? INVALID : digits;
}

/** @returns undefined where there is a number that is none. */
function severityJson(record: OtlpLogRecord): string | undefined {
  const { severityText } = record;
  let number = severityNumber(record.severityNumber);
  let text =
    typeof severityText === 'string' && severityText !== ''
      ? shortText(severityText, MAX_SEVERITY_CHARACTERS)
      : undefined;
  if (number === undefined) number = text === undefined ? undefined : severityOfText(text);
  else if (Number.isNaN(number)) return undefined;
  else text ??= severityName(number);
  const json = number === undefined ? '' : `,"severity_number":${number}`;
  return text === undefined ? json : `${json},"severity_text":${JSON.stringify(text)}`;
}

function eventNameJson(name: unknown): string {
  const isNamed = typeof name === 'string' && name !== '';
  return isNamed ? `,"event_name":${JSON.stringify(shortText(name))}` : '';
}

const TRACE_ID = /^(?!0{32})[0-9a-f]{32}$/i;
const SPAN_ID = /^(?!0{16})[0-9a-f]{16}$/i;

/** A receiver takes an invalid id for none. Source: logs.proto, `LogRecord.trace_id`. */
function traceJson({ traceId, spanId }: OtlpLogRecord): string {
  let json = '';
  if (typeof traceId === 'string' && TRACE_ID.test(traceId)) json = `,"trace_id":"${traceId.toLowerCase()}"`;
  if (typeof spanId === 'string' && SPAN_ID.test(spanId)) json += `,"span_id":"${spanId.toLowerCase()}"`;
  return json;
}

function rejection(code: RejectionCode, path: string): Rejection {
  return { code, message: REJECTION_CODES[code], path };
}

/** The type says where rejected records are kept. */
function refused(record: OtlpLogRecord, why: Rejection): RejectedValue {
  return { value: { event_type: TYPE, ...record }, rejection: why };
}
