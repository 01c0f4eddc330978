import { type IncomingMessage } from 'node:http';
import { brotliDecompress, constants, gunzip, inflate, type Zlib, zstdDecompress } from 'node:zlib';
import { exceedsJsonLimits, type JsonLimits } from '@pipeline/intake';
import { metricsIn } from '@pipeline/observability';
import { RequestRefusal, type RequestRefusalCode } from './refusals.ts';

/** A client that goes on sending after its refusal is cut off after this many times the limit. */
const MAX_DRAINED_BODIES = 4;

export const bodyMetrics = metricsIn(({ shown }) => ({
  openBytes: shown('collector_open_body_bytes', 'Bytes of request bodies that are coming in'),
}));

/** Bytes of all bodies that are on their way in. One slow client is bounded by its body's limit; this bounds them together. */
export class BodyBudget {
  private taken = 0;

  constructor(private readonly maxBytes: number) {}

  get openBytes(): number {
    return this.taken;
  }

  /** @returns false where it does not fit; then nothing is taken. */
  take(bytes: number): boolean {
    if (this.taken + bytes > this.maxBytes) return false;
    this.taken += bytes;
    return true;
  }

  release(bytes: number): void {
    this.taken -= bytes;
  }
}

export interface BodyLimits {
  /** Of one body, on the wire and decoded. */
  readonly maxBytes: number;
  /** Of all bodies together while they come in. */
  readonly budget: BodyBudget;
  /** Undefined for a body that is not JSON. */
  readonly json: JsonLimits | undefined;
}

/**
 * Reads a request's body, at most `maxBytes` of it on the wire and decoded. The refusal comes as soon as a limit is
 * known to be passed: while the body streams in, while it is decoded, or before its JSON is parsed. The gate looks at
 * Content-Length.
 */
export function readBody(
  request: IncomingMessage,
  limits: BodyLimits,
  done: (result: Buffer | RequestRefusal) => void,
): void {
  const refuse = (code: RequestRefusalCode): void => {
    drainBounded(request, limits.maxBytes);
    done(new RequestRefusal(code));
  };
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  const decoder = decoderOf(encoding);
  if (decoder === undefined && encoding !== 'identity') return refuse('unsupported-encoding');
  collect(request, limits, (result) => {
    if (typeof result === 'string') return refuse(result);
    if (decoder === undefined) return done(withinLimits(result, limits.json, false));
    decodeBody(result, decoder, limits.maxBytes, (decoded) =>
      done(
        typeof decoded === 'string' ? new RequestRefusal(decoded) : withinLimits(decoded, limits.json, true),
      ),
    );
  });
}

function collect(
  request: IncomingMessage,
  { maxBytes, budget }: BodyLimits,
  done: (result: Buffer | RequestRefusalCode) => void,
): void {
  const chunks: Buffer[] = [];
  let length = 0;
  const onData = (chunk: Buffer): void => {
    if (length + chunk.length > maxBytes) return stop('body-too-large');
    if (!budget.take(chunk.length)) return stop('queue-full');
    length += chunk.length;
    chunks.push(chunk);
  };
  const onEnd = (): void => stop(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length));
  const onError = (): void => stop('malformed-request');
  const stop = (result: Buffer | RequestRefusalCode): void => {
    request.off('data', onData).off('end', onEnd).off('error', onError);
    budget.release(length);
    done(result);
  };
  request.on('data', onData).on('end', onEnd).on('error', onError);
}

/** The answer can be read only by a client that may finish writing, so a bounded rest is let in and thrown away. */
export function drainBounded(request: IncomingMessage, maxBytes: number): void {
  let drained = 0;
  request.on('error', () => request.destroy());
  request.on('data', (chunk: Buffer) => {
    drained += chunk.length;
    if (drained > MAX_DRAINED_BODIES * maxBytes) request.destroy();
  });
}

function withinLimits(
  body: Buffer,
  limits: JsonLimits | undefined,
  wasCompressed: boolean,
): Buffer | RequestRefusal {
  if (limits === undefined) return body;
  const json = withoutMark(body);
  return exceedsJsonLimits(json, wasCompressed, limits) ? new RequestRefusal('json-too-complex') : json;
}

/** RFC 8259 lets a reader ignore the byte order mark that some clients put before JSON. */
function withoutMark(body: Buffer): Buffer {
  return body[0] === 0xef && body[1] === 0xbb && body[2] === 0xbf ? body.subarray(3) : body;
}

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
function decoderOf(encoding: string): Decoder | undefined {
  return Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
}

/** Decodes a whole body: what is behind its last frame makes it malformed. */
function decodeBody(
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
