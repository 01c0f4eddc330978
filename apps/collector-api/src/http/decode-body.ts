import { brotliDecompress, constants, gunzip, inflate, type Zlib, zstdDecompress } from 'node:zlib';
import { type RequestRefusalCode } from './refusals.ts';

type Options = { readonly maxOutputLength: number; readonly info: true };
type Decoded = { readonly buffer: Buffer; readonly engine: Zlib };
type Done = (error: NodeJS.ErrnoException | null, decoded: Decoded) => void;

interface Decoder {
  /** Decodes the first frame of what it is given, and says how much of it that was. */
  readonly decode: (encoded: Buffer, options: Options, done: Done) => void;
  /** Most frames of one body; beyond them each would cost a call. */
  readonly maxFrames: number;
  /** Node itself reads the members of gzip, refuses rubbish behind them and passes over zeros. */
  readonly readsToEnd?: true;
}

/** 8 MiB, what RFC 8878 asks of a decoder; a frame that wants more memory is refused. */
const ZSTD_PARAMS = { [constants.ZSTD_d_windowLogMax]: 23 };

const GZIP: Decoder = { decode: gunzip as unknown as Decoder['decode'], maxFrames: 1, readsToEnd: true };

const DECODERS: Readonly<Record<string, Decoder>> = {
  gzip: GZIP,
  'x-gzip': GZIP,
  deflate: { decode: inflate as unknown as Decoder['decode'], maxFrames: 1 },
  br: { decode: brotliDecompress as unknown as Decoder['decode'], maxFrames: 1 },
  // RFC 8878: a body is any number of frames, skippable ones among them. The seekable format makes one of 4 KiB.
  zstd: {
    decode: (encoded, options, done) =>
      (zstdDecompress as unknown as Decoder['decode'])(
        encoded,
        { ...options, params: ZSTD_PARAMS } as Options,
        done,
      ),
    maxFrames: 256,
  },
};

/** @returns undefined for an encoding that the collector does not read. */
export function decoderOf(encoding: string): Decoder | undefined {
  return Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
}

/** Decodes a whole body: what is behind its last frame makes it malformed. */
export function decodeBody(
  encoded: Buffer,
  { decode, maxFrames, readsToEnd }: Decoder,
  maxBytes: number,
  done: (result: Buffer | RequestRefusalCode) => void,
): void {
  const parts: Buffer[] = [];
  let length = 0;
  let read = 0;
  const next = (): void => {
    const options = { maxOutputLength: Math.max(1, maxBytes - length), info: true } as const;
    decode(read === 0 ? encoded : encoded.subarray(read), options, (error, decoded) => {
      if (error) return done(error.code === 'ERR_BUFFER_TOO_LARGE' ? 'body-too-large' : 'malformed-encoding');
      const { bytesWritten } = decoded.engine;
      parts.push(decoded.buffer);
      length += decoded.buffer.length;
      read += bytesWritten;
      if (length > maxBytes) return done('body-too-large');
      if (readsToEnd || read === encoded.length)
        return done(parts.length === 1 ? parts[0]! : Buffer.concat(parts, length));
      if (bytesWritten === 0 || parts.length === maxFrames) return done('malformed-encoding');
      next();
    });
  };
  next();
}
