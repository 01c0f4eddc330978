/** One answer of `POST /v1/events`. */
export interface CollectorAnswer {
  readonly status: number;
  /** Seconds, as the header says; absent without one. */
  readonly retryAfter: string | null;
  /** From the request to the whole body. */
  readonly durationMs: number;
  readonly body: {
    readonly durability?: string;
    readonly results?: readonly {
      readonly event_id: string;
      readonly status: string;
      readonly code?: string;
      readonly message?: string;
    }[];
    readonly code?: string;
    readonly message?: string;
  };
}

/** Sends events to a collector in one request. */
export async function sendEvents(
  { url }: { readonly url: string },
  events: unknown,
): Promise<CollectorAnswer> {
  const startedAt = performance.now();
  const response = await fetch(`${url}/v1/events`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', 'user-agent': 'pipeline-e2e' },
    body: JSON.stringify(events),
  });
  const body = (await response.json()) as CollectorAnswer['body'];
  return {
    status: response.status,
    retryAfter: response.headers.get('retry-after'),
    durationMs: performance.now() - startedAt,
    body,
  };
}

/** Ids that an answer claims to be durable. */
export function acknowledgedIds({ status, body }: CollectorAnswer): string[] {
  if (status !== 202) return [];
  return (body.results ?? [])
    .filter((result) => result.status === 'accepted')
    .map(({ event_id }) => event_id);
}
