/**
 * The shape of OTLP logs as its JSON encoding spells it; the protobuf encoding is read into the same shape, with ids in hex and
 * 64-bit numbers as digits. Nothing is known of a value that came as JSON but what the reader has looked at.
 * Source: opentelemetry-proto 1.7, logs/v1/logs.proto and common/v1/common.proto.
 */
export interface OtlpLogRecord {
  timeUnixNano?: unknown;
  observedTimeUnixNano?: unknown;
  severityNumber?: unknown;
  severityText?: unknown;
  body?: unknown;
  attributes?: unknown;
  traceId?: unknown;
  spanId?: unknown;
  eventName?: unknown;
}

export interface OtlpKeyValue {
  key?: unknown;
  value?: unknown;
}

/** Exactly one of them is there; none where the value is empty. */
export interface OtlpAnyValue {
  stringValue?: unknown;
  boolValue?: unknown;
  intValue?: unknown;
  doubleValue?: unknown;
  bytesValue?: unknown;
  arrayValue?: unknown;
  kvlistValue?: unknown;
}

export interface OtlpScopeLogs {
  scope?: { name?: unknown; version?: unknown; attributes?: unknown };
  logRecords?: unknown;
}

export interface OtlpResourceLogs {
  resource?: { attributes?: unknown };
  scopeLogs?: unknown;
}

export interface OtlpLogsRequest {
  resourceLogs?: unknown;
}

/** Values nest no deeper than this; deeper ones are refused before a stack can run out. */
export const MAX_VALUE_DEPTH = 32;

/** The request is no OTLP message: sending it again does not help. */
export class OtlpError extends Error {}

/** More came than one request may hold: it is to be sent in parts. */
export class TooManyRecordsError extends Error {}
