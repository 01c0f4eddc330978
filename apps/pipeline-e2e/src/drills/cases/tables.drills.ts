import assert from 'node:assert/strict';
import { eventually, fetchOk, isBulk, searchDocuments } from '@pipeline/testing';
import { produce } from '../../support/kafka.ts';
import { pricesAfter, pricesIn, productChange, PRODUCTS } from '../../support/product-changes.ts';
import { type Drill } from '../drill.ts';
import { audited } from '../run/audited.ts';

/** Elasticsearch forgets the version of a deleted document after 60 s. */
const FORGOTTEN_MS = 70_000;

export const tables: Drill = {
  name: 'table-late-write',
  title:
    'A row is deleted, and 70 s later, when Elasticsearch has forgotten deletions, a request that had hung writes an older change of it: the row stays deleted.',
  settings: async (context) => ({ ELASTICSEARCH_NODE: (await context.esProxy()).url }),
  async run(context) {
    const { stack } = context;
    const changes = Array.from({ length: 100 }, (_, id) => productChange(id, id * 10));
    const proxy = await context.esProxy();
    const requests: Buffer[] = [];
    proxy.harm((request) => {
      if (isBulk(request) && request.body.includes(`"_index":"${PRODUCTS}"`)) requests.push(request.body);
      return undefined;
    });
    const settled = () =>
      eventually(
        async () => assert.deepEqual(pricesIn(await searchDocuments(stack, PRODUCTS)), pricesAfter(changes)),
        { timeoutMs: 60_000 },
      );
    context.load(100);
    await produce(stack, PRODUCTS, changes);
    await settled();
    const late = requests.splice(0);
    const deletions = Array.from({ length: 50 }, (_, id) => productChange(id));
    changes.push(...deletions);
    await produce(stack, PRODUCTS, deletions);
    await settled();
    await context.wait(FORGOTTEN_MS);
    for (const body of late) {
      const headers = { 'content-type': 'application/x-ndjson' };
      await fetchOk(`${stack.elasticsearchUrl}/_bulk`, { method: 'POST', headers, body: body.toString() });
    }
    assert.ok(late.length > 0, 'no request was kept');
    assert.deepEqual(pricesIn(await searchDocuments(stack, PRODUCTS)), pricesAfter(changes));
    const { failures } = await audited(stack, [], PRODUCTS);
    assert.deepEqual(failures, []);
    context.note(`${late.length} requests of ${FORGOTTEN_MS / 1_000} s ago written again`);
  },
};
