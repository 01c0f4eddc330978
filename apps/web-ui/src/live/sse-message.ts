/** The bytes of one server-sent event; `payload` becomes one line of JSON. */
export function sseMessage(event: string, payload: unknown, id?: string): Buffer {
  const idLine = id === undefined ? '' : `id: ${id}\n`;
  return Buffer.from(`${idLine}event: ${event}\ndata: ${JSON.stringify(payload)}\n\n`);
}

/** A comment: keeps proxies from closing a silent connection. */
export const SSE_HEARTBEAT = Buffer.from(': heartbeat\n\n');

/** How long a browser waits before it connects again. */
export function sseRetry(ms: number): Buffer {
  return Buffer.from(`retry: ${ms}\n\n`);
}
