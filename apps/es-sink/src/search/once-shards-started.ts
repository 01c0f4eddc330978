import { setTimeout as pause } from 'node:timers/promises';
import { errors } from '@elastic/elasticsearch';

const AGAIN_MS = 100;
/** An index is made in well under a second; what takes longer is a node that is gone, and an answer in itself. */
const LONGEST_START_MS = 1_500;

/**
 * An index that was made a moment ago has no shard yet, and a search that must not leave one out is refused. That is
 * no failure: it is asked again, until the shard is there.
 */
export async function onceShardsStarted<T>(search: () => Promise<T>): Promise<T> {
  const giveUpAt = performance.now() + LONGEST_START_MS;
  for (;;) {
    try {
      return await search();
    } catch (error) {
      if (!lacksShard(error) || performance.now() > giveUpAt) throw error;
    }
    await pause(AGAIN_MS);
  }
}

function lacksShard(error: unknown): boolean {
  if (!(error instanceof errors.ResponseError) || error.statusCode !== 503) return false;
  const { error: reason } = error.body as { readonly error?: { readonly type?: string } };
  return reason?.type === 'search_phase_execution_exception';
}
