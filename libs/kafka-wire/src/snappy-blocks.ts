import { createRequire } from 'node:module';

/** snappyjs ships no types. */
const { compress, uncompress } = createRequire(import.meta.url)('snappyjs') as {
  readonly compress: (bytes: Buffer) => Buffer;
  readonly uncompress: (block: Buffer) => Buffer;
};

/** The framing of the Java client: a header of 16 bytes, then blocks with their sizes. */
const XERIAL = Buffer.from([0x82, 0x53, 0x4e, 0x41, 0x50, 0x50, 0x59, 0]);
const XERIAL_HEADER_BYTES = 16;
const SIZE_BYTES = 4;
/** Three bytes of a copy stand for 64 at most. Source: snappy's `format_description.txt`. */
const MOST_RATIO = 22;

/** One block without framing, which every client reads. */
export function snappyBlock(bytes: Buffer): Buffer {
  return compress(bytes);
}

/**
 * The blocks of what snappy has compressed, framed or not; the next is undone when it is asked for.
 * @throws RangeError where a block claims more than it can hold.
 */
export function* snappyBlocks(compressed: Buffer): Generator<Buffer> {
  if (!compressed.subarray(0, XERIAL.length).equals(XERIAL)) {
    yield inflateBlock(compressed);
    return;
  }
  for (let at = XERIAL_HEADER_BYTES; at + SIZE_BYTES <= compressed.length;) {
    const start = at + SIZE_BYTES;
    at = start + compressed.readUInt32BE(at);
    yield inflateBlock(compressed.subarray(start, at));
  }
}

function inflateBlock(block: Buffer): Buffer {
  const claimed = claimedBytes(block);
  // Memory for it is taken before the first byte is looked at.
  if (claimed > block.length * MOST_RATIO) {
    throw new RangeError(`A snappy block of ${block.length} bytes claims to hold ${claimed}`);
  }
  return uncompress(block);
}

function claimedBytes(block: Buffer): number {
  let bytes = 0;
  for (let index = 0; index < 5; index++) {
    const byte = block[index] ?? 0;
    bytes += (byte & 0x7f) * 2 ** (7 * index);
    if (byte < 0x80) break;
  }
  return bytes;
}
