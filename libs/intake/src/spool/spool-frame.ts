import { crc32 } from 'node:zlib';

/**
 * A frame, numbers big-endian:
 *
 * | bytes | what                                        |
 * | ----- | ------------------------------------------- |
 * | 4     | length of the payload                       |
 * | 4     | CRC-32 of everything behind it              |
 * | 1     | kind: 1 records, 2 sealed, 3 and 4 checkpoint |
 * | 8     | when it was written, milliseconds since 1970 |
 * | …     | payload                                     |
 */
export interface Frame {
  readonly kind: number;
  readonly writtenMs: number;
  readonly payload: Buffer;
  /** Position behind the frame. */
  readonly end: number;
}

const AT = { length: 0, crc: 4, kind: 8, time: 9, payload: 17 } as const;
export const FRAME_HEADER_BYTES = AT.payload;

export function encodeFrame(kind: number, writtenMs: number, payload: Buffer): Buffer {
  const frame = Buffer.allocUnsafe(AT.payload + payload.length);
  frame.writeUInt32BE(payload.length, AT.length);
  frame[AT.kind] = kind;
  frame.writeBigUInt64BE(BigInt(writtenMs), AT.time);
  payload.copy(frame, AT.payload);
  frame.writeUInt32BE(crc32(frame.subarray(AT.kind)), AT.crc);
  return frame;
}

/** The frame at this position; nothing where the bytes end early or do not match their checksum. */
export function readFrame(bytes: Buffer, at: number): Frame | undefined {
  if (at + AT.payload > bytes.length) return undefined;
  const end = at + AT.payload + bytes.readUInt32BE(at + AT.length);
  if (end > bytes.length) return undefined;
  if (crc32(bytes.subarray(at + AT.kind, end)) !== bytes.readUInt32BE(at + AT.crc)) return undefined;
  return {
    kind: bytes[at + AT.kind]!,
    writtenMs: Number(bytes.readBigUInt64BE(at + AT.time)),
    payload: bytes.subarray(at + AT.payload, end),
    end,
  };
}

/** The position behind the last whole frame. */
export function endOfFrames(bytes: Buffer, start: number): number {
  let at = start;
  for (let frame = readFrame(bytes, at); frame; frame = readFrame(bytes, at)) at = frame.end;
  return at;
}
