import { randomFillSync } from 'node:crypto';

const TRACEPARENT = /^00-(?!0{32})[0-9a-f]{32}-(?!0{16})[0-9a-f]{16}-[0-9a-f]{2}$/;
const TRACE_ID = { start: 3, end: 35 } as const;
const SPAN_ID = { start: 36, end: 52 } as const;
const FLAGS_AT = 53;
const SAMPLED = 1;
const ID_BYTES = 24;

/** Random bytes are drawn in blocks: one call to the generator per request would cost more than the rest of this. */
const pool = Buffer.alloc(170 * ID_BYTES);
let used = pool.length;

/** Whether it names a span. Source: W3C Trace Context, level 1. */
export function isTraceparent(text: unknown): text is string {
  return typeof text === 'string' && TRACEPARENT.test(text);
}

/** A trace that nobody has recorded anything of: not sampled. */
export function newTraceparent(): string {
  if (used === pool.length) {
    randomFillSync(pool);
    used = 0;
  }
  const ids = pool.toString('hex', used, used + ID_BYTES);
  used += ID_BYTES;
  return `00-${ids.slice(0, 32)}-${ids.slice(32)}-00`;
}

/** Parts of a valid `traceparent`. */
export function traceIdOf(traceparent: string): string {
  return traceparent.slice(TRACE_ID.start, TRACE_ID.end);
}

export function spanIdOf(traceparent: string): string {
  return traceparent.slice(SPAN_ID.start, SPAN_ID.end);
}

/** Whether whoever made it records its trace. */
export function isSampled(traceparent: string): boolean {
  return (parseInt(traceparent.slice(FLAGS_AT), 16) & SAMPLED) === SAMPLED;
}

/** What a log line about a span says of it, by the names of OpenTelemetry's log data model. */
export function traceFields(traceparent: string): { readonly trace_id: string; readonly span_id: string } {
  return { trace_id: traceIdOf(traceparent), span_id: spanIdOf(traceparent) };
}
