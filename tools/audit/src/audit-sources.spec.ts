import { beforeEach, describe, expect, it } from '@jest/globals';
import { audit, event, fiveEvents, NINE, record, TOPIC, wrong } from '../testing/audit.fixture.ts';
import { exitCode } from './report/audit-report.ts';
import { type MemorySources, storedLine } from '../testing/sources.double.ts';

const HOUR_MS = 3_600_000;

let sources: MemorySources;

beforeEach(() => {
  sources = fiveEvents();
});

describe('a pipeline that kept its promises', () => {
  it('gets exit code 0, with counts per partition and hour', async () => {
    sources.add(1, record(7, event('x'), NINE + HOUR_MS));
    const report = await audit(sources);
    expect(exitCode(report)).toBe(0);
    const counts = report.hours.map((row) => [row.partition, row.hour, row.records, row.rows, row.documents]);
    expect(counts).toEqual([
      [0, '2026-11-22T09:00:00.000Z', 5, 5, 5],
      [1, '2026-11-22T10:00:00.000Z', 1, 1, 1],
    ]);
  });

  it('may have gaps in its offsets and a log that does not start at 0', async () => {
    sources.add(0, record(9));
    sources.add(1, record(100));
    expect(await wrong(sources)).toEqual([]);
  });

  it('keeps one document of an id that Kafka has twice, and both rows', async () => {
    sources.add(0, record(5, event('id-1')), { document: false });
    expect(await wrong(sources)).toEqual([]);
    expect((await audit(sources)).hours).toMatchObject([
      { records: 6, rows: 6, documents: 5, duplicates: 1 },
    ]);
  });

  it('has a dead letter for what a store refused', async () => {
    const value = Buffer.from(event('id-5'));
    sources.add(0, record(5), { document: false });
    sources.letters['es-sink'].push({ partition: 0, offset: 5, value });
    expect(await wrong(sources)).toEqual([]);
    expect((await audit(sources)).hours).toMatchObject([{ deadLetters: { 'hdfs-sink': 0, 'es-sink': 1 } }]);
  });

  it('may have stored a dead letter that was replayed, under its later offset', async () => {
    sources.add(0, record(5), { document: false });
    sources.letters['es-sink'].push({ partition: 0, offset: 5, value: Buffer.from(event('id-5')) });
    sources.add(0, record(6, event('id-5')));
    expect(await wrong(sources)).toEqual([]);
  });

  it('may hold rows and documents that Kafka has let expire, or got since the audit began', async () => {
    sources.logStarts.set(0, 2n);
    sources.meanwhile = () => sources.add(0, record(5));
    expect(await wrong(sources)).toEqual([]);
    sources.meanwhile = () => sources.add(0, record(6));
    expect((await audit(sources)).notJudged).toEqual({ expired: 4, later: 2 });
  });

  it('may have its documents written anew by Elasticsearch: other order and spacing, equal fields', async () => {
    const { event_id, color_name, big } = JSON.parse(event('id-0')) as Record<string, unknown>;
    const lineage = { kafka_offset: 0, kafka_partition: 0, kafka_topic: TOPIC };
    const source = JSON.stringify({ ...lineage, color_name, big, event_id }, null, 1);
    sources.storedDocuments[0]!.source = Buffer.from(source);
    expect(await wrong(sources)).toEqual([]);
  });
});

describe('HDFS', () => {
  it('lost a row', async () => {
    sources.storedRows.splice(2, 1);
    expect(await wrong(sources)).toEqual(['hdfs-sink lost 0:2 id-2']);
  });

  it('has a row twice', async () => {
    sources.storedRows.push(sources.storedRows[3]!);
    expect(await wrong(sources)).toEqual(['hdfs-sink double 0:3 id-3']);
  });

  it('has a row and a dead letter of one record', async () => {
    sources.letters['hdfs-sink'].push({ partition: 0, offset: 4, value: Buffer.from(event('id-4')) });
    expect(await wrong(sources)).toEqual(['hdfs-sink double 0:4 id-4']);
  });

  it.each([
    ['behind the end of the log', 0, 99],
    ['of a partition that there is not', 7, 0],
    ['in a gap', 0, 6],
  ])('has a row %s', async (_, partition, offset) => {
    sources.add(0, record(8));
    sources.storedRows.push(storedLine(TOPIC, partition, record(offset)));
    expect(await wrong(sources)).toEqual([`hdfs-sink invented ${partition}:${offset} undefined`]);
  });

  it('has a row that names no offset', async () => {
    sources.storedRows.push(Buffer.from('{"event_id":"x"}'), Buffer.from('{"event_id":'));
    expect((await audit(sources)).findings).toMatchObject([
      { sink: 'hdfs-sink', kind: 'invented', total: 2 },
    ]);
  });

  it('has a row with one byte changed', async () => {
    const damaged = sources.storedRows[1]!.toString().replace('green', 'grfen');
    sources.storedRows[1] = Buffer.from(damaged);
    expect(await wrong(sources)).toEqual(['hdfs-sink damaged 0:1 id-1']);
  });

  it('says how many there are and names the first twenty', async () => {
    sources.storedRows.length = 0;
    for (let offset = 5; offset < 40; offset += 1) sources.add(0, record(offset), { row: false });
    const [finding] = (await audit(sources)).findings;
    expect(finding).toMatchObject({ kind: 'lost', total: 40 });
    expect(finding?.examples).toHaveLength(20);
  });
});

describe('Elasticsearch', () => {
  it('lost a document', async () => {
    sources.storedDocuments.splice(2, 1);
    expect(await wrong(sources)).toEqual(['es-sink lost 0:2 id-2']);
  });

  it('lost the one document of an id that Kafka has twice, and that is one loss', async () => {
    sources.add(0, record(5, event('id-1')), { document: false });
    sources.storedDocuments.splice(1, 1);
    expect(await wrong(sources)).toEqual(['es-sink lost 0:1 id-1']);
  });

  it('has an id in two indices', async () => {
    sources.storedDocuments.push({ ...sources.storedDocuments[3]!, index: 'select-color-2026.11.21' });
    expect(await wrong(sources)).toEqual(['es-sink double 0:3 id-3']);
  });

  it('has a document and a dead letter of one record', async () => {
    sources.letters['es-sink'].push({ partition: 0, offset: 4, value: Buffer.from(event('id-4')) });
    expect(await wrong(sources)).toEqual(['es-sink double 0:4 id-4']);
  });

  it('has an id that Kafka never had', async () => {
    const source = storedLine(TOPIC, 0, record(3, event('nobody')));
    sources.storedDocuments.push({ id: 'nobody', source, index: 'i' });
    expect(await wrong(sources)).toEqual(['es-sink invented 0:3 nobody']);
  });

  it('has a document with another field', async () => {
    const source = storedLine(TOPIC, 0, record(1, event('id-1', 'red')));
    sources.storedDocuments[1]!.source = source;
    expect(await wrong(sources)).toEqual(['es-sink damaged 0:1 id-1']);
  });

  it('has a document whose long number was rounded', async () => {
    const value = event('id-5').replace('1}', '9007199254740993}');
    sources.add(0, record(5, value));
    const rounded = sources.storedDocuments[5]!.source.toString().replace('740993', '740992');
    sources.storedDocuments[5]!.source = Buffer.from(rounded);
    expect(await wrong(sources)).toEqual(['es-sink damaged 0:5 id-5']);
  });

  it('has a document whose lineage leads to another event', async () => {
    sources.storedDocuments[1]!.source = storedLine(TOPIC, 0, record(2, event('id-1')));
    expect(await wrong(sources)).toEqual(['es-sink damaged 0:2 id-1']);
  });
});

describe('poison', () => {
  const poison: [string, string | null][] = [
    ['no JSON', 'red'],
    ['no object', '[1]'],
    ['a tombstone', null],
  ];

  it.each(poison)('that is %s belongs into both dead-letter topics', async (_, value) => {
    sources.add(0, record(5, value), { row: false, document: false });
    expect(await wrong(sources)).toEqual(['hdfs-sink lost 0:5 undefined', 'es-sink lost 0:5 undefined']);
    const letter = { partition: 0, offset: 5, value: value === null ? null : Buffer.from(value) };
    sources.letters['hdfs-sink'].push(letter);
    sources.letters['es-sink'].push(letter);
    expect(await wrong(sources)).toEqual([]);
  });

  it('without an id becomes a row and a dead letter of es-sink', async () => {
    sources.add(0, record(5, '{"a":1}'), { document: false });
    expect(await wrong(sources)).toEqual(['es-sink lost 0:5 undefined']);
  });

  it('has no letter in one with other bytes', async () => {
    sources.add(0, record(5), { document: false });
    sources.letters['es-sink'].push({ partition: 0, offset: 5, value: Buffer.from('other') });
    expect(await wrong(sources)).toEqual(['es-sink lost 0:5 id-5']);
  });

  it('has a letter in one that has only its beginning, and says so', async () => {
    sources.add(0, record(5), { document: false });
    const letter = (text: string) => ({ partition: 0, offset: 5, value: Buffer.from(text), isCut: true });
    sources.letters['es-sink'].push(letter('{"other'));
    expect(await wrong(sources)).toEqual(['es-sink lost 0:5 id-5']);
    sources.letters['es-sink'].push(letter(String(record(5).value).slice(0, 9)));
    expect(await wrong(sources)).toEqual([]);
    expect((await audit(sources)).foreignLetters).toEqual({ 'hdfs-sink': 0, 'es-sink': 1 });
  });

  it.each([
    ['of an offset that Kafka never had', 0, 50],
    ['of another topic', -1, -1],
    ['of a record that is stored', 0, 3],
  ])('that a stranger wrote into a dead-letter topic, %s, breaks nothing', async (_, partition, offset) => {
    sources.letters['es-sink'].push({ partition, offset, value: Buffer.from('x') });
    expect(await wrong(sources)).toEqual([]);
    expect((await audit(sources)).foreignLetters).toEqual({ 'hdfs-sink': 0, 'es-sink': 1 });
  });
});

describe('a range of time', () => {
  beforeEach(() => {
    sources.add(0, record(5, event('late'), NINE + HOUR_MS), { row: false, document: false });
  });

  it('judges only what was appended in it', async () => {
    expect(await wrong(sources, { to: new Date(NINE + HOUR_MS) })).toEqual([]);
    expect(await wrong(sources, { from: new Date(NINE + HOUR_MS) })).toEqual([
      'hdfs-sink lost 0:5 late',
      'es-sink lost 0:5 late',
    ]);
  });

  it('knows the documents of ids that came earlier', async () => {
    sources.add(0, record(6, event('id-0'), NINE + 2 * HOUR_MS), { document: false });
    expect(await wrong(sources, { from: new Date(NINE + 2 * HOUR_MS) })).toEqual([]);
  });
});
