import { isUtf8 } from 'node:buffer';
import { type INestApplication } from '@nestjs/common';
import { type FinishedEvent, Intake, IntakeRefusal, type Origin, type RejectedValue } from '@pipeline/intake';
import { type FastifyInstance } from 'fastify';
import { isObject, RoundedNumberError } from '../logs/any-value.ts';
import { logEvents } from '../logs/log-events.ts';
import { isProtobuf, sendAccepted } from '../logs/logs-answer.ts';
import { OtlpError, type OtlpLogsRequest, TooManyRecordsError } from '../logs/otlp.ts';
import { readProtobuf } from '../logs/otlp-protobuf.ts';
import { LOGS_URL } from './gate.ts';
import { HTTP_OPTIONS, type HttpOptions, logsBodyLimit } from './http-options.ts';
import { OriginReader } from './origin-reader.ts';
import { RequestRefusal } from './refusals.ts';

const EMPTY = Buffer.alloc(0);

/**
 * `POST /v1/logs`: OTLP/HTTP 1.x, JSON and protobuf. 200 once every record that is not told to be rejected is durable; a route of
 * Fastify for the reason that `serveEvents` gives.
 */
export function serveLogs(app: INestApplication): void {
  const intake = app.get(Intake);
  const origins = app.get(OriginReader);
  const maxSharedCharacters = 2 * logsBodyLimit(app.get<HttpOptions>(HTTP_OPTIONS));
  const fastify = app.getHttpAdapter().getInstance() as FastifyInstance;
  fastify.post(LOGS_URL, async (request, reply) => {
    const body = Buffer.isBuffer(request.body) ? request.body : EMPTY;
    const events = readLogs(body, isProtobuf(reply), maxSharedCharacters);
    const origin = origins.readAgent(request);
    sendAccepted(reply, events.length === 0 ? [] : await accept(events, body.length, origin));
  });

  /** That none of them is taken is an answer, too: a request that is refused would be sent again, or lost whole. */
  async function accept(events: ReturnType<typeof readLogs>, bytes: number, origin: Origin) {
    try {
      return (await intake.acceptFinished(events, bytes, origin)).rejections;
    } catch (error) {
      if (error instanceof IntakeRefusal && error.code === 'all-events-rejected') return error.rejections;
      throw error;
    }
  }
}

/**
 * The records in the body of a request, as events.
 * @throws RequestRefusal
 */
function readLogs(
  body: Buffer,
  isProtobuf: boolean,
  maxSharedCharacters: number,
): (FinishedEvent | RejectedValue)[] {
  try {
    if (isProtobuf) return logEvents(readProtobuf(body), maxSharedCharacters);
    if (!isUtf8(body)) throw new RequestRefusal('not-utf8');
    return readJson(body.toString(), maxSharedCharacters);
  } catch (error) {
    if (error instanceof OtlpError) throw new RequestRefusal('malformed-otlp');
    if (error instanceof TooManyRecordsError) throw new RequestRefusal('too-many-records');
    throw error;
  }
}

function readJson(text: string, maxSharedCharacters: number): (FinishedEvent | RejectedValue)[] {
  try {
    return logEvents(parse(text), maxSharedCharacters);
  } catch (error) {
    if (!(error instanceof RoundedNumberError)) throw error;
    return logEvents(parse(text.replaceAll(LONG_NUMBER, '$1"$2"')), maxSharedCharacters);
  }
}

/**
 * A number of 64 bits that is not written as a text, as OTLP wants it: behind a name, and no text in JSON can hold an unescaped
 * quote, so this is never within one.
 */
const LONG_NUMBER = /("(?:timeUnixNano|observedTimeUnixNano|intValue)"\s*:\s*)(-?\d{16,20})(?![\d.eE])/g;

function parse(text: string): OtlpLogsRequest {
  let parsed: unknown;
  try {
    parsed = JSON.parse(text);
  } catch {
    throw new RequestRefusal('malformed-json');
  }
  if (!isObject(parsed)) throw new OtlpError('The body is no message');
  return parsed;
}
