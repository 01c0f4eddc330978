import { browserStorage } from './browser-storage.ts';
import { pageContext } from './page-context.ts';
import { exclusively } from './tab-lock.ts';
import { type TagHost, type TagResponse } from './tag-host.ts';
import { uuidV7 } from './uuid-v7.ts';

const SEND_TIMEOUT_MS = 10_000;

/** The real browser; events go to `<collectorUrl>/v1/events` as text, which needs no preflight. */
export function browserHost(collectorUrl: string): TagHost {
  const endpoint = `${collectorUrl}/v1/events`;
  const storage = browserStorage(() => localStorage);
  const now = (): number => Date.now();
  const uuid = (): string => uuidV7(now(), crypto.getRandomValues(new Uint8Array(16)));
  return {
    storage,
    now,
    uuid,
    random: () => Math.random(),
    context: () => pageContext(storage, uuid),
    send: (body) => send(endpoint, body),
    // Absent in browsers whose settings switch it off.
    beacon: (body) => (navigator as Partial<Navigator>).sendBeacon?.(endpoint, body) ?? false,
    exclusively: (work) => exclusively(storage, work),
    later: (run, delayMs) => void setTimeout(run, delayMs),
    // No unload handlers: they would keep the page out of the back-forward cache.
    onLeave(run) {
      document.addEventListener('visibilitychange', () => document.hidden && run());
      addEventListener('pagehide', run);
    },
    onReturn(run) {
      addEventListener('online', () => run('online'));
      addEventListener('pageshow', () => run('visible'));
      document.addEventListener('visibilitychange', () => document.hidden || run('visible'));
    },
  };
}

async function send(endpoint: string, body: string): Promise<TagResponse> {
  // Not `AbortSignal.timeout`, which Safari has since version 16 only.
  const deadline = new AbortController();
  const timer = setTimeout(() => deadline.abort(), SEND_TIMEOUT_MS);
  const { signal } = deadline;
  try {
    const request = { method: 'POST', body, keepalive: true, credentials: 'omit', signal } as const;
    const response = await fetch(endpoint, request);
    return {
      status: response.status,
      retryAfterMs: milliseconds(response.headers.get('retry-after')),
      body: await response.json().catch(() => undefined),
    };
  } finally {
    clearTimeout(timer);
  }
}

function milliseconds(retryAfter: string | null): number | undefined {
  if (!retryAfter) return undefined;
  const ms = /^\d+$/.test(retryAfter) ? Number(retryAfter) * 1_000 : Date.parse(retryAfter) - Date.now();
  return Number.isNaN(ms) ? undefined : Math.min(Math.max(0, ms), 600_000);
}
