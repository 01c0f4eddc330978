import { type Rejection } from '@pipeline/event-schema/contract';
import { type JsonLimits } from '@pipeline/intake';
import { type FastifyReply } from 'fastify';
import protobuf from 'protobufjs/minimal.js';

export const PROTOBUF_TYPE = 'application/x-protobuf';
const JSON_TYPE = 'application/json';

/** A batch of an agent nests deeper than events do and holds more; its objects are small. */
export const LOG_JSON_LIMITS: JsonLimits = {
  depth: 160,
  values: 500_000,
  names: 500_000,
  namesOfObject: 256,
};

/** A `Content-Type` without its parameters, in small letters. */
export function mediaTypeOf(contentType = ''): string {
  const end = contentType.indexOf(';');
  return (end < 0 ? contentType : contentType.slice(0, end)).trim().toLowerCase();
}

/** The answer is in the encoding of the request. Source: OTLP 1.7, OTLP/HTTP Response. */
export function isProtobuf(reply: FastifyReply): boolean {
  return mediaTypeOf(reply.request.headers['content-type']) === PROTOBUF_TYPE;
}

/** `ExportLogsServiceResponse`: everything that is not told to be rejected is durable. */
export function sendAccepted(reply: FastifyReply, rejections: readonly Rejection[]): void {
  const message = messageOf(rejections);
  reply.code(200);
  if (!isProtobuf(reply)) {
    const partial = { rejectedLogRecords: String(rejections.length), errorMessage: message };
    const body = rejections.length === 0 ? '{}' : JSON.stringify({ partialSuccess: partial });
    void reply.header('content-type', JSON_TYPE).send(body);
    return;
  }
  const writer = protobuf.Writer.create();
  if (rejections.length > 0) {
    writer.uint32(tag(1)).fork();
    writer.uint32(varintTag(1)).int64(rejections.length).uint32(tag(2)).string(message).ldelim();
  }
  sendProtobuf(reply, writer);
}

/** `google.rpc.Status`: nothing of the request is claimed. */
export function sendStatus(reply: FastifyReply, httpStatus: number, message: string): void {
  const code = CODES[httpStatus] ?? UNKNOWN;
  reply.code(httpStatus);
  if (!isProtobuf(reply)) {
    void reply.header('content-type', JSON_TYPE).send(JSON.stringify({ code, message }));
    return;
  }
  const writer = protobuf.Writer.create();
  writer.uint32(varintTag(1)).int32(code).uint32(tag(2)).string(message);
  sendProtobuf(reply, writer);
}

const UNKNOWN = 2;

/** Codes of gRPC by status of HTTP. Source: google/rpc/code.proto. */
const CODES: Readonly<Record<number, number>> = {
  400: 3,
  401: 16,
  403: 7,
  404: 5,
  405: 12,
  408: 4,
  413: 8,
  414: 3,
  415: 3,
  429: 8,
  500: 13,
  503: 14,
};

function sendProtobuf(reply: FastifyReply, writer: protobuf.Writer): void {
  const bytes = writer.finish();
  void reply
    .header('content-type', PROTOBUF_TYPE)
    .send(Buffer.from(bytes.buffer, bytes.byteOffset, bytes.length));
}

/** Of a field that holds a length and bytes. */
function tag(field: number): number {
  return (field << 3) | 2;
}

function varintTag(field: number): number {
  return field << 3;
}

const MOST_REASONS = 5;

/** Each reason once, with how many records it concerns, those of most records first. */
function messageOf(rejections: readonly Rejection[]): string {
  const counts = new Map<string, number>();
  for (const { code, message, path } of rejections) {
    const reason = `${path === '' ? '' : `${path}: `}${message} (${code})`;
    counts.set(reason, (counts.get(reason) ?? 0) + 1);
  }
  const reasons = [...counts].sort(([, a], [, b]) => b - a);
  const told = reasons.slice(0, MOST_REASONS).map(([reason, count]) => `${count}: ${reason}`);
  return reasons.length > MOST_REASONS ? `${told.join('; ')}; and others` : told.join('; ');
}
