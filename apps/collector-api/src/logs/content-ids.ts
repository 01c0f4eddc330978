import { hash } from 'node:crypto';

/**
 * Names log records by their content, so that a batch that is sent again brings the same events. Equal records of one request are
 * counted, so that each of them is an event; one object for each request.
 *
 * An id is a UUID of version 8 (RFC 9562 §5.8): 48 bits of the record's milliseconds, so that ids of one time lie together in an
 * index, and 74 bits of SHA-1, which only have to differ within a millisecond.
 */
export class ContentIds {
  private readonly counts = new Map<string, number>();

  /** @param ms of the record, 0 where it has no time. */
  next(ms: number, content: string): string {
    const digest = hash('sha1', content);
    const place = this.counts.get(digest) ?? 0;
    this.counts.set(digest, place + 1);
    return uuidOf(ms, place === 0 ? digest : hash('sha1', `${digest}#${place}`));
  }
}

const VARIANTS = '89ab';
let lastMs = Number.NaN;
let lastTime = '';

function uuidOf(ms: number, digest: string): string {
  if (ms !== lastMs) {
    const time = ms.toString(16).padStart(12, '0');
    lastTime = `${time.slice(0, 8)}-${time.slice(8)}-8`;
    lastMs = ms;
  }
  const variant = VARIANTS[digest.charCodeAt(3) & 3]!;
  return `${lastTime}${digest.slice(0, 3)}-${variant}${digest.slice(4, 7)}-${digest.slice(7, 19)}`;
}
