import { describe, expect, it } from '@jest/globals';
import { type BulkOutcome, bulkOutcome } from './bulk-outcome.ts';

/** Types and statuses as Elasticsearch 9.5.3 answers them. */
const TABLE: readonly (readonly [status: number, type: string, kind: BulkOutcome['kind'], code: string])[] = [
  [201, '', 'written', ''],
  [200, '', 'written', ''],
  [409, 'version_conflict_engine_exception', 'duplicate', ''],
  [429, 'es_rejected_execution_exception', 'retry', 'overloaded'],
  [429, 'circuit_breaking_exception', 'retry', 'overloaded'],
  // The disk is above the flood stage.
  [429, 'cluster_block_exception', 'retry', 'blocked'],
  // Read-only index, write block.
  [403, 'cluster_block_exception', 'retry', 'blocked'],
  [403, 'security_exception', 'retry', 'unauthorized'],
  [401, 'security_exception', 'retry', 'unauthorized'],
  [400, 'index_closed_exception', 'retry', 'blocked'],
  // No auto-create.
  [404, 'index_not_found_exception', 'retry', 'blocked'],
  // Too many shards in the cluster.
  [400, 'validation_exception', 'retry', 'blocked'],
  [503, 'unavailable_shards_exception', 'retry', 'unavailable'],
  [503, 'process_cluster_event_timeout_exception', 'retry', 'unavailable'],
  [500, 'null_pointer_exception', 'retry', 'unavailable'],
  // A proxy in between.
  [403, 'forbidden', 'retry', 'blocked'],
  [404, 'not_found', 'retry', 'blocked'],
  [408, 'timeout', 'retry', 'timeout'],
  [0, 'not_a_status', 'retry', 'unavailable'],
  [400, 'document_parsing_exception', 'permanent', 'mapping'],
  [400, 'mapper_parsing_exception', 'permanent', 'mapping'],
  [400, 'strict_dynamic_mapping_exception', 'permanent', 'mapping'],
  [400, 'illegal_argument_exception', 'permanent', 'mapping'],
  [400, 'invalid_index_name_exception', 'permanent', 'refused'],
  [422, 'something_new_exception', 'permanent', 'refused'],
  [413, 'too_large', 'permanent', 'too-large'],
];

function codeOf(outcome: BulkOutcome): string {
  if (outcome.kind === 'permanent') return outcome.code;
  return outcome.kind === 'retry' ? outcome.error.code : '';
}

describe('the outcome of one document', () => {
  it.each(TABLE)('%i %s is %s %s', (status, type, kind, code) => {
    const outcome = bulkOutcome({ status, ...(type === '' ? {} : { error: { type, reason: 'because' } }) });
    expect([outcome.kind, codeOf(outcome)]).toEqual([kind, code]);
  });

  it('says what Elasticsearch said, cut to what fits a header', () => {
    const reason = 'failed to parse field [user_name]' + 'x'.repeat(10_000);
    const outcome = bulkOutcome({ status: 400, error: { type: 'document_parsing_exception', reason } });
    expect(outcome).toMatchObject({
      message: expect.stringMatching(/^document_parsing_exception: failed to parse field \[user_name\]x{3,}/),
    });
    expect(outcome.kind === 'permanent' && outcome.message.length).toBe(500);
  });
});
