import assert from 'node:assert/strict';
import {
  eventually,
  fetchOk,
  indicesOf,
  isBulk,
  type LocalStack,
  refuseItems,
  unavailable,
} from '@pipeline/testing';
import { TOPIC } from '../bench/bench.ts';
import { type Drill } from '../drill.ts';
import { type DrillContext } from '../run/drill-context.ts';

const DAY_MS = 24 * 60 * 60 * 1_000;

const throughProxy = async (context: DrillContext) => ({ ELASTICSEARCH_NODE: (await context.esProxy()).url });

const restarted: Drill = {
  name: 'elasticsearch-restarted',
  title: 'Elasticsearch is killed and started again; the other store goes on meanwhile.',
  async run(context) {
    const node = context.stack.server('elasticsearch');
    context.load(500);
    await context.advance(1_000);
    node.kill('SIGKILL');
    await node.exited();
    await context.advance(1_000, ['hdfs-sink']);
    await node.start();
    await context.advance(1_000);
  },
};

const busyItems: Drill = {
  name: 'elasticsearch-429-items',
  title: 'One document in five is refused with 429 inside of successful requests: only those are sent again.',
  isFast: true,
  settings: throughProxy,
  async run(context) {
    const proxy = await context.esProxy();
    let refused = 0;
    const isRefused = () => {
      const chosen = context.random.chance(0.2);
      if (chosen) refused += 1;
      return chosen;
    };
    proxy.harm((request) => (isBulk(request) ? refuseItems(request, isRefused) : undefined));
    context.load(500);
    await context.advance(context.scale(10_000, 4_000));
    proxy.heal();
    assert.ok(refused > 100, 'no document was refused');
    context.note(`${refused} documents refused with 429 in ${proxy.harmed} requests`);
  },
};

const unavailableRequests: Drill = {
  name: 'elasticsearch-503',
  title: 'Whole requests are answered 503 for seconds: nothing is dead-lettered, the sink goes on by itself.',
  settings: throughProxy,
  async run(context) {
    const proxy = await context.esProxy();
    context.load(500);
    for (let round = 1; round <= context.scale(2, 1); round++) {
      await context.advance(1_000);
      proxy.harm(unavailable);
      await context.wait(5_000);
      proxy.heal();
    }
    await context.advance(2_000);
    context.note(`${proxy.harmed} requests answered 503`);
  },
};

const appliedThenSilent: Drill = {
  name: 'elasticsearch-applied-then-timeout',
  title:
    'Elasticsearch stores, and every third answer never comes or its connection breaks: nothing is stored twice.',
  isFast: true,
  settings: async (context) => ({ ...(await throughProxy(context)), ES_SINK_BULK_TIMEOUT_MS: '4000' }),
  async run(context) {
    const proxy = await context.esProxy();
    proxy.harm((request) => {
      if (!isBulk(request) || !context.random.chance(1 / 3)) return undefined;
      return { kind: context.random.chance(0.5) ? 'never-answer' : 'lose-answer' };
    });
    context.load(500);
    await context.advance(context.scale(10_000, 4_000));
    proxy.heal();
    assert.ok(proxy.harmed > 0, 'every answer came');
    context.note(`${proxy.harmed} answers lost after the documents were stored`);
  },
};

const readOnly: Drill = {
  name: 'elasticsearch-read-only-index',
  title:
    'The index is made read-only, as a full disk does it, and writable again: documents wait, none is dead-lettered.',
  async run(context) {
    context.load(500);
    await context.advance(1_000);
    await block(context, true);
    await context.advance(4_000, ['hdfs-sink']);
    await block(context, null);
    await context.advance(2_000);
  },
};

const foreignTemplate: Drill = {
  name: 'foreign-index-template',
  title:
    'Somebody puts a template with a higher priority, a legacy template and an ingest pipeline: es-sink writes nothing into an index that would not be ours, says why at /readyz, and stores everything once they are gone.',
  async run(context) {
    const { stack } = context;
    const yesterday = new Date(Date.now() - DAY_MS).toISOString();
    let extra: Readonly<Record<string, unknown>> = {};
    context.load(500, () => extra);
    await context.advance(1_000);

    await put(stack, '/_template/legacy', { index_patterns: ['*'], mappings: { dynamic: 'strict' } });
    await put(stack, '/_index_template/company-default', {
      index_patterns: ['*'],
      priority: 1_000,
      template: { settings: { number_of_replicas: 0 } },
    });
    // Of a day that has no index yet.
    extra = { occurred_at: yesterday };
    await notReady(context, /foreign-index/);
    await context.advance(2_000, ['hdfs-sink']);
    assert.equal((await indicesOf(stack, TOPIC)).length, 1, 'indices beside that of today');
    await remove(stack, '/_index_template/company-default');
    await context.advance(2_000);
    await remove(stack, '/_template/legacy');

    await put(stack, '/_ingest/pipeline/company', { processors: [] });
    await pipelineOf(context, 'company');
    await notReady(context, /index\.default_pipeline is company/);
    await context.advance(2_000, ['hdfs-sink']);
    await pipelineOf(context, null);
    await context.advance(2_000);
    await remove(stack, '/_ingest/pipeline/company');
  },
};

const redIndex: Drill = {
  name: 'elasticsearch-red-index',
  title:
    'The only shard of the index has no node: documents wait, none is dead-lettered, all are stored later.',
  async run(context) {
    context.load(500);
    await context.advance(1_000);
    await reopened(context, 'nowhere');
    await context.advance(4_000, ['hdfs-sink']);
    await reopened(context, null);
    await context.advance(2_000);
  },
};

/** Resolves when es-sink says at `/readyz` why it cannot write. */
async function notReady(context: DrillContext, reason: RegExp): Promise<void> {
  const answered = async () => {
    const response = await fetch(`${context.app('es-sink').url}/readyz`);
    assert.equal(response.status, 503);
    assert.match(await response.text(), reason);
  };
  await eventually(answered, { timeoutMs: 60_000 });
}

/** Closes the indices and opens them where their shards may only be on the node of that name; null for any node. */
async function reopened({ stack }: DrillContext, node: string | null): Promise<void> {
  for (const index of await indicesOf(stack, TOPIC)) {
    await fetchOk(`${stack.elasticsearchUrl}/${index}/_close`, { method: 'POST' });
    await put(stack, `/${index}/_settings`, { 'index.routing.allocation.require._name': node });
    await fetchOk(`${stack.elasticsearchUrl}/${index}/_open?wait_for_active_shards=0`, { method: 'POST' });
  }
}

async function pipelineOf({ stack }: DrillContext, pipeline: string | null): Promise<void> {
  for (const index of await indicesOf(stack, TOPIC))
    await put(stack, `/${index}/_settings`, { 'index.default_pipeline': pipeline });
}

async function put({ elasticsearchUrl }: LocalStack, path: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  await fetchOk(`${elasticsearchUrl}${path}`, { method: 'PUT', headers, body: JSON.stringify(body) });
}

async function remove({ elasticsearchUrl }: LocalStack, path: string): Promise<void> {
  await fetchOk(`${elasticsearchUrl}${path}`, { method: 'DELETE' });
}

async function block({ stack }: DrillContext, value: true | null): Promise<void> {
  for (const index of await indicesOf(stack, TOPIC)) {
    await put(stack, `/${index}/_settings`, { 'index.blocks.read_only_allow_delete': value });
  }
}

export const elasticsearch: readonly Drill[] = [
  restarted,
  busyItems,
  unavailableRequests,
  appliedThenSilent,
  readOnly,
  redIndex,
  foreignTemplate,
];
