import { type KafkaMessage } from 'kafkajs';
import { varintSize } from '../publish/batch-writer.ts';
import { ABSENT, RecordPack } from './record-pack.ts';

/** Copies records as kafkajs decodes them. */
export function packMessages(messages: readonly KafkaMessage[]): RecordPack {
  const writer = new PackWriter(messages.reduce((sum, message) => sum + packedLength(message), 0));
  const startOffset = BigInt(messages[0]?.offset ?? 0);
  const pack = new RecordPack(writer.bytes, startOffset, messages.length);
  for (const { key, value, headers, offset, timestamp } of messages) {
    const keyStart = writer.at;
    writer.raw(key);
    const valueStart = writer.at;
    writer.raw(value);
    writer.headers(headers);
    pack.add({
      offsetDelta: Number(BigInt(offset) - startOffset),
      timestampMs: Number(timestamp),
      ...{ keyStart, valueStart },
      keyLength: key?.length ?? ABSENT,
      valueLength: value?.length ?? ABSENT,
    });
  }
  return pack;
}

type HeaderValue = Buffer | string | null | undefined;

class PackWriter {
  readonly bytes: Buffer;
  at = 0;

  constructor(length: number) {
    this.bytes = Buffer.allocUnsafeSlow(length);
  }

  raw(part: HeaderValue): void {
    if (typeof part === 'string') this.at += this.bytes.write(part, this.at);
    else this.at += part?.copy(this.bytes, this.at) ?? 0;
  }

  headers(headers: KafkaMessage['headers']): void {
    const entries = entriesOf(headers);
    this.varint(entries.length);
    for (const [name, value] of entries) {
      this.varint(Buffer.byteLength(name));
      this.raw(name);
      this.varint(lengthOf(value));
      this.raw(value);
    }
  }

  private varint(value: number): void {
    let rest = ((value << 1) ^ (value >> 31)) >>> 0;
    for (; rest > 0x7f; rest >>>= 7) this.bytes[this.at++] = (rest & 0x7f) | 0x80;
    this.bytes[this.at++] = rest;
  }
}

function packedLength({ key, value, headers }: KafkaMessage): number {
  const entries = entriesOf(headers);
  let length = (key?.length ?? 0) + (value?.length ?? 0) + varintSize(entries.length);
  for (const [name, header] of entries)
    length += partLength(Buffer.byteLength(name)) + partLength(lengthOf(header));
  return length;
}

function partLength(length: number): number {
  return varintSize(length) + Math.max(0, length);
}

function entriesOf(headers: KafkaMessage['headers']): (readonly [string, HeaderValue])[] {
  return Object.entries(headers ?? {}).flatMap(([name, header]) =>
    [header].flat().map((value) => [name, value] as const),
  );
}

function lengthOf(value: HeaderValue): number {
  return value === null || value === undefined ? ABSENT : Buffer.byteLength(value);
}
