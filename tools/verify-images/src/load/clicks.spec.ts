import { type AuditReport } from '@pipeline/audit';
import { describe, expect, it } from '@jest/globals';
import { complaints } from './audit-clicks.ts';
import { durableIds } from './clicks.ts';

describe('what an answer claims to be durable', () => {
  const results = [
    { event_id: 'a', status: 'accepted' },
    { event_id: 'b', status: 'duplicate' },
    { event_id: 'c', status: 'rejected' },
  ];

  it('is what was accepted, now or before', () => {
    expect(durableIds(202, { results })).toEqual(['a', 'b']);
  });

  it('is nothing with another status', () => {
    expect(durableIds(503, { code: 'queue-full' })).toEqual([]);
  });
});

describe('the clicks', () => {
  const hour: AuditReport['hours'][number] = {
    partition: 0,
    hour: '',
    records: 10,
    rows: 10,
    documents: 10,
    deadLetters: { 'hdfs-sink': 0, 'es-sink': 0 },
    waiting: { 'hdfs-sink': 0, 'es-sink': 0 },
    duplicates: 0,
    conserved: true,
    unique: true,
    intact: true,
  };
  const report = (changes: Partial<AuditReport>): AuditReport => ({
    topic: 't',
    conserved: true,
    unique: true,
    intact: true,
    verdict: 'holds',
    holds: true,
    underWay: 0,
    hours: [hour],
    findings: [],
    copies: { total: 0, examples: [] },
    foreignLetters: { 'hdfs-sink': 0, 'es-sink': 0 },
    notJudged: { expired: 0, later: 0 },
    durationMs: 1,
    ...changes,
  });

  it('are all there when nothing is wrong', () => {
    expect(complaints(report({}), 0)).toEqual([]);
  });

  it.each<[string, Partial<AuditReport>, number, string]>([
    ['lost on their way to Kafka', {}, 3, '3 acknowledged and not in Kafka'],
    [
      'lost in a store',
      { findings: [{ sink: 'hdfs-sink', kind: 'lost', total: 2, examples: [] }] },
      0,
      'hdfs-sink: 2 lost',
    ],
    ['under way', { underWay: 2 }, 0, '2 not committed in time'],
    [
      'dead-lettered',
      { hours: [{ ...hour, deadLetters: { 'hdfs-sink': 1, 'es-sink': 1 } }] },
      0,
      '2 dead letters',
    ],
    ['none at all', { hours: [{ ...hour, records: 0 }] }, 0, 'nothing was sent'],
  ])('are complained about when they are %s', (_title, changes, lost, complaint) => {
    expect(complaints(report(changes), lost)).toEqual([complaint]);
  });
});
