import { type IncomingMessage } from 'node:http';
import { brotliDecompress, constants, gunzip, inflate, zstdDecompress } from 'node:zlib';
import { exceedsJsonLimits } from '../accept/json-limits.ts';
import { Refusal, type RefusalCode } from '../accept/refusal.ts';
import { type BodyBudget } from './body-budget.ts';

type Done = (error: Error | null, body: Buffer) => void;
type Decode = (encoded: Buffer, options: { maxOutputLength: number }, done: Done) => void;

/** 8 MiB, what RFC 8878 asks of a decoder; a frame that wants more memory is refused. */
const ZSTD_PARAMS = { [constants.ZSTD_d_windowLogMax]: 23 };

const DECODERS: Readonly<Record<string, Decode>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: inflate,
  br: brotliDecompress,
  zstd: (encoded, options, done) => zstdDecompress(encoded, { ...options, params: ZSTD_PARAMS }, done),
};

/** A client that goes on sending after its refusal is cut off after this many times the limit. */
const MAX_DRAINED_BODIES = 4;

export interface BodyLimits {
  /** Of one body, on the wire and decoded. */
  readonly maxBytes: number;
  /** Of all bodies together while they come in. */
  readonly budget: BodyBudget;
}

/**
 * Reads a request's body, at most `maxBytes` of it on the wire and decoded. The refusal comes as soon as a limit is
 * known to be passed: while the body streams in, while it is decoded, or before its JSON is parsed. The gate looks at
 * Content-Length.
 */
export function readBody(
  request: IncomingMessage,
  limits: BodyLimits,
  done: (result: Buffer | Refusal) => void,
): void {
  const refuse = (code: RefusalCode): void => {
    drainBounded(request, limits.maxBytes);
    done(new Refusal(code));
  };
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  const decode = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
  if (decode === undefined && encoding !== 'identity') return refuse('unsupported-encoding');
  collect(request, limits, (result) => {
    if (typeof result === 'string') return refuse(result);
    if (decode === undefined) return done(withinJsonLimits(result, false));
    decode(result, { maxOutputLength: limits.maxBytes }, (error, body) =>
      done(error === null ? withinJsonLimits(body, true) : notDecoded(error)),
    );
  });
}

function collect(
  request: IncomingMessage,
  { maxBytes, budget }: BodyLimits,
  done: (result: Buffer | RefusalCode) => void,
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
  const stop = (result: Buffer | RefusalCode): void => {
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

function withinJsonLimits(body: Buffer, wasCompressed: boolean): Buffer | Refusal {
  return exceedsJsonLimits(body, wasCompressed) ? new Refusal('json-too-complex') : body;
}

function notDecoded(error: NodeJS.ErrnoException): Refusal {
  return new Refusal(error.code === 'ERR_BUFFER_TOO_LARGE' ? 'body-too-large' : 'malformed-encoding');
}
