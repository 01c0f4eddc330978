import { randomUUID } from 'node:crypto';
import { readdir, readFile } from 'node:fs/promises';
import { EVENT_TYPES } from '@pipeline/event-schema';
import { eventually, readHdfsRows, searchDocuments, startPipeline, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { PATIENT_COLLECTOR } from './support/patient-collector.ts';
import { runAudit } from './support/running-audit.ts';
import { sendEvents } from './support/send-events.ts';

const FIXTURES = new URL('../../../libs/event-schema/fixtures/v1/', import.meta.url);
const TABLES = new URL('../../../docs/hive/', import.meta.url);
const PATIENCE = { timeoutMs: 60_000, intervalMs: 500 };
/** Of a fixture, what the collector replaces. */
const COLLECTED = ['user_agent', 'received_at', 'occurred_at_original', 'is_bot', 'bot_reason'];

/** Other types have another way in. */
const POSTED = EVENT_TYPES.filter(({ ingress }) => ingress === 'http');

type Event = Readonly<Record<string, unknown>>;

/** The first fixture of each event type, sent now. */
async function eventsByType(): Promise<ReadonlyMap<unknown, Event>> {
  const names = (await readdir(FIXTURES)).filter((name) => name.endsWith('.jsonl')).sort();
  const fixtures = await Promise.all(
    names.map(async (name) => JSON.parse(await readFile(new URL(name, FIXTURES), 'utf8')) as Event),
  );
  const now = { event_id: randomUUID(), occurred_at: new Date().toISOString() };
  return new Map(fixtures.reverse().map((event) => [event['event_type'], { ...event, ...now }]));
}

// A type that is made tomorrow is in the catalogue and has a fixture: this runs it.
describe.each(POSTED.map(({ name }, at) => ({ type: name, at })))('an event of the type $type', (of) => {
  const { type, at } = of;

  it('is the same in HDFS and in Elasticsearch as it was sent', async () => {
    const [row, document] = await stored(type);
    expect(document).toEqual(row);
    expect(row).toMatchObject(Object.fromEntries(fieldsOf(type)));
  });

  it('is a row of its Hive view', async () => {
    const [row] = await stored(type);
    expect(selected[at]).toEqual([fieldsOf(type).map(([name]) => String(row[name]))]);
  });

  it('is proved by the audit', async () => {
    const { exitCode, output } = await runAudit(stack.environment, '--topic', type);
    expect({ exitCode, output }).toMatchObject({ exitCode: 0, output: expect.stringContaining('holds') });
  });
});

let stack: LocalStack;
let sent: ReadonlyMap<unknown, Event>;
/** By type, the rows of its view. */
let selected: readonly (readonly (readonly string[])[])[];

/** What a page sends of the type's event, and both stores keep as it is. */
function fieldsOf(type: string): [string, unknown][] {
  return Object.entries(sent.get(type)!).filter(([name]) => !COLLECTED.includes(name));
}

/** The one row and the one document of a type. */
function stored(type: string): Promise<readonly [Event, Event]> {
  return eventually(async () => {
    const rows = await readHdfsRows(stack, type);
    const documents = await searchDocuments(stack, `${type}-*`);
    expect([rows.length, documents.length]).toEqual([1, 1]);
    return [rows[0]!, documents[0]!.source];
  }, PATIENCE);
}

/** One start of Hive for all types. */
async function selectedOfEach(): Promise<typeof selected> {
  const statements = POSTED.map(async ({ name }) => {
    const columns = fieldsOf(name).map(([column]) => column);
    const ddl = await readFile(new URL(`${name}.sql`, TABLES), 'utf8');
    return `${ddl}\nSELECT ${columns.join(', ')} FROM ${name.replaceAll('-', '_')};\n`;
  });
  return (await stack.hive((await Promise.all(statements)).join(''))).map(({ rows }) => rows);
}

beforeAll(async () => {
  stack = await startPipeline({
    apps: ['collector-api', 'hdfs-sink', 'es-sink'],
    environment: { ...PATIENT_COLLECTOR, HDFS_SINK_FLUSH_MAX_AGE_MS: '200' },
  });
  sent = await eventsByType();
  for (const { name } of POSTED) {
    const answer = await sendEvents(stack.app('collector-api'), sent.get(name));
    expect(answer.body).toMatchObject({ durability: 'kafka', results: [{ status: 'accepted' }] });
    await stored(name);
  }
  selected = await selectedOfEach();
});
afterAll(() => stack?.stop());
