import { CODEC, COMPRESSIONS, compressor, inflateAtMost } from '@pipeline/kafka-wire';
import kafkajs from 'kafkajs';

interface Codec {
  compress(encoder: { readonly buffer: Buffer }): Promise<Buffer>;
  decompress(buffer: Buffer): Promise<Buffer>;
}

/**
 * The most that kafkajs may inflate at once. It gets to inflate nothing but what is older than record batches: all
 * others are read by kafka-wire, piece by piece.
 */
const KAFKAJS_MOST_BYTES = 16 << 20;

/**
 * Registers all codecs with kafkajs. A consumer needs them all, whatever our own producers use: a record batch in an
 * unknown codec ends a kafkajs consumer for good. Its own gzip would inflate without a limit.
 */
export function registerCodecs(): void {
  const { CompressionCodecs } = kafkajs;
  for (const name of COMPRESSIONS) {
    if (name === 'none') continue;
    const codec: Codec = {
      compress: ({ buffer }) => compressor(name)!(buffer),
      decompress: (buffer) => inflateAtMost(CODEC[name], buffer, KAFKAJS_MOST_BYTES),
    };
    CompressionCodecs[CODEC[name]] = (): Codec => codec;
  }
}
