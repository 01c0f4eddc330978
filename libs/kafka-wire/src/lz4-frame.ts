import { uncompressSync } from 'lz4-napi';

const MAGIC = 0x184d2204;
const FLAG = {
  independentBlocks: 0x20,
  blockChecksums: 0x10,
  contentSize: 0x08,
  contentChecksum: 0x04,
  dictionary: 0x01,
} as const;
const STORED = 0x80000000;
/** How far a block may refer back into those before it. */
const WINDOW_BYTES = 64 << 10;
const SIZE_BYTES = 4;

interface Lz4Frame {
  /** Never less than what comes out: a block has its largest size, and a compressed byte gives 255 at most. */
  readonly boundBytes: number;
  /** The blocks, at most 4 MiB each; the next is undone when it is asked for. */
  readonly blocks: () => Generator<Buffer>;
}

interface Block {
  readonly bytes: Buffer;
  readonly isStored: boolean;
  readonly mostBytes: number;
  readonly isLinked: boolean;
}

/**
 * Looks at an lz4 frame without undoing it, since the library can only undo a whole one.
 * Source: https://github.com/lz4/lz4/blob/dev/doc/lz4_Frame_format.md
 * @throws RangeError where it is none.
 */
export function lz4Frame(frame: Buffer): Lz4Frame {
  const blocks: Block[] = [];
  for (let at = 0; at < frame.length;) at = readFrame(frame, at, blocks);
  const boundBytes = blocks.reduce((sum, { mostBytes }) => sum + mostBytes, 0);
  return { boundBytes, blocks: () => inflated(blocks) };
}

/** @returns where the next frame begins. */
function readFrame(frame: Buffer, start: number, blocks: Block[]): number {
  if (frame.readUInt32LE(start) !== MAGIC) throw new RangeError('No lz4 frame');
  const flags = frame.readUInt8(start + 4);
  const largestBytes = 1 << (8 + 2 * ((frame.readUInt8(start + 5) >> 4) & 7));
  let at = start + 7 + (flags & FLAG.contentSize ? 8 : 0) + (flags & FLAG.dictionary ? 4 : 0);
  for (;;) {
    const size = frame.readUInt32LE(at);
    at += SIZE_BYTES;
    if (size === 0) return at + (flags & FLAG.contentChecksum ? 4 : 0);
    const isStored = size >= STORED;
    const length = isStored ? size - STORED : size;
    if (at + length > frame.length) throw new RangeError('An lz4 frame without its end');
    const mostBytes = isStored ? length : Math.min(largestBytes, length * 255);
    const isLinked = (flags & FLAG.independentBlocks) === 0;
    blocks.push({ bytes: frame.subarray(at, at + length), isStored, mostBytes, isLinked });
    at += length + (flags & FLAG.blockChecksums ? 4 : 0);
  }
}

function* inflated(blocks: readonly Block[]): Generator<Buffer> {
  let window = Buffer.alloc(0);
  for (const { bytes, isStored, mostBytes, isLinked } of blocks) {
    const piece = isStored ? bytes : inflateBlock(bytes, mostBytes, isLinked ? window : undefined);
    if (isLinked) window = Buffer.concat([window, piece.subarray(-WINDOW_BYTES)]).subarray(-WINDOW_BYTES);
    yield piece;
  }
}

/** The library reads the size of what comes out before the block, and takes a greater one as well. */
function inflateBlock(block: Buffer, mostBytes: number, window: Buffer | undefined): Buffer {
  const sized = Buffer.allocUnsafe(SIZE_BYTES + block.length);
  sized.writeUInt32LE(mostBytes);
  block.copy(sized, SIZE_BYTES);
  return window?.length ? uncompressSync(sized, window) : uncompressSync(sized);
}
