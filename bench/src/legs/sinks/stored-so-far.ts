import { fetchOk } from '@pipeline/testing';
import { EVENT_BYTES } from '../../load/stored-event.ts';
import { type SinkPlace } from './sink-contestant.ts';

/** Events that are visible in the folder of a place, by its bytes: of who writes an event as it is, and a line feed. */
export async function eventsInFolder({ stack, folder }: SinkPlace): Promise<number> {
  const answer = await fetch(`${stack.webHdfsUrl}/webhdfs/v1${folder}?op=GETCONTENTSUMMARY`);
  if (answer.status === 404) return 0;
  const { ContentSummary } = (await answer.json()) as { ContentSummary: { length: number } };
  return Math.floor(ContentSummary.length / (EVENT_BYTES + 1));
}

interface IndexStats {
  readonly _all: { readonly primaries: { readonly indexing?: { readonly index_total: number } } };
}

/** Documents that the index of a place has taken, searchable or not yet. */
export async function eventsInIndex({ stack, index }: SinkPlace): Promise<number> {
  const path = `${index}/_stats/indexing?filter_path=_all.primaries.indexing.index_total&ignore_unavailable=true`;
  const answer = await fetchOk(`${stack.elasticsearchUrl}/${path}`);
  const { _all } = (await answer.json()) as Partial<IndexStats>;
  return _all?.primaries.indexing?.index_total ?? 0;
}
