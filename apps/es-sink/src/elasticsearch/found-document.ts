import { type DocumentPlace, type FoundDocument } from './document-store.ts';
import { StoreError } from './store-error.ts';

/** What of the documents is asked for, and what of the answer. */
export const RECEIPT_FIELDS = {
  _source_includes: 'received_at,kafka_partition,kafka_offset',
  filter_path: 'docs.found,docs._seq_no,docs._primary_term,docs._source,docs.error.type',
};

/** What Elasticsearch says of one place. */
export interface MultiGetItem {
  readonly found?: boolean;
  readonly _seq_no?: number;
  readonly _primary_term?: number;
  readonly _source?: Readonly<Record<string, unknown>>;
  readonly error?: { readonly type?: string };
}

export interface MultiGetReply {
  readonly docs?: readonly MultiGetItem[];
}

/**
 * The document at a place, if there is one.
 * @throws StoreError where Elasticsearch cannot tell.
 */
export function foundIn(item: MultiGetItem, { index, id }: DocumentPlace): FoundDocument | undefined {
  const { found, error, _seq_no, _primary_term, _source = {} } = item;
  if (error !== undefined && error.type !== 'index_not_found_exception') {
    throw new StoreError('unavailable', `${index} cannot be asked for a document: ${error.type}`);
  }
  if (found !== true) return undefined;
  const { received_at: receivedAt, kafka_partition: partition, kafka_offset: offset } = _source;
  return {
    index,
    id,
    receipt: {
      receivedAt: typeof receivedAt === 'string' ? receivedAt : '',
      partition: Number(partition),
      offset: Number(offset),
    },
    state: { if_seq_no: _seq_no ?? 0, if_primary_term: _primary_term ?? 0 },
  };
}
