import { type ItemResult } from '../elasticsearch/document-store.ts';
import { StoreError, type StoreErrorCode } from '../elasticsearch/store-error.ts';

/** Why a document can never be stored. Closed list: metric label and dead-letter header. */
export type RefusalCode = 'mapping' | 'too-large' | 'refused';

/** The fate of one document. */
export type BulkOutcome =
  | { readonly kind: 'written' }
  /** The index holds this id: a replay met its own document. */
  | { readonly kind: 'duplicate' }
  /** The document is fine; the store was not. Only these are sent again. */
  | { readonly kind: 'retry'; readonly error: StoreError }
  | { readonly kind: 'permanent'; readonly code: RefusalCode; readonly message: string };

/** Reasons quote the document; a dead-letter header must stay small. */
const MESSAGE_CHARACTERS = 500;

const WRITTEN: BulkOutcome = { kind: 'written' };
const DUPLICATE: BulkOutcome = { kind: 'duplicate' };

/** Client errors by status that speak of the state of the index or the cluster; an operator lifts it, the document waits. */
const PASSING_STATES: ReadonlyMap<string, StoreErrorCode> = new Map<string, StoreErrorCode>([
  ['cluster_block_exception', 'blocked'],
  ['index_closed_exception', 'blocked'],
  ['index_not_found_exception', 'blocked'],
  // "this action would add [2] shards, but this cluster currently has [1000]/[1000] maximum normal shards open"
  ['validation_exception', 'blocked'],
  ['unavailable_shards_exception', 'unavailable'],
  ['es_rejected_execution_exception', 'overloaded'],
  ['circuit_breaking_exception', 'overloaded'],
  ['security_exception', 'unauthorized'],
]);

const MAPPING_ERRORS: ReadonlySet<string> = new Set([
  'document_parsing_exception',
  'mapper_parsing_exception',
  'strict_dynamic_mapping_exception',
  'x_content_parse_exception',
  'illegal_argument_exception',
]);

/**
 * Decides what becomes of a document from Elasticsearch's answer about it. In doubt it is tried again: a partition
 * that waits raises an alarm, a dead letter too many has to be carried back by hand.
 */
export function bulkOutcome({ status, error }: ItemResult): BulkOutcome {
  if (status === 200 || status === 201) return WRITTEN;
  if (status === 409) return DUPLICATE;
  const type = error?.type ?? `status ${status}`;
  const message = (error ? `${error.type}: ${error.reason}` : type).slice(0, MESSAGE_CHARACTERS);
  const passing = PASSING_STATES.get(type) ?? passingStatus(status);
  if (passing !== undefined) return { kind: 'retry', error: new StoreError(passing, message) };
  if (status === 413) return { kind: 'permanent', code: 'too-large', message };
  return { kind: 'permanent', code: MAPPING_ERRORS.has(type) ? 'mapping' : 'refused', message };
}

function passingStatus(status: number): StoreErrorCode | undefined {
  if (status === 429) return 'overloaded';
  if (status === 408) return 'timeout';
  if (status === 401) return 'unauthorized';
  if (status === 403 || status === 404) return 'blocked';
  return status >= 400 && status < 500 ? undefined : 'unavailable';
}
