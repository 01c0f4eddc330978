import { audit, auditSettings } from '@pipeline/audit';
import { GROUPS, STORED_TOPICS, TOPICS } from '@pipeline/event-schema';
import { eventually, fetchOk, listHdfsFiles, startPipeline, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { colorClicks, idsOf } from './support/color-click.ts';
import { produce } from './support/kafka.ts';
import { PATIENT_COLLECTOR } from './support/patient-collector.ts';
import { RunningAudit, runAudit } from './support/running-audit.ts';
import { sendEvents } from './support/send-events.ts';
import { INDICES } from './support/stored-once.ts';

const { name: TOPIC } = TOPICS.selectColor;
const PATIENCE = { timeoutMs: 60_000, intervalMs: 250 };

let stack: LocalStack;
let follower: RunningAudit;
const ids: string[] = [];

beforeAll(async () => {
  stack = await startPipeline({
    apps: ['collector-api', 'hdfs-sink', 'es-sink'],
    environment: { ...PATIENT_COLLECTOR, HDFS_SINK_FLUSH_MAX_AGE_MS: '1000' },
  });
  follower = await RunningAudit.start(stack.environment);
});

afterAll(async () => {
  await follower?.end();
  await stack?.stop();
});

async function send(count: number): Promise<void> {
  const clicks = colorClicks(count);
  expect((await sendEvents(stack.app('collector-api'), clicks)).status).toBe(202);
  ids.push(...idsOf(clicks));
}

/** Sum over the partitions of how far a store is proved. */
async function proved(store: string): Promise<number> {
  const offsets = await follower.metric('audit_proved_offset');
  const ours = [...offsets].filter(([labels]) => labels.startsWith(`topic=${TOPIC},store=${store},`));
  return ours.reduce((sum, [, offset]) => sum + offset, 0);
}

async function broken(store: string): Promise<Record<string, number>> {
  const counts = await follower.metric('audit_broken_records');
  const kinds = ['lost', 'double', 'invented', 'damaged'] as const;
  return Object.fromEntries(
    kinds
      .map((kind) => [kind, counts.get(`topic=${TOPIC},store=${store},kind=${kind}`)])
      .filter(([, n]) => n !== 0),
  ) as Record<string, number>;
}

async function everythingIsProved(records: number): Promise<void> {
  await eventually(async () => {
    expect([await proved('hdfs'), await proved('elasticsearch')]).toEqual([records, records]);
  }, PATIENCE);
  expect([await broken('hdfs'), await broken('elasticsearch')]).toEqual([{}, {}]);
}

describe('npm run audit -- --follow', () => {
  it('proves what arrives, dead letters among it', async () => {
    await produce(stack, TOPIC, [{ key: null, value: 'no JSON' }]);
    await send(300);
    await everythingIsProved(301);
    expect((await fetch(`${follower.url}/readyz`)).status).toBe(200);
    const waiting = await follower.metric('audit_waiting_records');
    expect([...waiting.values()]).toEqual(STORED_TOPICS.flatMap(() => [0, 0]));
  });

  it('goes on where it was killed', async () => {
    await follower.end('SIGKILL');
    await send(200);
    follower = await RunningAudit.start(stack.environment);
    await everythingIsProved(501);
    const clean = await follower.end();
    expect(clean).toBe(0);
    follower = await RunningAudit.start(stack.environment);
    await everythingIsProved(501);
  });

  it('reports a document that is taken away, and no more once it is back', async () => {
    const query = { query: { ids: { values: [ids[0]] } } };
    const post = (path: string, body: unknown) =>
      fetchOk(`${stack.elasticsearchUrl}/${path}`, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      });
    const found = (await (await post(`${INDICES}/_search`, query)).json()) as {
      hits: { hits: { _index: string; _source: unknown }[] };
    };
    const [document] = found.hits.hits;
    const path = `${stack.elasticsearchUrl}/${document!._index}/_doc/${ids[0]}?refresh=true`;
    await fetchOk(path, { method: 'DELETE' });
    await eventually(async () => expect(await broken('elasticsearch')).toEqual({ lost: 1 }), PATIENCE);
    expect(await broken('hdfs')).toEqual({});
    await post(`${document!._index}/_create/${ids[0]}?refresh=true`, document!._source);
    await eventually(async () => expect(await broken('elasticsearch')).toEqual({}), PATIENCE);
  });

  it('reports a file that is taken away, as the whole audit does', async () => {
    const [path] = await listHdfsFiles(stack, TOPIC);
    await fetchOk(`${stack.webHdfsUrl}/webhdfs/v1${path}?op=DELETE&user.name=pipeline`, { method: 'DELETE' });
    const lost = await eventually(async () => {
      const { lost: count } = await broken('hdfs');
      expect(count).toBeGreaterThan(0);
      return count;
    }, PATIENCE);
    const report = await audit({ settings: auditSettings.load(stack.environment), topic: TOPIC });
    expect(report.findings).toMatchObject([{ sink: GROUPS.hdfsSink, kind: 'lost', total: lost }]);
  });
});

describe('the exit code of npm run audit', () => {
  it.each([
    [1, 'broken', {}, ['--wait', '1']],
    [0, 'holds', {}, ['--topic', TOPICS.pageView.name]],
    [2, 'does not exist', {}, ['--topic', 'unheard-of']],
    [2, 'unknown option', {}, ['--nonsense']],
    [3, 'ELASTICSEARCH_NODE', { ELASTICSEARCH_NODE: 'http://127.0.0.1:1' }, ['--wait', '0']],
    [3, 'WEBHDFS_URL', { WEBHDFS_URL: 'http://127.0.0.1:1' }, ['--wait', '0']],
  ])('is %s: %s', async (exitCode, words, environment, args) => {
    const { output, ...end } = await runAudit({ ...stack.environment, ...environment }, ...args);
    expect(end).toEqual({ exitCode });
    expect(output).toContain(words);
  });
});
