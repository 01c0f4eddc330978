import { type LocalStack } from '@pipeline/local-stack';
import { listHdfsFiles, readHdfsFile } from '@pipeline/testing';
import { IdLedger } from '../../measure/id-ledger.ts';
import { type SinkPlace } from './sink-contestant.ts';

/** Whether the files of the place hold each of the events `[0, count)` once. @returns what is wrong. */
export async function hdfsHoldsOnce({ stack, topic }: SinkPlace, count: number): Promise<string | undefined> {
  const ledger = new IdLedger();
  const entry = Object.assign(ledger.open('HDFS'), { acknowledged: count });
  const faults = await ledger.faults(async (each) => {
    for (const path of await listHdfsFiles(stack, topic)) {
      for (const line of await linesOf(stack, path)) each(line);
    }
  });
  return faults.get(entry);
}

/** Of a file, the empty one after its last line feed included. */
export async function linesOf(stack: LocalStack, path: string): Promise<string[]> {
  return (await readHdfsFile(stack, path)).toString('latin1').split('\n');
}

interface Twice {
  readonly aggregations: { readonly twice: { readonly buckets: { readonly key: string }[] } };
}

/**
 * Whether the index of the place holds each of the events `[0, count)` once: as many documents, and no id twice. The index has one
 * shard, so Elasticsearch's answer is exact.
 * @param idField where a document has its event's id, a keyword.
 * @returns what is wrong.
 */
export async function elasticsearchHoldsOnce(
  { stack, index }: Pick<SinkPlace, 'stack' | 'index'>,
  count: number,
  idField = 'event_id',
): Promise<string | undefined> {
  const call = async <T>(path: string, body?: object): Promise<T> => {
    const answer = await fetch(`${stack.elasticsearchUrl}/${index}/${path}`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    if (!answer.ok) throw new Error(`${path} answered ${answer.status}: ${await answer.text()}`);
    return (await answer.json()) as T;
  };
  await call('_refresh');
  const { count: found } = await call<{ count: number }>('_count');
  const twice = { terms: { field: idField, min_doc_count: 2, size: 3 } };
  const { aggregations } = await call<Twice>('_search', { size: 0, aggs: { twice } });
  const repeated = aggregations.twice.buckets.map(({ key }) => key);
  if (found === count && repeated.length === 0) return undefined;
  return `${found} documents for ${count} events, more than once: ${repeated.join(', ') || 'none'}`;
}
