import { pbkdf2Sync, randomBytes } from 'node:crypto';
import { type ConnectionPool, sendParts, TransportError } from '@pipeline/kafka-driver';
import { WireWriter } from '@pipeline/kafka-wire';

/** The last version without tagged fields. Source: `AlterClientQuotasRequest`. */
const ALTER_QUOTAS = { apiKey: 49, apiVersion: 0, apiName: 'AlterClientQuotas' };
/** Source: `AlterUserScramCredentialsRequest`, which has tagged fields in every version. */
const ALTER_SCRAM = { apiKey: 51, apiVersion: 0, apiName: 'AlterUserScramCredentials' };

const SCRAM_SHA_512 = 2;
const ITERATIONS = 4_096;
const HASH_BYTES = 64;
const NO_TAGS = Buffer.of(0);

/** Requests that kafkajs does not know. @throws TransportError (as rejection) `broker-unavailable` with what the broker said. */
export async function setProducerQuota(
  broker: ConnectionPool,
  clientId: string,
  bytesPerSecond: number | undefined,
): Promise<void> {
  const value = Buffer.alloc(8);
  value.writeDoubleBE(bytesPerSecond ?? 0);
  const body = [
    // one entry, of one entity, with one operation
    ...[int32(1), int32(1), text('client-id'), text(clientId)],
    ...[int32(1), text('producer_byte_rate'), value, Buffer.of(bytesPerSecond === undefined ? 1 : 0)],
    // not only validated
    Buffer.of(0),
  ];
  // throttle_time_ms and the number of entries stand before the first one's error code
  const read = (answer: Buffer) => ({ result: answer.readInt16BE(8), throttleMs: 0 });
  assertDone(ALTER_QUOTAS.apiName, await sendParts(broker, { ...ALTER_QUOTAS, body }, read));
}

/** The same for a password. A login that is under way or done is not touched. */
export async function setScramPassword(
  broker: ConnectionPool,
  user: string,
  password: string | undefined,
): Promise<void> {
  const name = [compactText(user), Buffer.of(SCRAM_SHA_512)];
  const none = compactLength(0);
  const one = compactLength(1);
  const changes =
    password === undefined
      ? [one, ...name, NO_TAGS, none]
      : [none, one, ...name, ...saltedPassword(password), NO_TAGS];
  // The header's tags come first, then the body with its own.
  const body = [NO_TAGS, ...changes, NO_TAGS];
  const read = (answer: Buffer) => {
    // tags, throttle_time_ms, number of results, the user's name
    const at = 1 + 4 + 1;
    return { result: answer.readInt16BE(at + answer.readUInt8(at)), throttleMs: 0 };
  };
  assertDone(ALTER_SCRAM.apiName, await sendParts(broker, { ...ALTER_SCRAM, body }, read));
}

function saltedPassword(password: string): Buffer[] {
  const salt = randomBytes(24);
  const salted = pbkdf2Sync(password, salt, ITERATIONS, HASH_BYTES, 'sha512');
  return [int32(ITERATIONS), compactLength(salt.length), salt, compactLength(salted.length), salted];
}

function assertDone(apiName: string, errorCode: number): void {
  if (errorCode !== 0) throw new TransportError('broker-unavailable', `${apiName}: error ${errorCode}`);
}

function int32(value: number): Buffer {
  return written((writer) => writer.int32(value));
}

function text(value: string): Buffer {
  return written((writer) => writer.string(value));
}

function written(write: (writer: WireWriter) => void): Buffer {
  const writer = new WireWriter(64);
  write(writer);
  return writer.view();
}

function compactText(value: string): Buffer {
  return Buffer.concat([compactLength(Buffer.byteLength(value)), Buffer.from(value)]);
}

/** One more than the length, below 127. */
function compactLength(length: number): Buffer {
  return Buffer.of(length + 1);
}
