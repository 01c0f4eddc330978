import { randomUUID } from 'node:crypto';
import { readFile } from 'node:fs/promises';
import { deadLetterTopic, TOPICS, SINK_NAMES } from '@pipeline/event-schema';
import { DEAD_LETTER_HEADERS } from '@pipeline/kafka-transport';
import {
  eventually,
  fetchOk,
  readHdfsRows,
  searchDocuments,
  startPipeline,
  type LocalStack,
} from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { colorClick, type ColorClick } from './support/color-click.ts';
import { produce, recordsOf } from './support/kafka.ts';
import {
  ODD_IDENTITIES,
  ODD_NAMES,
  ODD_RECORDS,
  ODD_TIMES,
  ODD_VALUES,
} from '../testing/odd-fields.fixture.ts';
import { PATIENT_COLLECTOR } from './support/patient-collector.ts';
import { acknowledgedIds, type CollectorAnswer, sendEvents } from './support/send-events.ts';

const { name: TOPIC } = TOPICS.selectColor;
const INDICES = `${TOPIC}-*`;
const DDL = new URL('../../../docs/hive/select-color.sql', import.meta.url);
const PATIENCE = { timeoutMs: 90_000, intervalMs: 1_000 };

describe('what the collector acknowledges', () => {
  let stack: LocalStack;
  const acknowledged: string[] = [];

  beforeAll(async () => {
    stack = await startPipeline({
      apps: ['collector-api', 'hdfs-sink', 'es-sink'],
      environment: { ...PATIENT_COLLECTOR, HDFS_SINK_FLUSH_MAX_AGE_MS: '500' },
    });
  });
  afterAll(() => stack?.stop());

  /** @returns the code of each event, `accepted` where it has none. */
  const send = async (events: readonly object[]): Promise<string[]> => {
    const answer = await sendEvents(stack.app('collector-api'), events);
    acknowledged.push(...acknowledgedIds(answer));
    return codesOf(answer);
  };
  const clicksWith = (fields: readonly object[]) => fields.map((field) => ({ ...colorClick(), ...field }));

  /** Waits until both stores hold everything that was acknowledged, each once. */
  const inBothStores = async (): Promise<void> => {
    const ids = [...acknowledged].sort();
    const sorted = (rows: readonly Readonly<Record<string, unknown>>[]) =>
      rows.map(({ event_id }) => String(event_id)).sort();
    await eventually(
      async () =>
        expect(sorted((await searchDocuments(stack, INDICES)).map(({ source }) => source))).toEqual(ids),
      PATIENCE,
    );
    await eventually(async () => expect(sorted(await readHdfsRows(stack, TOPIC))).toEqual(ids), PATIENCE);
  };

  it('holds no name that this Elasticsearch keeps for itself', async () => {
    await send([colorClick()]);
    await inBothStores();
    const names = await metadataNames(stack);
    expect(names).toEqual(expect.arrayContaining(['_id', '_source', '_doc_count', '_ignored']));
    for (const value of ['x', 1, 2_000_000_000, null, {}]) {
      const codes = await send([colorClick(), ...clicksWith(names.map((name) => ({ [name]: value })))]);
      expect(codes).toEqual(['accepted', ...names.map(() => 'field-reserved')]);
    }
    expect(await send(clicksWith([{ inner: Object.fromEntries(names.map((name) => [name, 1])) }]))).toEqual([
      'accepted',
    ]);
  });

  it('is in both stores, whatever its other names and values are', async () => {
    const fields = [
      ...ODD_NAMES.flatMap((name) => [{ [name]: 1 }, { inner: { [name]: 'x' } }]),
      ...ODD_VALUES.map((value) => ({ odd: value })),
      Object.fromEntries(Array.from({ length: 990 }, (_, n) => [`wide_${n}`, n])),
    ];
    const codes = await send(clicksWith(fields));
    expect(codes.filter((code) => code === 'accepted').length).toBeGreaterThan(ODD_NAMES.length);
    await inBothStores();
    for (const sink of SINK_NAMES) expect(await lettersOf(stack, sink)).toEqual([]);
  });

  it('is in both stores with fields that only another type of event has a column for', async () => {
    const odd = [{ user_name: { a: 1 } }, { user_name: 'Ada', color_name: 7, value: {}, status: [1] }, {}];
    const views = odd.map((fields) => ({ ...pageView(), ...fields }));
    expect(codesOf(await sendEvents(stack.app('collector-api'), views))).toEqual(odd.map(() => 'accepted'));
    const topic = TOPICS.pageView.name;
    const storedAs = (rows: readonly Readonly<Record<string, unknown>>[]) =>
      odd.map((_, at) => rows.find(({ event_id }) => event_id === views[at]!.event_id));
    const whole = views.map((view) => expect.objectContaining(view));
    await eventually(async () => {
      const documents = await searchDocuments(stack, `${topic}-*`);
      expect(storedAs(documents.map(({ source }) => source))).toEqual(whole);
      expect(storedAs(await readHdfsRows(stack, topic))).toEqual(whole);
    }, PATIENCE);
    for (const sink of SINK_NAMES) expect(await lettersOf(stack, sink)).toEqual([]);
  });

  it('cannot be kept out of a store by a record of another producer, which neither store sees', async () => {
    const before = colorClick();
    const after = colorClick();
    const changed = (fields: object) => JSON.stringify({ ...stampedEvent(colorClick()), ...fields });
    const values = [
      stamped(before),
      ...ODD_RECORDS.map(([, json]) => stamped(colorClick(), json)),
      ...ODD_IDENTITIES.map(([, fields]) => changed(fields)),
      stamped(colorClick()).replace('"schema_version":1', '"schema_version":99999999999'),
      stamped(after),
    ];
    await produce(
      stack,
      TOPIC,
      values.map((value) => ({ key: 'same-partition', value })),
    );
    acknowledged.push(before.event_id, after.event_id);
    const codes = [...ODD_RECORDS, ...ODD_IDENTITIES].map(([code]) => code);
    codes.push('invalid-field');
    for (const sink of SINK_NAMES) {
      await eventually(async () => expect(await lettersOf(stack, sink)).toEqual(codes.sort()), PATIENCE);
    }
    await inBothStores();
  });

  it('may come from another producer with any id and times that the sinks take', async () => {
    const events = ODD_TIMES.map((time) => ({
      ...stampedEvent(colorClick()),
      occurred_at: time,
      received_at: time,
    }));
    const others = [
      { ...stampedEvent(colorClick()), received_at: null },
      { ...stampedEvent(colorClick()), event_id: `${'!~'.repeat(255)}x` },
    ];
    const all = [...events, ...others];
    await produce(
      stack,
      TOPIC,
      all.map((event) => ({ key: null, value: JSON.stringify(event) })),
    );
    acknowledged.push(...all.map(({ event_id }) => event_id));
    await inBothStores();
  });

  it('is counted by its documents alone', async () => {
    const { aggregations, hits } = await searchAll(stack);
    expect(aggregations.colors.buckets.reduce((sum, { doc_count }) => sum + doc_count, 0)).toBe(
      hits.total.value,
    );
  });

  it('is readable by Hive, all of it', async () => {
    const query = 'SELECT event_id, schema_version FROM select_color_raw;\n';
    const [result] = await stack.hive((await readFile(DDL, 'utf8')) + query);
    expect(result!.rows.map(([id]) => id!).sort()).toEqual([...acknowledged].sort());
    expect(new Set(result!.rows.map(([, version]) => version))).toEqual(new Set(['1']));
  });
});

function codesOf({ body }: CollectorAnswer): string[] {
  return (body.results ?? []).map(({ code, status }) => code ?? status);
}

function pageView() {
  return { event_id: randomUUID(), event_type: 'page-view', visitor_id: 'visitor-1' };
}

function stampedEvent(click: ColorClick) {
  const now = new Date().toISOString();
  return { ...click, user_agent: 'pipeline-e2e', occurred_at: now, received_at: now };
}

/** As the collector would write it, with more fields as they are given. */
function stamped(click: ColorClick, json = ''): string {
  const event = JSON.stringify(stampedEvent(click));
  return json === '' ? event : `${event.slice(0, -1)},${json}}`;
}

/** Asked of the node that runs, so that a new version of it cannot add one unnoticed. */
async function metadataNames({ elasticsearchUrl }: LocalStack): Promise<string[]> {
  const answer = await fetchOk(`${elasticsearchUrl}/${INDICES}/_field_caps?fields=_*&filters=%2Bmetadata`);
  return Object.keys(((await answer.json()) as { fields: object }).fields);
}

async function lettersOf(stack: LocalStack, sink: string): Promise<string[]> {
  const letters = await recordsOf(stack, deadLetterTopic(TOPIC, sink));
  return letters.map(({ headers = {} }) => String(headers[DEAD_LETTER_HEADERS.code])).sort();
}

interface ColorCounts {
  readonly hits: { readonly total: { readonly value: number } };
  readonly aggregations: { readonly colors: { readonly buckets: readonly { readonly doc_count: number }[] } };
}

async function searchAll({ elasticsearchUrl }: LocalStack): Promise<ColorCounts> {
  const answer = await fetchOk(`${elasticsearchUrl}/${INDICES}/_search`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      size: 0,
      track_total_hits: true,
      aggs: { colors: { terms: { field: 'color_name' } } },
    }),
  });
  return (await answer.json()) as ColorCounts;
}
