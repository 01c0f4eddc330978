import { type AuditReport } from '@pipeline/audit';
import { describe, expect, it } from '@jest/globals';
import { countsOf } from './audited.ts';

const hour = {
  partition: 0,
  hour: '',
  records: 10,
  rows: 10,
  documents: 9,
  deadLetters: { 'hdfs-sink': 0, 'es-sink': 1 },
  waiting: { 'hdfs-sink': 0, 'es-sink': 0 },
  duplicates: 0,
  conserved: true,
  unique: true,
  intact: true,
};
const report = (findings: AuditReport['findings']): AuditReport => ({
  topic: 't',
  conserved: true,
  unique: true,
  intact: true,
  verdict: findings.length === 0 ? 'holds' : 'broken',
  holds: findings.length === 0,
  underWay: 0,
  hours: [hour, hour],
  findings,
  copies: { total: 0, examples: [] },
  foreignLetters: { 'hdfs-sink': 0, 'es-sink': 0 },
  notJudged: { expired: 0, later: 0 },
  durationMs: 1,
});

describe('the counts of an audit', () => {
  it('are sums when everything holds', () => {
    expect(countsOf(report([]), [])).toEqual({
      records: 20,
      lost: 0,
      double: 0,
      deadLetters: 2,
      failures: [],
    });
  });

  it('do not pass over what is still under way', () => {
    const counts = countsOf({ ...report([]), verdict: 'holds so far', underWay: 2 }, []);
    expect(counts.failures).toEqual(['2 records are not committed by both sinks']);
  });

  it('name what an audit found, and what was acknowledged and never reached Kafka', () => {
    const example = { partition: 1, offset: 5, eventId: 'e', detail: 'gone' };
    const counts = countsOf(
      report([
        { sink: 'hdfs-sink', kind: 'lost', total: 3, examples: [example] },
        { sink: 'es-sink', kind: 'double', total: 2, examples: [] },
        { sink: 'es-sink', kind: 'damaged', total: 1, examples: [] },
      ]),
      ['x'],
    );
    expect(counts).toMatchObject({ lost: 4, double: 2 });
    expect(counts.failures).toHaveLength(4);
    expect(counts.failures[1]).toContain('hdfs-sink: 3 lost (1:5 e gone)');
  });
});
