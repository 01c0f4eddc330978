import { type TagResponse } from './tag-host.ts';

const STATUSES = ['accepted', 'duplicate', 'rejected'] as const;

/** What became of one event. */
export interface EventResult {
  readonly id: string;
  readonly status: (typeof STATUSES)[number];
  readonly code: string | undefined;
}

/** What a response means for the batch: settled events leave the queue, the rest is sent again. */
export type DeliveryOutcome =
  | { readonly kind: 'settled'; readonly results: readonly EventResult[] }
  /** The batch as it is can never be taken. */
  | { readonly kind: 'unacceptable' }
  | { readonly kind: 'later'; readonly retryAfterMs: number | undefined };

const UNACCEPTABLE = [400, 413, 415, 422];

/** Reads the collector's answer to `ids`, in the order in which they were sent. Pure. */
export function deliveryOutcome(
  { status, body, retryAfterMs }: TagResponse,
  ids: readonly string[],
): DeliveryOutcome {
  const answered = (body as { results?: unknown } | undefined | null)?.results;
  if (Array.isArray(answered)) {
    const results = ids.flatMap((id, index) => resultOf(id, answered[index]));
    if (results.length > 0) return { kind: 'settled', results };
  } else if (UNACCEPTABLE.includes(status)) return { kind: 'unacceptable' };
  // Also a 200 of something that is not the collector, such as the sign-in page of a hotel.
  return { kind: 'later', retryAfterMs };
}

function resultOf(id: string, result: unknown): EventResult[] {
  const { status, code } = (result ?? {}) as { status?: EventResult['status']; code?: unknown };
  if (!status || !STATUSES.includes(status)) return [];
  return [{ id, status, code: typeof code === 'string' ? code : undefined }];
}
