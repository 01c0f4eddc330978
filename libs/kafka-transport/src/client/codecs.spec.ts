import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import { COMPRESSIONS, compressionType, registerCodecs } from './codecs.ts';

registerCodecs();

describe('codecs', () => {
  it.each(COMPRESSIONS.filter((name) => name !== 'none' && name !== 'gzip'))(
    'reads what it wrote with %s',
    async (name) => {
      const codecs = kafkajs.CompressionCodecs as unknown as Record<number, unknown>;
      const factory = codecs[compressionType(name)] as () => {
        compress(encoder: { buffer: Buffer }): Promise<Buffer>;
        decompress(buffer: Buffer): Promise<Buffer>;
      };
      const original = Buffer.from('{"color_name":"navy"}'.repeat(500));
      const compressed = await factory().compress({ buffer: original });
      expect(compressed.length).toBeLessThan(original.length / 2);
      expect(Buffer.from(await factory().decompress(compressed)).equals(original)).toBe(true);
    },
  );
});
