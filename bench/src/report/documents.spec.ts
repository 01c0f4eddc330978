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

  it('name in one line of the summary ours, the floors and the peers with their versions', () => {
    const [es] = newestLegs([report('2026-01-02', [leg('es')])], ['es']);
    const blocks = blocksOf([es!]);
    expect(blocks.get('summary')).toContain(
      '| Kafka → Elasticsearch, all events | 2,000 | 2,000 the floor | 2,000 the peer 1.2 |',
    );
    expect(blocks.get('es')).toContain('| all events | the peer | 2,000 [1,500–2,500] |');
    expect(blocks.get('es')).toContain('| the peer 1.2 | at most once |');
  });
});
