import { describe, expect, it } from '@jest/globals';
import { type DrillResult } from '../run/drill-result.ts';
import { markdownReport } from './markdown-report.ts';
import { resultLine } from './result-line.ts';

const result = (changes: Partial<DrillResult> = {}): DrillResult => ({
  name: 'flood',
  title: 'Water comes in.',
  seed: 42,
  startedAt: '2026-11-22T09:00:00.000Z',
  durationMs: 125_000,
  loadAverage: 3.1,
  acknowledged: 12_345,
  records: 12_345,
  lost: 0,
  double: 0,
  deadLetters: 1,
  longestPauseMs: { 'hdfs-sink': 7_240, 'es-sink': 900 },
  notes: ['two metres'],
  failures: [],
  ...changes,
});

const machine = {
  processors: '2 × CPU',
  memoryGib: 24,
  system: 'linux 6',
  node: 'v24.21.0',
  servers: 'Kafka 4',
  commit: 'abc',
};

describe('a result', () => {
  it('is one line with events, lost, double, pauses and verdict', () => {
    expect(resultLine(result()).replaceAll(/ {2,}/g, '  ')).toBe(
      'held  flood  12,345 events  0 lost  0 double  longest pause hdfs-sink 7.2 s, es-sink 0.9 s  2 min 5 s',
    );
    expect(resultLine(result({ failures: ['wet'] }))).toMatch(/^BROKEN {2}flood/);
  });
});

describe('the report', () => {
  const report = (results: DrillResult[]) =>
    markdownReport({ ...machine, seed: 42, atOnce: 2, results, notRun: ['quake'] });

  it('states machine, versions, seed, sums and a row per drill', () => {
    const text = report([result(), result({ name: 'fire', lost: 2, failures: ['2 missing'] })]);
    expect(text).toContain('**1 of 2 held**, 24,690 events, 2 lost, 0 double; 1 not run.');
    expect(text).toContain('Node 24.21.0');
    expect(text).toContain('2 at once');
    expect(text).toContain(
      '| flood | 12,345 | 0 | 0 | 1 | hdfs-sink 7.2 s, es-sink 0.9 s | 2 min 5 s | 42 | held |',
    );
    expect(text).toContain('| fire | 12,345 | 2 |');
    expect(text).toContain('- **2 missing**');
    expect(text).toContain('- two metres');
    expect(text).toMatch(/\| quake +\|.*not run \|/);
  });

  it('lasts from the first start to the last end, whatever ran beside it', () => {
    const later = result({ name: 'fire', startedAt: '2026-11-22T09:01:00.000Z', durationMs: 30_000 });
    expect(report([later, result()])).toMatch(/started +\| 2026-11-22T09:00:00.000Z/);
    expect(report([later, result()])).toContain('2 min 5 s, 2 at once');
  });
});
