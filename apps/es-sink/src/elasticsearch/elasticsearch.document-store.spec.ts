import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { Client } from '@elastic/elasticsearch';
import { FakeElasticsearch, type HttpFault } from '@pipeline/testing/fake-stores';
import { esSinkSettings } from '../es-sink.config.ts';
import { clientOptions } from './elasticsearch-client.module.ts';
import { type StoredDocument } from './document-store.ts';
import { documentOf } from '../../testing/document.fixture.ts';
import { ElasticsearchDocumentStore } from './elasticsearch.document-store.ts';
import { indexTemplate, TEMPLATE_VERSION } from './index-template.ts';

const PATIENT_MS = 10_000;
const IMPATIENT_MS = 100;
const INDEX = 'select-color-2026.11.22';
const TEMPLATE = indexTemplate('select-color', '0-1');

let server: FakeElasticsearch;
let client: Client;
let store: ElasticsearchDocumentStore;
let impatient: ElasticsearchDocumentStore;

beforeEach(async () => {
  server = await FakeElasticsearch.start();
  await connect({ ELASTICSEARCH_NODE: server.url });
});

afterEach(async () => {
  await server.stop();
  await client.close();
});

/** The client exactly as the app makes it. */
async function connect(environment: Record<string, string>): Promise<void> {
  await client?.close();
  client = new Client(clientOptions(esSinkSettings.load(environment)));
  store = new ElasticsearchDocumentStore(client, { timeoutMs: PATIENT_MS });
  impatient = new ElasticsearchDocumentStore(client, { timeoutMs: IMPATIENT_MS });
}

function documents(...ids: string[]): StoredDocument[] {
  return ids.map((id) => documentOf(INDEX, id, `{"event_id":"${id}","n":12345678901234567890}`));
}

describe('documents on their way through the real client', () => {
  it('arrive byte for byte, one bulk request for all', async () => {
    expect(await store.createAll(documents('a', 'b'))).toEqual([{ status: 201 }, { status: 201 }]);
    expect(server.documents.get(`${INDEX}/b`)).toBe('{"event_id":"b","n":12345678901234567890}');
    expect(server.requests).toHaveLength(1);
    expect(server.requests[0]!.headers['content-type']).toMatch(/x-ndjson/);
  });

  it('are asked only for what decides their outcome, without the event in error texts', async () => {
    await store.createAll(documents('a'));
    const { searchParams } = new URL(server.requests[0]!.path, 'http://local');
    expect(searchParams.get('filter_path')).toMatch(/^errors,items\.\*\.status,items\.\*\.error\.type/);
    expect(searchParams.get('include_source_on_error')).toBe('false');
    expect(searchParams.get('timeout')).toBe(`${PATIENT_MS / 2}ms`);
  });

  it('come back with one result each, failures between successes', async () => {
    const error = {
      type: 'document_parsing_exception',
      reason: 'no',
      caused_by: { reason: 'For input string' },
    };
    server.refuse((id) => (id === 'b' ? { status: 400, error } : undefined));
    expect(await store.createAll(documents('a', 'b', 'a'))).toEqual([
      { status: 201 },
      { status: 400, error: { type: 'document_parsing_exception', reason: 'no: For input string' } },
      {
        status: 409,
        error: { type: 'version_conflict_engine_exception', reason: 'document already exists' },
      },
    ]);
  });

  it('are compressed where the setting says so', async () => {
    await connect({
      ELASTICSEARCH_NODE: client.connectionPool.connections[0]!.url.href,
      ES_SINK_BULK_GZIP: 'true',
    });
    expect(await store.createAll(documents('a'))).toEqual([{ status: 201 }]);
    expect(server.requests.at(-1)!.headers['content-encoding']).toBe('gzip');
  });

  it.each([
    [{ ELASTICSEARCH_API_KEY: 'a2V5' }, 'ApiKey a2V5'],
    [{ ELASTICSEARCH_USERNAME: 'u', ELASTICSEARCH_PASSWORD: 'p' }, `Basic ${btoa('u:p')}`],
  ])('carry the credentials of %j', async (environment, authorization) => {
    await connect({ ELASTICSEARCH_NODE: client.connectionPool.connections[0]!.url.href, ...environment });
    await store.createAll(documents('a'));
    expect(server.requests.at(-1)!.headers.authorization).toBe(authorization);
  });
});

describe('rows of a table', () => {
  const row = (version: number, source = '{}') => ({
    ...documentOf('shop.product', '1', source),
    version: `${version}`,
  });

  it('take the place of older ones only', async () => {
    expect(await store.putNewest([row(5), row(7), row(6), row(7)])).toMatchObject([
      { status: 201 },
      { status: 200 },
      { status: 409 },
      { status: 409 },
    ]);
  });

  it('have an index behind their name, which hides what is deleted', async () => {
    const alias = { index: 'shop.product-v1', filter: { bool: { must_not: { exists: { field: 'x' } } } } };
    await store.ensureAlias('shop.product', alias);
    await store.ensureAlias('shop.product', { ...alias, index: 'shop.product-v2' });
    expect(await store.indexEffect('shop.product')).toMatchObject({
      existingName: 'shop.product-v1',
      isFiltered: true,
    });
  });

  it('that were deleted long ago are found with their version, and removed where none is newer', async () => {
    await store.putNewest([row(7)]);
    expect(await store.findOldDeletions('shop.product', new Date())).toEqual([]);
    const hit = { _index: 'shop.product', _id: '1', _version: 6 };
    server.searchAnswer = { hits: { hits: [hit] } };
    const found = await store.findOldDeletions('shop.product', new Date('2026-11-22T12:00:00.000Z'));
    expect(found).toEqual([{ index: 'shop.product', id: '1', version: 6 }]);
    expect(JSON.parse(server.requests.at(-1)!.body)).toMatchObject({
      query: { range: { kafka_purge_after: { lt: '2026-11-22T12:00:00.000Z' } } },
    });
    expect(await store.forgetDeletions(found)).toMatchObject([{ status: 409 }]);
    expect(await store.forgetDeletions([{ ...found[0]!, version: 7 }])).toEqual([{ status: 200 }]);
  });
});

describe('copies of an event', () => {
  const copy = (receivedAt: string, offset: number): StoredDocument => {
    const source = `{"received_at":"${receivedAt}","kafka_partition":1,"kafka_offset":${offset},"n":1.0}`;
    return documentOf(INDEX, 'a', source, { receivedAt, partition: 1, offset });
  };
  const [earlier, later] = [copy('2026-11-22T10:00:00.000Z', 7), copy('2026-11-22T10:00:00.001Z', 8)];

  it('are found with their receipt; where none or no index is, nothing', async () => {
    await store.createAll([later]);
    const places = [later, { index: INDEX, id: 'b' }, { index: 'select-color-2026.11.23', id: 'a' }];
    expect(await store.findAll(places)).toEqual([
      { index: INDEX, id: 'a', receipt: later.receipt, state: { if_seq_no: 1, if_primary_term: 1 } },
      undefined,
      undefined,
    ]);
    const { searchParams } = new URL(server.requests.at(-1)!.path, 'http://local');
    expect(searchParams.get('_source_includes')).toBe('received_at,kafka_partition,kafka_offset');
  });

  it('take the place of the one that was found, byte for byte, unless that has changed', async () => {
    await store.createAll([later]);
    const [found] = await store.findAll([later]);
    expect(await store.replaceAll([{ document: earlier, found: found! }])).toEqual([{ status: 200 }]);
    expect(server.documents.get(`${INDEX}/a`)).toContain('"kafka_offset":7,"n":1.0}');
    expect(await store.replaceAll([{ document: later, found: found! }])).toMatchObject([{ status: 409 }]);
  });

  it('are deleted where they should not be; what is gone is gone', async () => {
    await store.createAll([later]);
    expect(await store.removeAll([later, later])).toEqual([{ status: 200 }, { status: 404 }]);
    expect(server.documents.size).toBe(0);
  });

  it.each<[HttpFault, string]>([
    [{ answer: { status: 503 } }, 'unavailable'],
    [{ answer: { status: 200, body: '{"docs":[]}' } }, 'malformed-reply'],
    [
      {
        answer: { status: 200, body: '{"docs":[{"error":{"type":"no_shard_available_action_exception"}}]}' },
      },
      'unavailable',
    ],
  ])('that cannot be looked for fail, never count as absent: %j', async (fault, code) => {
    server.failNext('look-up', fault);
    await expect(store.findAll([later])).rejects.toMatchObject({ name: 'StoreError', code });
  });
});

describe('a bulk request that fails as a whole', () => {
  const status = (code: number, body?: string): HttpFault => ({
    answer: { status: code, ...(body === undefined ? {} : { body }) },
  });

  it.each<[string, HttpFault, string]>([
    ['429', status(429), 'overloaded'],
    ['502', status(502), 'unavailable'],
    ['503', status(503), 'unavailable'],
    ['504', status(504), 'unavailable'],
    ['500', status(500), 'unavailable'],
    ['401', status(401), 'unauthorized'],
    ['403', status(403), 'unauthorized'],
    ['a cluster-wide block', status(403, '{"error":{"type":"cluster_block_exception"}}'), 'blocked'],
    ['a missing privilege', status(403, '{"error":{"type":"security_exception"}}'), 'unauthorized'],
    ['404', status(404), 'blocked'],
    ['413', status(413), 'too-large'],
    ['400', status(400), 'refused'],
    ['a reset', { answer: 'reset' }, 'unavailable'],
    ['a lost reply', { applied: 'all', answer: 'reset' }, 'unavailable'],
    ['a cut reply', { applied: 'all', answer: 'cut' }, 'unavailable'],
    ['a reply without items', status(200, '{"errors":false}'), 'malformed-reply'],
    ['a reply with too few items', status(200, '{"items":[{"create":{"status":201}}]}'), 'malformed-reply'],
    ['a reply that is not JSON', status(200, '<html>'), 'malformed-reply'],
  ])('says why after %s and is not repeated behind our back', async (_, fault, code) => {
    server.failNext('bulk', fault);
    await expect(store.createAll(documents('a', 'b'))).rejects.toMatchObject({ name: 'StoreError', code });
    expect(server.requests).toHaveLength(1);
  });

  it.each<HttpFault>([{ answer: 'hang' }, { applied: 'all', answer: 'stall' }])(
    'is given up after its time limit: %j',
    async (fault) => {
      // A first request, so that the impatient one does not spend its time on connecting.
      await store.createAll(documents('z'));
      server.failNext('bulk', fault);
      await expect(impatient.createAll(documents('a'))).rejects.toMatchObject({ code: 'timeout' });
      expect(await store.createAll(documents('a'))).toHaveLength(1);
      expect(server.requests).toHaveLength(3);
    },
  );

  it('says so when nobody listens', async () => {
    await server.stop();
    await expect(store.createAll(documents('a'))).rejects.toMatchObject({ code: 'unavailable' });
  });

  it.each<HttpFault>([
    { applied: 'all', answer: 'reset' },
    { applied: 'all', answer: 'cut' },
  ])('was applied and meets itself afterwards: %j', async (fault) => {
    server.failNext('bulk', fault);
    await expect(store.createAll(documents('a'))).rejects.toMatchObject({ code: 'unavailable' });
    expect(await store.createAll(documents('a'))).toMatchObject([{ status: 409 }]);
    expect(server.documents.size).toBe(1);
  });

  it('does not keep the documents alive through its error', async () => {
    server.failNext('bulk', status(503));
    const error = await store.createAll(documents('a')).catch((reason: unknown) => reason);
    expect((error as Error).cause).toBeUndefined();
  });
});

describe('the template', () => {
  const puts = () => server.requests.filter(({ method }) => method === 'PUT').length;

  it('is put where there is none, with version and fingerprint', async () => {
    await store.ensureTemplate(TEMPLATE);
    expect(server.templates.get('pipeline-select-color')).toMatchObject({
      version: TEMPLATE_VERSION,
      priority: 500,
      index_patterns: ['select-color-20*.*.*'],
      _meta: { fingerprint: TEMPLATE.fingerprint },
    });
  });

  it('is left alone where it is the same', async () => {
    await store.ensureTemplate(TEMPLATE);
    await store.ensureTemplate(TEMPLATE);
    expect(puts()).toBe(1);
  });

  it('is put again where its settings changed or it is older', async () => {
    await store.ensureTemplate(TEMPLATE);
    await store.ensureTemplate(indexTemplate('select-color', '2'));
    server.templates.set(TEMPLATE.name, { version: TEMPLATE_VERSION - 1, _meta: { fingerprint: 'old' } });
    await store.ensureTemplate(TEMPLATE);
    expect(puts()).toBe(3);
  });

  it('of a newer release is never replaced by an older one', async () => {
    server.templates.set(TEMPLATE.name, { version: TEMPLATE_VERSION + 1, _meta: { fingerprint: 'newer' } });
    await store.ensureTemplate(TEMPLATE);
    expect(puts()).toBe(0);
  });
});
