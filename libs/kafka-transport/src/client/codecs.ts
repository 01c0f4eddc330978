import { createRequire } from 'node:module';
import { promisify } from 'node:util';
import { gzip, zstdCompress } from 'node:zlib';
import kafkajs from 'kafkajs';
import { compressFrame } from 'lz4-napi';
import { CODEC, inflateAtMost } from './inflate.ts';

/** The codecs a topic may carry, by the name that settings use. */
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

/**
 * The most that kafkajs may inflate at once. It gets to inflate nothing but what is older than record batches: all
 * others are read by `consume/`, piece by piece.
 */
const KAFKAJS_MOST_BYTES = 16 << 20;

// kafkajs-snappy ships no types; it writes what the Java client reads.
const snappyCodec = (createRequire(import.meta.url)('kafkajs-snappy') as () => Codec)();
const [gzipped, zstandard] = [promisify(gzip), promisify(zstdCompress)];

const COMPRESSORS: Readonly<Record<Exclude<Compression, 'none'>, (records: Buffer) => Promise<Buffer>>> = {
  gzip: (records) => gzipped(records),
  snappy: (buffer) => snappyCodec.compress({ buffer }),
  lz4: (records) => compressFrame(records),
  zstd: (records) => zstandard(records),
};

/**
 * Registers all codecs with kafkajs. A consumer needs them all, whatever our own producers use: a record batch in an
 * unknown codec ends a kafkajs consumer for good. Its own gzip would inflate without a limit.
 */
export function registerCodecs(): void {
  const { CompressionCodecs } = kafkajs;
  for (const name of COMPRESSIONS) {
    if (name === 'none') continue;
    const codec: Codec = {
      compress: ({ buffer }) => COMPRESSORS[name](buffer),
      decompress: (buffer) => inflateAtMost(CODEC[name], buffer, KAFKAJS_MOST_BYTES),
    };
    CompressionCodecs[CODEC[name]] = (): Codec => codec;
  }
}

/** The number of a codec in the attributes of a record batch. */
export function compressionType(name: Compression): number {
  return name === 'none' ? 0 : CODEC[name];
}

/** Compresses the records of a batch; nothing where the name is `none`. */
export function compressor(name: Compression): ((records: Buffer) => Promise<Buffer>) | undefined {
  return name === 'none' ? undefined : COMPRESSORS[name];
}
