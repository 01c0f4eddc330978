import { beforeEach, describe, expect, it } from '@jest/globals';
import { LineageAppender, linesOf } from '@pipeline/event-schema';
import { type KafkaRecord } from '@pipeline/kafka-transport';
import { NINE, wrong as wrongIn } from '../testing/audit.fixture.ts';
import { MemorySources } from '../testing/sources.double.ts';
import { auditSources } from './audit-sources.ts';
import { type AuditReport } from './report/audit-report.ts';
import { TableFollower } from './follow/table-follower.ts';

const TOPIC = 'shop.product';

let sources: MemorySources;

/** A change of a product; `null` deletes it. */
function change(offset: number, id: number, price: number | null): KafkaRecord {
  return {
    key: Buffer.from(`{"id":${id}}`),
    value: price === null ? null : Buffer.from(`{"id":${id},"price":${price}}`),
    offset,
    timestamp: NINE,
  };
}

/** Puts a change into Kafka and HDFS, and into Elasticsearch unless told otherwise. */
function add(record: KafkaRecord, { document = true } = {}): void {
  const line = linesOf(TOPIC).of(record) as Buffer;
  sources.partitions.set(0, [...(sources.partitions.get(0) ?? []), record]);
  sources.storedRows.push(new LineageAppender(TOPIC, 0).append(line, String(record.offset)));
  if (document) show(record);
}

/** Elasticsearch has the row as this record says. */
function show(record: KafkaRecord): void {
  const { id } = JSON.parse(String(record.key)) as { id: number };
  hide(id);
  if (record.value === null) return;
  const source = new LineageAppender(TOPIC, 0).append(record.value, String(record.offset));
  sources.storedDocuments.push({ id: String(id), source, index: 'shop.product-v1' });
}

function hide(id: number): void {
  const at = sources.storedDocuments.findIndex((document) => document.id === String(id));
  if (at >= 0) sources.storedDocuments.splice(at, 1);
}

const wrong = () => wrongIn(sources, { topic: TOPIC });
const audit = (): Promise<AuditReport> => {
  const { rows, documents } = sources;
  return auditSources({ kafka: sources, rows, documents }, { topic: TOPIC });
};

beforeEach(() => {
  sources = new MemorySources(TOPIC);
  add(change(0, 1, 10));
  add(change(1, 2, 20));
  add(change(2, 1, 11));
  add(change(3, 2, null));
});

describe('a table in both stores', () => {
  it('holds: each change is a row, each key has its newest document or none', async () => {
    expect(await wrong()).toEqual([]);
    expect((await audit()).hours).toMatchObject([{ records: 4, rows: 4, documents: 1, duplicates: 2 }]);
  });

  it('holds after compaction: what Kafka no longer has is not missing and not invented', async () => {
    sources.partitions.set(
      0,
      sources.partitions.get(0)!.filter(({ offset }) => offset === 2 || offset === 3),
    );
    sources.logStarts.set(0, 0n);
    expect(await wrong()).toEqual([]);
    expect((await audit()).notJudged).toEqual({ expired: 2, later: 0 });
  });

  it('is under way where the sink has not committed what the store lacks', async () => {
    add(change(4, 1, 12), { document: false });
    add(change(5, 3, 30), { document: false });
    sources.commits['es-sink'].set(0, 4n);
    expect(await wrong()).toEqual([]);
    expect(await audit()).toMatchObject({ verdict: 'holds so far', underWay: 2 });
  });

  it('holds while rows change and go during the audit', async () => {
    sources.meanwhile = () => {
      add(change(4, 1, null));
      add(change(5, 3, 30));
    };
    expect(await wrong()).toEqual([]);
  });

  it('has dead letters for what is no row, and shows the row before one that Elasticsearch refused', async () => {
    const value = Buffer.from('{"price":1}');
    sources.partitions.get(0)!.push({ ...change(4, 1, 1), value });
    for (const sink of ['hdfs-sink', 'es-sink'] as const)
      sources.letters[sink].push({ partition: 0, offset: 4, value });
    add(change(5, 1, 12), { document: false });
    sources.letters['es-sink'].push({ partition: 0, offset: 5, value: Buffer.from('{"id":1,"price":12}') });
    expect(await wrong()).toEqual([]);
  });
});

describe('a table that is not what Kafka says', () => {
  it.each<[string, () => void, string]>([
    ['has no document of a key', () => hide(1), 'es-sink lost 0:2 1'],
    ['shows an older row', () => show(change(0, 1, 10)), 'es-sink lost 0:2 1'],
    ['shows a row that was deleted', () => show(change(1, 2, 20)), 'es-sink damaged 0:3 2'],
    ['shows a row of other content', () => show({ ...change(2, 1, 99) }), 'es-sink damaged 0:2 1'],
    ['shows a row that never was', () => show(change(0, 7, 1)), 'es-sink invented 0:0 7'],
    ['has a change less in HDFS', () => void sources.storedRows.pop(), 'hdfs-sink lost 0:3 2'],
    [
      'has a change twice in HDFS',
      () => void sources.storedRows.push(sources.storedRows[3]!),
      'hdfs-sink double 0:3 2',
    ],
    [
      'has neither row nor letter of what is no row',
      () => sources.partitions.get(0)!.push({ ...change(4, 1, 1), key: Buffer.from('one') }),
      'es-sink lost 0:4 undefined',
    ],
  ])('%s', async (_, damage, expected) => {
    damage();
    expect(await wrong()).toContain(expected);
  });
});

describe('the continuous proof of a table', () => {
  it('is made anew when Kafka or the sink have gone on, and tells what is broken', async () => {
    let audits = 0;
    let nowMs = 0;
    const told: string[] = [];
    const follower = new TableFollower({
      topic: TOPIC,
      store: 'elasticsearch',
      kafka: {
        position: async (sink) => ({
          askedAtMs: nowMs,
          committed: await sources.committed(sink),
          extents: await sources.extents(),
        }),
      },
      audit: () => ((audits += 1), audit()),
      onBroken: (findings) => told.push(...findings.map(({ kind }) => kind)),
      confirmMs: 0,
      nowMs: () => (nowMs += 1_000),
    });
    const rounds = async () => {
      for (let count = 0; count < 100; count += 1) await follower.round();
    };
    await rounds();
    expect([audits, follower.waiting, [...follower.provedOffsets]]).toEqual([1, 0, [[0, 4]]]);
    add(change(4, 1, 12), { document: false });
    sources.commits['es-sink'].set(0, 4n);
    await rounds();
    expect([audits, follower.waiting, follower.provedMs]).toEqual([2, 1, 0]);
    sources.commits['es-sink'].clear();
    await rounds();
    expect(told).toEqual(['lost']);
    expect(follower.broken).toMatchObject({ lost: 1 });
  });
});
