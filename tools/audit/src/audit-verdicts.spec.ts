import { beforeEach, describe, expect, it } from '@jest/globals';
import { audit, event, fiveEvents, record, wrong } from '../testing/audit.fixture.ts';
import { printableJson } from './console/printable-json.ts';
import { reportLines } from './console/report-lines.ts';
import { type MemorySources } from '../testing/sources.double.ts';

let sources: MemorySources;

beforeEach(() => {
  sources = fiveEvents();
});

describe('what a sink has not committed yet', () => {
  beforeEach(() => {
    sources.add(0, record(5), { row: false, document: false });
    sources.add(0, record(6), { row: false });
  });

  it('is under way, and all holds so far', async () => {
    for (const commits of Object.values(sources.commits)) commits.set(0, 5n);
    expect(await wrong(sources)).toEqual([]);
    const report = await audit(sources);
    expect(report).toMatchObject({ verdict: 'holds so far', underWay: 2, holds: true });
    expect(report.hours).toMatchObject([{ waiting: { 'hdfs-sink': 2, 'es-sink': 1 } }]);
    expect(reportLines(report).at(-1)).toMatch(/^select-color: holds so far \(2 under way\)/);
  });

  it('is under way for one store and may be lost in the other', async () => {
    sources.commits['hdfs-sink'].set(0, 5n);
    expect(await wrong(sources)).toEqual(['es-sink lost 0:5 id-5']);
    expect(await audit(sources)).toMatchObject({ verdict: 'broken', underWay: 2 });
  });

  it('is all that a group without a commit has', async () => {
    sources.storedRows.length = 0;
    sources.storedDocuments.length = 0;
    for (const commits of Object.values(sources.commits)) commits.set(0, 0n);
    expect(await audit(sources)).toMatchObject({ verdict: 'holds so far', underWay: 7 });
  });

  it('is lost once the group has committed past it', async () => {
    sources.commits['hdfs-sink'].set(0, 6n);
    sources.commits['es-sink'].set(0, 6n);
    expect(await wrong(sources)).toEqual(['hdfs-sink lost 0:5 id-5', 'es-sink lost 0:5 id-5']);
  });

  it('may be an id that is committed under another offset, and then it is lost', async () => {
    sources.add(1, record(0, event('id-5')), { row: true, document: false });
    for (const commits of Object.values(sources.commits)) commits.set(0, 5n);
    expect(await wrong(sources)).toEqual(['es-sink lost 1:0 id-5']);
  });
});

describe('waiting for the sinks', () => {
  it('begins when both have committed what there was at the start, and only that is judged', async () => {
    sources.earlierCommits.push(new Map([[0, 3n]]), new Map());
    sources.meanwhile = () => sources.add(0, record(5), { row: false, document: false });
    expect(await wrong(sources, { waitMs: 10_000 })).toEqual([]);
    expect(sources.earlierCommits).toEqual([]);
  });

  it('ends in time; what is not committed then is under way', async () => {
    sources.storedRows.length = 3;
    sources.commits['hdfs-sink'].set(0, 3n);
    expect(await audit(sources, { waitMs: 1 })).toMatchObject({ verdict: 'holds so far', underWay: 2 });
  });
});

describe('copies of one id', () => {
  const copy = (offset: number, color: string, receivedAt: string) =>
    record(offset, JSON.stringify({ event_id: 'x', color_name: color, received_at: receivedAt }));
  const [EARLY, LATE] = ['2026-11-22T09:00:00.000Z', '2026-11-22T09:00:00.001Z'];

  it('that say the same are a repetition, whatever the collector said of each try', async () => {
    sources.add(0, copy(5, 'red', EARLY));
    sources.add(0, copy(6, 'red', LATE), { document: false });
    expect(await wrong(sources)).toEqual([]);
    expect((await audit(sources)).copies.total).toBe(0);
  });

  it('that say different things are named, with what each store shows', async () => {
    sources.add(0, copy(5, 'red', LATE), { document: false });
    sources.add(1, copy(0, 'blue', EARLY));
    expect(await wrong(sources)).toEqual([]);
    const report = await audit(sources);
    expect(report.copies).toEqual({
      total: 1,
      examples: [
        {
          eventId: 'x',
          copies: [
            { partition: 0, offset: 5, receivedAt: LATE },
            { partition: 1, offset: 0, receivedAt: EARLY },
          ],
          first: { partition: 1, offset: 0, receivedAt: EARLY },
          document: { partition: 1, offset: 0, receivedAt: EARLY },
        },
      ],
    });
    expect(reportLines(report).join('\n')).toContain("Hive's view shows 1:0, Elasticsearch 1:0");
  });

  it('are broken where Elasticsearch does not show the one that was received first', async () => {
    sources.add(0, copy(5, 'red', LATE));
    sources.add(1, copy(0, 'blue', EARLY), { document: false });
    expect(await wrong(sources)).toEqual(['es-sink damaged 0:5 x']);
  });

  it('may have been refused by Elasticsearch: the next one is shown', async () => {
    const refused = copy(0, 'blue', EARLY);
    sources.add(0, copy(5, 'red', LATE));
    sources.add(1, refused, { document: false });
    sources.letters['es-sink'].push({ partition: 1, offset: 0, value: refused.value });
    expect(await wrong(sources)).toEqual([]);
  });
});

describe('what strangers wrote', () => {
  it('cannot command a terminal', async () => {
    sources.add(0, record(5, event('\u001b[2J\u009b31m\u202e')), { row: false });
    const report = await audit(sources);
    const text = [...reportLines(report), printableJson(report)].join('\n');
    expect(text).toMatch(/^[\n\x20-\x7e]*$/);
    expect(text).toContain('\\u001b[2J');
  });
});
