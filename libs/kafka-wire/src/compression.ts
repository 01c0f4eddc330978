import { type Transform } from 'node:stream';
import { promisify } from 'node:util';
import { constants, createUnzip, createZstdDecompress, gzip, zstdCompress } from 'node:zlib';
import { compressFrame, decompressFrame } from 'lz4-napi';
import { lz4Frame } from './lz4-frame.ts';
import { snappyBlock, snappyBlocks } from './snappy-blocks.ts';

/** The codecs a topic may carry, by the name that settings use. */
export const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof COMPRESSIONS)[number];
export type Compress = (records: Buffer) => Promise<Buffer>;

/** The numbers that a record batch has for its compression. Source: Kafka's `CompressionType`. */
export const CODEC = { gzip: 1, snappy: 2, lz4: 3, zstd: 4 } as const;

const [gzipped, zstandard] = [promisify(gzip), promisify(zstdCompress)];

const COMPRESSORS: Readonly<Record<Exclude<Compression, 'none'>, Compress>> = {
  gzip: (records) => gzipped(records),
  snappy: (records) => Promise.resolve(snappyBlock(records)),
  lz4: (records) => compressFrame(records),
  zstd: (records) => zstandard(records),
};

/** The number of a codec in the attributes of a record batch. */
export function compressionType(name: Compression): number {
  return name === 'none' ? 0 : CODEC[name];
}

/** @returns what compresses the records of a batch; undefined if the name is `none`. */
export function compressor(name: Compression): Compress | undefined {
  return name === 'none' ? undefined : COMPRESSORS[name];
}

/** The bytes of a compressed batch, one bounded piece after the other; `return` gives up the rest of them. */
export type Pieces = AsyncIterator<Buffer, unknown>;

const SMALLEST_CHUNK_BYTES = 16 << 10;
const LARGEST_CHUNK_BYTES = 256 << 10;
/** 128 MiB, which level 22 of zstd uses and its library takes as a limit: one decoder touches no more. */
const ZSTD_WINDOW_LOG = 27;

/**
 * Undoes a compression piece by piece. A batch of a few kilobytes can inflate to gigabytes, so no caller may ask for all
 * of it; a piece is at most 256 KiB, a block of lz4 (4 MiB) or 22 times what snappy was given.
 * @param compressed is read until the pieces are; it must not change meanwhile.
 * @param wholeBytes what may come as one piece where that is known beforehand and cheaper.
 * @throws TypeError where the codec is unknown; the pieces reject where the bytes make no sense.
 */
export function inflate(codec: number, compressed: Buffer, wholeBytes: number): Pieces {
  switch (codec) {
    case CODEC.gzip:
      return piecesOf(createUnzip({ chunkSize: chunkBytes(compressed) }), compressed);
    case CODEC.zstd:
      return piecesOf(
        createZstdDecompress({
          chunkSize: chunkBytes(compressed),
          params: { [constants.ZSTD_d_windowLogMax]: ZSTD_WINDOW_LOG },
        }),
        compressed,
      );
    case CODEC.lz4: {
      const frame = lz4Frame(compressed);
      return frame.boundBytes <= wholeBytes ? onePiece(decompressFrame(compressed)) : lazily(frame.blocks());
    }
    case CODEC.snappy:
      return lazily(snappyBlocks(compressed));
    default:
      throw new TypeError(`A record batch in an unknown compression, ${codec}`);
  }
}

/** @throws RangeError where it is more than `mostBytes`; no more than that, and one piece, is in memory by then. */
export async function inflateAtMost(codec: number, compressed: Buffer, mostBytes: number): Promise<Buffer> {
  const pieces = inflate(codec, compressed, mostBytes);
  const all: Buffer[] = [];
  let bytes = 0;
  for (let next = await pieces.next(); !next.done; next = await pieces.next()) {
    all.push(next.value);
    bytes += next.value.length;
    if (bytes <= mostBytes) continue;
    await pieces.return?.();
    throw new RangeError(`${compressed.length} compressed bytes are more than ${mostBytes}`);
  }
  return all.length === 1 ? all[0]! : Buffer.concat(all);
}

function chunkBytes({ length }: Buffer): number {
  return Math.min(Math.max(SMALLEST_CHUNK_BYTES, length * 4), LARGEST_CHUNK_BYTES);
}

function piecesOf(decoder: Transform, compressed: Buffer): Pieces {
  decoder.end(compressed);
  return decoder[Symbol.asyncIterator]() as AsyncIterator<Buffer, unknown>;
}

async function* onePiece(piece: Promise<Buffer>): AsyncGenerator<Buffer> {
  yield await piece;
}

async function* lazily(pieces: Iterable<Buffer>): AsyncGenerator<Buffer> {
  for (const piece of pieces) {
    // Blocks are undone on this thread: others have their turn between them.
    await new Promise(setImmediate);
    yield piece;
  }
}
