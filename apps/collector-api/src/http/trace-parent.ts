import { randomFillSync } from 'node:crypto';

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const ID_BYTES = 24;

/** Random bytes are drawn in blocks: one call to the generator per request would cost more than the rest of this. */
const pool = Buffer.alloc(170 * ID_BYTES);
let used = pool.length;

/** The client's trace context where it sent a valid one, else a new one, sampled. Source: W3C Trace Context, level 1. */
export function traceparentOf(header: string | string[] | undefined): string {
  if (typeof header === 'string' && TRACEPARENT.test(header)) return header;
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const ids = pool.toString('hex', used, used + ID_BYTES);
  used += ID_BYTES;
  return `00-${ids.slice(0, 32)}-${ids.slice(32)}-01`;
}
