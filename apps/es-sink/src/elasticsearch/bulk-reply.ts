import { Serializer } from '@elastic/transport';

/** What Elasticsearch says of one document of a bulk request. */
export interface BulkItem {
  readonly status: number;
  readonly error?: {
    readonly type: string;
    readonly reason: string;
    readonly caused_by?: { readonly reason?: string };
  };
}

export type BulkAction = 'create' | 'index' | 'delete';

export interface BulkReply {
  readonly items?: readonly { readonly [Action in BulkAction]?: BulkItem }[];
}

/** Leaves what decides an item's outcome, a reply of 27 bytes per document instead of 200. */
export const BULK_REPLY_FILTER =
  'errors,items.*.status,items.*.error.type,items.*.error.reason,items.*.error.caused_by.reason';

const HEAD = '{"errors":false,"items":[';
const CREATED = '{"create":{"status":201}}';
const TAIL = ']}';
const CREATED_ITEM = Object.freeze({ create: Object.freeze({ status: 201 }) });

/**
 * The client's JSON reader. The reply of nearly every bulk request says of each document that it was created; that one
 * it knows by comparing texts, a fifth of what parsing takes. Its value is the same, made of one item.
 */
export class ReplySerializer extends Serializer {
  override deserialize<T>(json: string): T {
    const created = countOfCreated(json);
    if (created === 0) return super.deserialize(json);
    return { errors: false, items: new Array<typeof CREATED_ITEM>(created).fill(CREATED_ITEM) } as T;
  }
}

/** How many documents the reply is about, when all of them were created and this is all it says; 0 otherwise. */
function countOfCreated(json: string): number {
  if (!json.startsWith(HEAD)) return 0;
  const count = (json.length - HEAD.length - TAIL.length + 1) / (CREATED.length + 1);
  if (!Number.isInteger(count) || count < 1) return 0;
  return json === `${HEAD}${`${CREATED},`.repeat(count - 1)}${CREATED}${TAIL}` ? count : 0;
}
