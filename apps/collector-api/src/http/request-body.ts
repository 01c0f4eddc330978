import { type IncomingMessage } from 'node:http';
import { brotliDecompress, gunzip, inflate } from 'node:zlib';
import { Refusal } from '../accept/refusal.ts';

type Done = (error: Error | null, body: Buffer) => void;
type Decode = (encoded: Buffer, options: { maxOutputLength: number }, done: Done) => void;

const DECODERS: Readonly<Record<string, Decode>> = {
  gzip: gunzip,
  'x-gzip': gunzip,
  deflate: inflate,
  br: brotliDecompress,
};

/** A client that goes on sending after its refusal is cut off after this many times the limit. */
const MAX_DRAINED_BODIES = 4;

/**
 * Reads a request's body, at most `limit` bytes of it on the wire and decoded. The refusal comes as soon as the limit
 * is known to be passed: by Content-Length, while the body streams in, or while it is decoded.
 */
export function readBody(
  request: IncomingMessage,
  limit: number,
  done: (result: Buffer | Refusal) => void,
): void {
  const encoding = request.headers['content-encoding']?.trim().toLowerCase() ?? 'identity';
  const decode = Object.hasOwn(DECODERS, encoding) ? DECODERS[encoding] : undefined;
  if (decode === undefined && encoding !== 'identity')
    return refuse(request, limit, 'unsupported-encoding', done);
  if (Number(request.headers['content-length']) > limit)
    return refuse(request, limit, 'body-too-large', done);
  collect(request, limit, (result) => {
    if (decode === undefined || result instanceof Refusal) return done(result);
    decode(result, { maxOutputLength: limit }, (error, body) =>
      done(error === null ? body : notDecoded(error)),
    );
  });
}

function collect(request: IncomingMessage, limit: number, done: (result: Buffer | Refusal) => void): void {
  const chunks: Buffer[] = [];
  let length = 0;
  const onData = (chunk: Buffer): void => {
    length += chunk.length;
    chunks.push(chunk);
    if (length <= limit) return;
    stop();
    refuse(request, limit, 'body-too-large', done);
  };
  const onEnd = (): void => {
    stop();
    done(chunks.length === 1 ? chunks[0]! : Buffer.concat(chunks, length));
  };
  const onError = (): void => {
    stop();
    done(new Refusal('malformed-request'));
  };
  const stop = (): void => {
    request.off('data', onData).off('end', onEnd).off('error', onError);
  };
  request.on('data', onData).on('end', onEnd).on('error', onError);
}

/** The answer can be read only by a client that may finish writing, so a bounded rest is let in and thrown away. */
function refuse(
  request: IncomingMessage,
  limit: number,
  code: 'body-too-large' | 'unsupported-encoding',
  done: (result: Refusal) => void,
): void {
  let drained = 0;
  request.on('error', () => request.destroy());
  request.on('data', (chunk: Buffer) => {
    drained += chunk.length;
    if (drained > MAX_DRAINED_BODIES * limit) request.destroy();
  });
  done(new Refusal(code));
}

function notDecoded(error: NodeJS.ErrnoException): Refusal {
  return new Refusal(error.code === 'ERR_BUFFER_TOO_LARGE' ? 'body-too-large' : 'malformed-encoding');
}
