import { readFile } from 'node:fs/promises';
import { TOPICS } from '@pipeline/event-schema';
import { eventually, readHdfsRows, searchDocuments, startPipeline, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PATIENT_COLLECTOR } from './support/patient-collector.ts';

const { name: TOPIC } = TOPICS.logRecord;
const DDL = new URL('../../../docs/hive/log-record.sql', import.meta.url);
const PATIENCE = { timeoutMs: 90_000, intervalMs: 500 };

const LINES = 1_000;
const NAMES_PER_LINE = 10;
const text = (key: string, stringValue: string) => ({ key, value: { stringValue } });
const START_NS = BigInt(Date.now()) * 1_000_000n + 123_456n;
const timeOf = (line: number) => String(START_NS + BigInt(line));

/** Lines of a server that differ in their last nanoseconds, with 10,000 names of attributes among them; two are equal. */
const BATCH = JSON.stringify({
  resourceLogs: [
    {
      resource: {
        attributes: [
          text('service.name', 'checkout'),
          text('service.instance.id', 'checkout-1'),
          text('os', '"Debian"'),
        ],
      },
      scopeLogs: [
        {
          scope: { name: 'access-log' },
          logRecords: Array.from({ length: LINES }, (_, n) => Math.max(n, 1)).map((line) => ({
            timeUnixNano: timeOf(line),
            severityNumber: line === 7 ? 17 : 9,
            body: {
              stringValue: line === 7 ? 'payment refused:\n\tcard "expired"' : `GET /orders/${line} 200`,
            },
            attributes: [
              text('http.route', '/orders/{id}'),
              { key: 'attempt', value: { intValue: '9223372036854775807' } },
              ...Array.from({ length: NAMES_PER_LINE }, (_, n) =>
                text(`Name.${line * NAMES_PER_LINE + n}`, 'x'),
              ),
              ...(line === 7
                ? ['', '..', 'a.', 'name', 'NAME', '_id', '__proto__'].map((name) => text(name, 'odd'))
                : []),
            ],
          })),
        },
      ],
    },
  ],
});

const QUERIES = `
SELECT count(*) AS stored, count(DISTINCT event_id) AS lines FROM log_record_raw;
SELECT count(*) AS lines, max(time_unix_nano) AS latest FROM log_record;
SELECT attributes['attempt'], attributes['http.route'], resource_attributes['os'], body FROM log_record WHERE severity_number = 17;
`;

describe('a batch of logs that an agent sends twice', () => {
  let stack: LocalStack;
  beforeAll(async () => {
    stack = await startPipeline({
      apps: ['collector-api', 'hdfs-sink', 'es-sink'],
      // As after a restart, or at another replica: the collector does not know the batch any more.
      environment: { ...PATIENT_COLLECTOR, COLLECTOR_API_RECENT_IDS: '0', HDFS_SINK_FLUSH_MAX_AGE_MS: '500' },
    });
  });
  afterAll(() => stack?.stop());

  const send = () =>
    fetch(`${stack.app('collector-api').url}/v1/logs`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: BATCH,
    });
  const ask = async (path: string, query?: object): Promise<unknown> => {
    const body = query === undefined ? {} : { method: 'POST', body: JSON.stringify(query) };
    const headers = { 'content-type': 'application/json' };
    return (await fetch(`${stack.elasticsearchUrl}/${TOPIC}-*/${path}`, { headers, ...body })).json();
  };
  const count = async (query: object) => ((await ask('_count', { query })) as { count: number }).count;

  it('is one document for each line, found by its words, its time, its level and its attributes', async () => {
    for (let time = 0; time < 2; time += 1) {
      const answer = await send();
      expect([answer.status, await answer.text()]).toEqual([200, '{}']);
    }
    const rows = await eventually(async () => {
      const found = await readHdfsRows(stack, TOPIC);
      expect(found).toHaveLength(2 * LINES);
      return found;
    }, PATIENCE);
    const ids = new Set(rows.map(({ event_id }) => event_id));
    expect(ids.size).toBe(LINES);
    const documents = await eventually(async () => {
      const found = await searchDocuments(stack, `${TOPIC}-*`);
      expect(new Set(found.map(({ source }) => source['event_id']))).toEqual(ids);
      return found;
    }, PATIENCE);
    expect(documents).toHaveLength(LINES);
    // Each document is one of the rows, to the letter.
    const lines = new Set(rows.map((row) => JSON.stringify(row)));
    expect(documents.filter(({ source }) => !lines.has(JSON.stringify(source)))).toEqual([]);

    expect(await count({ match_phrase: { body: 'card expired' } })).toBe(1);
    expect(await count({ range: { severity_number: { gte: 17 } } })).toBe(1);
    expect(await count({ term: { 'attributes.http.route': '/orders/{id}' } })).toBe(LINES);
    expect(await count({ term: { 'attributes.Name.5000': 'x' } })).toBe(1);
    expect(await count({ term: { 'resource_attributes.service.name': 'checkout' } })).toBe(LINES);
    expect(await count({ range: { time_unix_nano: { gt: timeOf(LINES - 2) } } })).toBe(1);
    const mapping = JSON.stringify(await ask('_mapping'));
    expect(mapping).not.toContain('Name.');
    expect(mapping.length).toBeLessThan(5_000);
  });

  it('is one row for each line in the Hive view, its numbers digit for digit', async () => {
    const [stored, view, refused] = await stack.hive((await readFile(DDL, 'utf8')) + QUERIES);
    expect(stored!.rows).toEqual([[String(2 * LINES), String(LINES)]]);
    expect(view!.rows).toEqual([[String(LINES), timeOf(LINES - 1)]]);
    expect(refused!.rows[0]!.slice(0, 3)).toEqual(['9223372036854775807', '/orders/{id}', '"Debian"']);
  });
});
