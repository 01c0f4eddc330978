import { describe, expect, it } from '@jest/globals';
import kafkajs from 'kafkajs';
import {
  CODEC,
  COMPRESSIONS,
  compressionType,
  compressor,
  inflate,
  inflateAtMost,
} from '@pipeline/kafka-wire';
import { install } from '../kafkajs/install.ts';

install();
const COMPRESSED = COMPRESSIONS.filter((name) => name !== 'none');

describe('codecs', () => {
  it.each(COMPRESSED)('reads what it wrote with %s', async (name) => {
    const codecs = kafkajs.CompressionCodecs as unknown as Record<number, unknown>;
    const factory = codecs[compressionType(name)] as () => {
      compress(encoder: { buffer: Buffer }): Promise<Buffer>;
      decompress(buffer: Buffer): Promise<Buffer>;
    };
    const original = Buffer.from('{"color_name":"navy"}'.repeat(500));
    const compressed = await factory().compress({ buffer: original });
    expect(compressed.length).toBeLessThan(original.length / 2);
    expect(Buffer.from(await factory().decompress(compressed)).equals(original)).toBe(true);
  });

  it.each(COMPRESSED.filter((name) => name !== 'snappy'))(
    'gives kafkajs an error instead of what %s makes hundreds of megabytes of',
    async (name) => {
      const compressed = await compressor(name)!(Buffer.alloc(18 << 20, 'a'));
      await expect(inflateAtMost(CODEC[name], compressed, 16 << 20)).rejects.toThrow(RangeError);
    },
  );

  it('takes no memory for what a snappy block only claims to hold', async () => {
    const claim = Buffer.from([0xff, 0xff, 0xff, 0xff, 0x0f, 0, 97]);
    await expect(inflateAtMost(CODEC.snappy, claim, 2 ** 33)).rejects.toThrow('claims to hold');
  });

  it('reads the framing of the Java client', async () => {
    const block = await compressor('snappy')!(Buffer.from('navy'));
    const size = Buffer.alloc(4);
    size.writeUInt32BE(block.length);
    const header = Buffer.from('\x82SNAPPY\0\0\0\0\x01\0\0\0\x01', 'latin1');
    const framed = Buffer.concat([header, size, block, size, block]);
    expect(String(await inflateAtMost(CODEC.snappy, framed, 100))).toBe('navynavy');
  });

  it('reads lz4 blocks that refer to those before them, as Python writes them', async () => {
    const stored = [0x08, 0, 0, 0x80, ...Buffer.from('navynavy')];
    // Twenty bytes from four before, then five of its own.
    const linked = [0x0a, 0, 0, 0, 0x0f, 4, 0, 1, 0x50, ...Buffer.from('blue!')];
    const frame = Buffer.from([0x04, 0x22, 0x4d, 0x18, 0x40, 0x40, 0xc0, ...stored, ...linked, 0, 0, 0, 0]);
    const pieces: string[] = [];
    const inflation = inflate(CODEC.lz4, frame, 0);
    for (let next = await inflation.next(); !next.done; next = await inflation.next())
      pieces.push(String(next.value));
    expect(pieces).toEqual(['navynavy', 'navy'.repeat(5) + 'blue!']);
  });
});
