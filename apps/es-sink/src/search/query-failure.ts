import { type QueryFailure } from '@pipeline/event-schema';
import { StoreError } from '../elasticsearch/store-error.ts';
import { InvalidQueryError } from './read-query.ts';

/** What the asker is told; names and addresses of the store stay in our log. */
export function failureOf(error: unknown): QueryFailure {
  if (error instanceof InvalidQueryError) return { error: { code: 'invalid-query', message: error.message } };
  if (error instanceof StoreError && error.code === 'timeout') {
    return { error: { code: 'timeout', message: 'Elasticsearch did not answer in time' } };
  }
  if (error instanceof StoreError) {
    return { error: { code: 'unavailable', message: `Elasticsearch could not answer: ${error.code}` } };
  }
  return { error: { code: 'internal', message: 'The question could not be answered' } };
}
