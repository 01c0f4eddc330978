import { isUtf8 } from 'node:buffer';
import { type FinishedEvent, type RejectedValue } from '@pipeline/intake';
import { RequestRefusal } from '../http/refusals.ts';
import { isObject, RoundedNumberError } from './any-value.ts';
import { logEvents } from './log-events.ts';
import { OtlpError, type OtlpLogsRequest, TooManyRecordsError } from './otlp.ts';
import { readProtobuf } from './otlp-protobuf.ts';

/**
 * The records in the body of a request, as events.
 * @throws RequestRefusal
 */
export function readLogs(
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
