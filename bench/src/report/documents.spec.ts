import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';
import { outdatedBlocks } from './blocks.ts';
import { blocksOf, DOCUMENTS, keptLegs, WORKSPACE } from './documents.ts';
import { newestLegs } from './newest-legs.ts';
import { type LegReport, type Report } from './report.ts';

const spread = { median: 2_000, least: 1_500, most: 2_500 };
const machine = {
  cpu: 'a CPU',
  cores: 2,
  memoryGiB: 8,
  node: '24',
  servers: 'Kafka 4',
  commit: 'abc',
  loadBefore: '0.1',
};
const leg = (name: string, fields: Partial<LegReport> = {}): LegReport => ({
  leg: name,
  title: name,
  seconds: 1,
  measured: (['ours', 'floor', 'peer'] as const).map((kind) => ({
    load: 'all events',
    who: `the ${kind}`,
    kind,
    figures: { eventsPerSecond: spread },
  })),
  bars: [],
  faults: [],
  contestants: [{ name: 'the peer', kind: 'peer', guarantee: 'at most once', version: '1.2' }],
  ...fields,
});
const row = (who: string, kind: 'ours' | 'floor' | 'peer', median: number) => ({
  load: 'all events',
  who,
  kind,
  figures: { eventsPerSecond: { median, least: 1_500, most: 4_000 } },
});
const contested = leg('es', {
  measured: [
    row('ours', 'ours', 2_000),
    row('the slow floor', 'floor', 1_800),
    row('the fast floor', 'floor', 3_000),
    row('another peer', 'peer', 1_700),
    row('the peer', 'peer', 2_500),
  ],
  contestants: [
    { name: 'another peer', kind: 'peer', guarantee: 'nothing', version: '3' },
    { name: 'the peer', kind: 'peer', guarantee: 'at most once', version: '1.2' },
  ],
});
const report = (startedAt: string, legs: LegReport[], size: Report['size'] = 'full'): Report => ({
  startedAt,
  size,
  repetitions: 3,
  machine,
  legs,
});

describe('documents with results', () => {
  it.each(DOCUMENTS)('%s says what the kept results say: npm run bench:report', async (name) => {
    const text = readFileSync(join(WORKSPACE, name), 'utf8');
    expect(text).toContain('<!-- bench:');
    expect(outdatedBlocks(text, blocksOf(await keptLegs()))).toEqual([]);
  });

  it('take of each leg the newest whole run that came to a result', () => {
    const reports = [
      report('2026-01-02', [leg('es'), leg('hdfs')]),
      report('2026-01-03', [leg('es', { title: 'newest' }), leg('hdfs', { error: 'no' })]),
      report('2026-01-04', [leg('es', { title: 'quick' })], 'quick'),
    ];
    const newest = newestLegs(reports, ['hdfs', 'es', 'rest']);
    expect(newest.map((each) => [each.leg.title, each.run.startedAt])).toEqual([
      ['hdfs', '2026-01-02'],
      ['newest', '2026-01-03'],
    ]);
  });

  it('have for each part one headline of its first load, with the best floor and the best peer', () => {
    const [es] = newestLegs([report('2026-01-02', [contested])], ['es']);
    expect(blocksOf([es!]).get('summary')).toContain(
      '- [Kafka → Elasticsearch](docs/performance.md#kafka--elasticsearch), all events: **2,000 events/s** (best floor 3,000, best peer 2,500)',
    );
  });

  it('have for each load the best floor and the best peer, and what that peer promises', () => {
    const [es] = newestLegs([report('2026-01-02', [contested])], ['es']);
    const block = blocksOf([es!]).get('es');
    expect(block).toContain('| all events | 2,000 | 3,000 the fast floor | 2,500 the peer |');
    expect(block).toContain('- the peer 1.2: at most once.');
    expect(block).not.toContain('another peer');
  });

  it('name every promise that is missed, with its bar', () => {
    const bar = { what: 'share', value: spread, bar: 3_000, holds: false };
    const [es] = newestLegs(
      [report('2026-01-02', [leg('es', { bars: [bar, { ...bar, holds: true }] })])],
      ['es'],
    );
    expect(blocksOf([es!]).get('es')).toContain(
      'Promises that hold: 1 of 2. **Missed**: share: 2,000, bar 3,000.',
    );
  });
});
