import { type IncomingMessage } from 'node:http';
import { exceedsJsonLimits, type JsonLimits } from '@pipeline/intake';
import { metricsIn } from '@pipeline/observability';
import { decodeBody, decoderOf } from './decode-body.ts';
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
