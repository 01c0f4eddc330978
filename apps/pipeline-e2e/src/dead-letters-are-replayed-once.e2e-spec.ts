import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { DEAD_LETTER_HEADERS } from '@pipeline/kafka-transport';
import { deadLetterTopic, GROUPS, TOPICS } from '@pipeline/event-schema';
import {
  eventually,
  type FaultProxy,
  isBulk,
  refuseItems,
  searchDocuments,
  startElasticsearchProxy,
  startPipeline,
  type LocalStack,
  WRONG_TYPE,
} from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { colorClick } from './support/color-click.ts';
import { produce, recordsOf } from './support/kafka.ts';

const { name: TOPIC } = TOPICS.selectColor;
const LETTERS = deadLetterTopic(TOPIC, GROUPS.esSink);
const DLQ = resolve(import.meta.dirname, '../../../tools/dlq/dist/main.js');
const run = promisify(execFile);

/** Nobody has to wait for events: what the collector adds. */
const received = () => ({
  user_agent: 'pipeline-e2e',
  occurred_at: new Date().toISOString(),
  received_at: new Date().toISOString(),
});

describe('npm run dlq', () => {
  let stack: LocalStack;
  let proxy: FaultProxy;
  const refused = colorClick();
  const bytes = JSON.stringify({ ...refused, ...received() });
  const startedAt = new Date().toISOString();

  beforeAll(async () => {
    stack = await startPipeline({ apps: [] });
    proxy = await startElasticsearchProxy(stack.elasticsearchUrl);
    proxy.harm((request) => (isBulk(request) ? refuseItems(request, () => true, WRONG_TYPE) : undefined));
    await stack.startApp('es-sink', { ELASTICSEARCH_NODE: proxy.url });
    await produce(stack, TOPIC, [
      { key: 'visitor-7', value: bytes, headers: { event_type: 'select-color', origin: 'a test' } },
      { key: 'visitor-8', value: 'not json' },
    ]);
    await eventually(async () => expect(await recordsOf(stack, LETTERS)).toHaveLength(2));
    proxy.heal();
  });
  afterAll(async () => {
    await stack?.stop();
    await proxy?.close();
  });

  async function dlq(...args: string[]): Promise<string> {
    const { stdout } = await run(process.execPath, [DLQ, ...args], { env: { ...stack.environment } });
    return stdout;
  }

  const copies = async () =>
    (await recordsOf(stack, TOPIC)).filter(({ value }) => value?.toString() === bytes);

  it('lists what a sink gave up, by sink, code and time', async () => {
    expect(await dlq('list')).toMatch(/2 dead letters/);
    expect(await dlq('list', '--sink', 'es-sink', '--code', 'mapping')).toMatch(
      /mapping.*\n.*\n1 dead letters/,
    );
    expect(await dlq('list', '--sink', 'hdfs-sink')).toBe('no dead letters\n');
    expect(await dlq('list', '--from', startedAt)).toMatch(/2 dead letters/);
    expect(await dlq('list', '--to', startedAt)).toBe('no dead letters\n');
  });

  it('shows a letter with its headers and bytes', async () => {
    const letters = await dlq('list', '--code', 'mapping');
    const [, place = ''] = /│ (\d+:\d+) +│ mapping/.exec(letters) ?? [];
    const shown = await dlq('show', place, '--sink', 'es-sink');
    expect(shown).toContain(bytes);
    expect(shown).toContain('key: visitor-7');
    expect(shown).toContain('origin: a test');
    expect(shown).toMatch(new RegExp(`${DEAD_LETTER_HEADERS.code}: mapping`));
  });

  it('replays nothing unless it is told to, and never what cannot be stored', async () => {
    const lines = await dlq('replay', '--sink', 'es-sink');
    expect(lines).toContain('1 records would be put into select-color again');
    expect(lines).toContain('1 can never be stored');
    expect(await copies()).toHaveLength(1);
  });

  it('replays a letter once, with its own key, bytes and headers, and the sink stores it once', async () => {
    const replay = ['replay', '--sink', 'es-sink', '--code', 'mapping', '--execute'];
    expect(await dlq(...replay)).toContain('1 records put into select-color again');
    expect(await dlq(...replay)).toContain('1 were replayed before');
    const [original, again, ...more] = await copies();
    expect(more).toEqual([]);
    expect(again?.key).toEqual(original?.key);
    expect(Object.keys(again?.headers ?? {}).sort()).toEqual(['event_type', 'origin', 'replay_of']);
    expect(String(again?.headers?.origin)).toBe('a test');
    await eventually(async () => {
      const documents = await searchDocuments(stack, `${TOPIC}-*`, { ids: { values: [refused.event_id] } });
      expect(documents).toHaveLength(1);
    });
    expect(await recordsOf(stack, LETTERS)).toHaveLength(2);
  });
});
