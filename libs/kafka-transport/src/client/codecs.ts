import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { zstdCompress, zstdDecompress } from 'node:zlib';
import kafkajs from 'kafkajs';
import { compressFrame, decompressFrame } from 'lz4-napi';

/** The codecs a topic may carry, by the name that settings use. gzip is built into kafkajs. */
export const COMPRESSIONS = ['none', 'gzip', 'snappy', 'lz4', 'zstd'] as const;
export type Compression = (typeof COMPRESSIONS)[number];

/** kafkajs's encoder: a growing buffer. */
interface Encoder {
  readonly buffer: Buffer;
}

interface Codec {
  compress(encoder: Encoder): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

// kafkajs-snappy ships no types; it reads and writes the framing of the Java client.
const snappyCodec = createRequire(import.meta.url)('kafkajs-snappy') as () => Codec;
const compressZstd = promisify(zstdCompress);
const decompressZstd = promisify(zstdDecompress);

/**
 * Registers snappy, lz4 and zstd with kafkajs. A consumer needs them all, whatever our own producers use: a record
 * batch in an unknown codec ends a kafkajs consumer for good.
 */
export function registerCodecs(): void {
  const { CompressionCodecs, CompressionTypes } = kafkajs;
  CompressionCodecs[CompressionTypes.Snappy] = snappyCodec;
  CompressionCodecs[CompressionTypes.LZ4] = (): Codec => ({
    compress: ({ buffer }) => compressFrame(buffer),
    decompress: (buffer) => decompressFrame(buffer),
  });
  CompressionCodecs[CompressionTypes.ZSTD] = (): Codec => ({
    compress: ({ buffer }) => compressZstd(buffer),
    decompress: (buffer) => decompressZstd(buffer),
  });
}

export function compressionType(name: Compression): number {
  const { CompressionTypes } = kafkajs;
  switch (name) {
    case 'none':
      return CompressionTypes.None;
    case 'gzip':
      return CompressionTypes.GZIP;
    case 'snappy':
      return CompressionTypes.Snappy;
    case 'lz4':
      return CompressionTypes.LZ4;
    case 'zstd':
      return CompressionTypes.ZSTD;
  }
}

/** Compresses the records of a batch; nothing where the name is `none`. `registerCodecs` must have run. */
export function compressor(name: Compression): ((records: Buffer) => Promise<Buffer>) | undefined {
  if (name === 'none') return undefined;
  const codecs = kafkajs.CompressionCodecs as unknown as Record<number, Codec | (() => Codec)>;
  const entry = codecs[compressionType(name)]!;
  const codec = typeof entry === 'function' ? entry() : entry;
  return (records) => codec.compress({ buffer: records });
}
