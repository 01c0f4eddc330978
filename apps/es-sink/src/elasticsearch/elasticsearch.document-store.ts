import { type Client } from '@elastic/elasticsearch';
import { bulkBody, forgettingBody, newestBody, removingBody, replacingBody } from './bulk-body.ts';
import { BULK_REPLY_FILTER, type BulkAction, type BulkItem, type BulkReply } from './bulk-reply.ts';
import { type MultiGetReply, foundIn, RECEIPT_FIELDS } from './found-document.ts';
import {
  type DocumentPlace,
  type DocumentStore,
  type FoundDocument,
  type ItemResult,
  type KeptDeletion,
  type Replacement,
  type RowDocument,
  type StoredDocument,
} from './document-store.ts';
import { type IndexEffect } from './index-effect.ts';
import { type IndexTemplate, PURGE_AFTER, type TableAlias, tableIndices } from './index-template.ts';
import { StoreError } from './store-error.ts';
import { withinDeadline } from './within-deadline.ts';

/** Replies hold no more than an outcome needs; the second keeps events out of error texts. */
const BULK_PARAMETERS = { filter_path: BULK_REPLY_FILTER, include_source_on_error: false };

/** In one request. */
const MOST_DELETIONS = 1_000;

interface Stamp {
  readonly version?: number;
  readonly _meta?: { readonly fingerprint?: unknown };
}

/** The store on a cluster, one HTTP request per call. Time limits and node choice are the client's. */
export class ElasticsearchDocumentStore implements DocumentStore {
  constructor(
    private readonly client: Client,
    private readonly options: { readonly timeoutMs: number },
  ) {}

  async ensureTemplate(template: IndexTemplate): Promise<void> {
    const present = await this.presentTemplate(template.name);
    if (present !== undefined && isCurrent(present, template)) return;
    const wanted = {
      name: template.name,
      priority: 500,
      version: template.version,
      _meta: { owner: 'web-event-pipeline', fingerprint: template.fingerprint },
      ...template.body,
    };
    await withinDeadline(this.options.timeoutMs, (limits) =>
      this.client.indices.putIndexTemplate(wanted, limits),
    );
  }

  async ensureAlias(alias: string, { index, filter }: TableAlias): Promise<void> {
    await withinDeadline(this.options.timeoutMs, async (limits) => {
      if (await this.client.indices.exists({ index: alias }, limits)) return;
      const aliases = { [alias]: { filter, is_write_index: true } };
      // Another replica may have come first; what is there is looked at afterwards.
      await this.client.indices.create({ index, aliases }, { ...limits, ignore: [400] });
    });
  }

  async indexEffect(index: string): Promise<IndexEffect> {
    const found = await withinDeadline(this.options.timeoutMs, (limits) =>
      this.client.indices.get(
        { index, features: ['aliases', 'mappings', 'settings'], flat_settings: true },
        { ...limits, ignore: [404] },
      ),
    );
    // A missing index is answered with the error in place of the indices.
    const existing = Object.entries(found).filter(([, { mappings }]) => mappings !== undefined);
    const [first] = existing;
    if (first !== undefined) {
      const { mappings = {}, settings = {}, aliases = {} } = first[1];
      const existingName = existing.map(([name]) => name).join();
      return { existingName, mappings, settings, isFiltered: aliases[index]?.filter !== undefined };
    }
    return this.simulatedIndex(index);
  }

  createAll(documents: readonly StoredDocument[]): Promise<readonly ItemResult[]> {
    return this.bulk('create', bulkBody(documents), documents.length);
  }

  replaceAll(replacements: readonly Replacement[]): Promise<readonly ItemResult[]> {
    return this.bulk('index', replacingBody(replacements), replacements.length);
  }

  removeAll(places: readonly DocumentPlace[]): Promise<readonly ItemResult[]> {
    return this.bulk('delete', removingBody(places), places.length);
  }

  putNewest(documents: readonly RowDocument[]): Promise<readonly ItemResult[]> {
    return this.bulk('index', newestBody(documents), documents.length);
  }

  async findOldDeletions(table: string, now: Date): Promise<readonly KeptDeletion[]> {
    const { hits } = await withinDeadline(this.options.timeoutMs, (limits) =>
      this.client.search(
        {
          index: tableIndices(table),
          allow_no_indices: true,
          query: { range: { [PURGE_AFTER]: { lt: now.toISOString() } } },
          size: MOST_DELETIONS,
          version: true,
          _source: false,
          filter_path: ['hits.hits._index', 'hits.hits._id', 'hits.hits._version'],
        },
        limits,
      ),
    );
    // Nothing found leaves nothing of the answer.
    const found = (hits as typeof hits | undefined)?.hits ?? [];
    return found.map(({ _index: index, _id: id = '', _version: version = 0 }) => ({ index, id, version }));
  }

  forgetDeletions(deletions: readonly KeptDeletion[]): Promise<readonly ItemResult[]> {
    return this.bulk('delete', forgettingBody(deletions), deletions.length);
  }

  async findAll(places: readonly DocumentPlace[]): Promise<readonly (FoundDocument | undefined)[]> {
    const docs = places.map(({ index, id }) => ({ _index: index, _id: id }));
    const request = { method: 'POST', path: '/_mget', querystring: RECEIPT_FIELDS, body: { docs } };
    const { docs: items = [] } = await withinDeadline(this.options.timeoutMs, (limits) =>
      this.client.transport.request<MultiGetReply>(request, { ...limits, meta: false }),
    );
    if (items.length !== places.length) {
      throw new StoreError('malformed-reply', `${items.length} answers for ${places.length} places`);
    }
    return items.map((item, i) => foundIn(item, places[i]!));
  }

  private async bulk(
    action: BulkAction,
    body: Buffer<ArrayBuffer>,
    count: number,
  ): Promise<readonly ItemResult[]> {
    const reply = await this.sendBulk(body);
    // Answered, so nobody reads the body any more; left to the collector, bodies pile up to a hundred megabytes.
    body.buffer.transfer(0);
    const { items = [] } = reply;
    if (items.length !== count) {
      throw new StoreError('malformed-reply', `${items.length} results for ${count} documents`);
    }
    return items.map((item) => itemResult(item[action]));
  }

  private async simulatedIndex(index: string): Promise<IndexEffect> {
    const { template } = await withinDeadline(this.options.timeoutMs, (limits) =>
      this.client.indices.simulateIndexTemplate({ name: index }, limits),
    );
    const { mappings = {}, settings } = template;
    return { existingName: undefined, mappings, settings: flat(settings), isFiltered: false };
  }

  private async presentTemplate(name: string): Promise<Stamp | undefined> {
    const stamp = ['index_templates.index_template.version', 'index_templates.index_template._meta'];
    const reply = await withinDeadline(this.options.timeoutMs, (limits) =>
      this.client.indices.getIndexTemplate({ name, filter_path: stamp }, { ...limits, ignore: [404] }),
    );
    return reply.index_templates?.[0]?.index_template;
  }

  /** The client's own `bulk` takes only arrays in its types; a Buffer passes its transport untouched. */
  private sendBulk(bulkBody: Buffer): Promise<BulkReply> {
    const { timeoutMs } = this.options;
    // For a shard that is away Elasticsearch waits half our limit, so that it is the one to say what is missing.
    const querystring = { ...BULK_PARAMETERS, timeout: `${Math.ceil(timeoutMs / 2)}ms` };
    const request = { method: 'POST', path: '/_bulk', querystring, bulkBody };
    return withinDeadline(timeoutMs, (limits) =>
      this.client.transport.request<BulkReply>(request, { ...limits, meta: false }),
    );
  }
}

/** A newer version belongs to a newer release of this sink that runs beside us. */
function isCurrent(present: Stamp, { version, fingerprint }: IndexTemplate): boolean {
  return (present.version ?? 0) > version || present._meta?.fingerprint === fingerprint;
}

function itemResult(item: BulkItem | undefined): ItemResult {
  if (item === undefined) throw new StoreError('malformed-reply', 'A result is about another action');
  if (item.error === undefined) return item;
  const { type, reason, caused_by: cause } = item.error;
  const known = cause?.reason === undefined || reason.includes(cause.reason);
  return { status: item.status, error: { type, reason: known ? reason : `${reason}: ${cause.reason}` } };
}

/** `{ index: { mode: 'x' } }` as `{ 'index.mode': 'x' }`. */
function flat(settings: unknown, prefix = ''): Record<string, unknown> {
  return Object.fromEntries(
    Object.entries((settings ?? {}) as Record<string, unknown>).flatMap(([name, value]) =>
      typeof value === 'object' && value !== null
        ? Object.entries(flat(value, `${prefix}${name}.`))
        : [[prefix + name, value]],
    ),
  );
}
