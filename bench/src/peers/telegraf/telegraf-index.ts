import { fetchOk } from '@pipeline/testing';
import { type SinkPlace } from '../../legs/sinks/sink-contestant.ts';

/** Where a document of Telegraf has the event's id. */
export const TELEGRAF_ID_FIELD = 'tag.event_id';

interface Simulated {
  readonly template: { readonly mappings: { readonly properties: Readonly<Record<string, object>> } };
}

/**
 * The index of a place for documents as Telegraf makes them: the id under `tag`, the time as `@timestamp`, the rest under `event`.
 * Each field has the type that the product's template gives it, so that Elasticsearch has the same work.
 */
export async function createTelegrafIndex({ stack, index }: SinkPlace): Promise<void> {
  const call = async (method: string, path: string, body?: object): Promise<Response> =>
    fetchOk(`${stack.elasticsearchUrl}/${path}`, {
      method,
      headers: { 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  const simulated = await call('POST', `_index_template/_simulate_index/${index}`);
  const { properties } = ((await simulated.json()) as Simulated).template.mappings;
  const { event_id, occurred_at, ...others } = properties;
  const own = {
    '@timestamp': occurred_at,
    measurement_name: { type: 'keyword' },
    tag: { properties: { event_id } },
    event: { properties: others },
  };
  await call('PUT', index, { mappings: { properties: own } });
}
