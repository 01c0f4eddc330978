import { describe, expect, it } from '@jest/globals';
import { recordHeaders, recordKey } from './record-parts.ts';
import {
  allTopics,
  deadLetterTopic,
  GROUPS,
  MAX_BATCH_BYTES,
  rejectedTopic,
  replyTopic,
  TOPICS,
} from './topics.ts';

describe('topics', () => {
  it('give select-color three partitions, two copies and the time of the broker', () => {
    expect(TOPICS.selectColor).toMatchObject({ name: 'select-color', partitions: 3, replicationFactor: 2 });
    expect(TOPICS.selectColor.config).toMatchObject({ 'message.timestamp.type': 'LogAppendTime' });
  });

  it('name every topic once, dead letters of both sinks and replies included', () => {
    const names = allTopics().map(({ name }) => name);
    expect(new Set(names).size).toBe(names.length);
    expect(names).toEqual(
      expect.arrayContaining([
        'select-color',
        deadLetterTopic('select-color', GROUPS.hdfsSink),
        'select-color.es-sink.dlq',
        'page-view',
        'page-view.hdfs-sink.dlq',
        rejectedTopic('select-color'),
        replyTopic('es-sink.query.summary'),
      ]),
    );
  });

  it('keep the newest record of each key of a table, all others for a week, and no refused ones', () => {
    const topics = new Map(allTopics().map((topic) => [topic.name, topic.config]));
    expect(topics.get('shop.product')).toMatchObject({
      'cleanup.policy': 'compact',
      'message.timestamp.type': 'LogAppendTime',
      'min.compaction.lag.ms': '604800000',
      'delete.retention.ms': '604800000',
    });
    expect([...topics.keys()].filter((name) => name.startsWith('shop.product.')).sort()).toEqual([
      'shop.product.es-sink.dlq',
      'shop.product.hdfs-sink.dlq',
    ]);
  });

  it('keep refused events for days and bytes that are bounded, as they hold what strangers sent', () => {
    const rejected = allTopics().find(({ name }) => name === 'select-color.rejected');
    expect(rejected?.config).toMatchObject({ 'retention.ms': '604800000', 'retention.bytes': '268435456' });
  });

  it('leave room in a dead-letter topic for the largest record with its provenance', () => {
    for (const { name, config } of allTopics().filter((topic) => topic.name.endsWith('.dlq'))) {
      expect({ name, bytes: Number(config['max.message.bytes']) }).toEqual({
        name,
        bytes: expect.any(Number),
      });
      expect(Number(config['max.message.bytes'])).toBeGreaterThan(MAX_BATCH_BYTES);
    }
  });
});

describe('record parts', () => {
  const KEY = ['visitor_id', 'user_name'];

  it('key a record by the first key field that holds a text', () => {
    expect(recordKey({ event_id: 'e', visitor_id: 'v', user_name: 'Ada' }, KEY)).toBe('v');
    expect(recordKey({ event_id: 'e', user_name: 'Ada' }, KEY)).toBe('Ada');
  });

  it('key a record by its own id where no key field holds a text, so that a repeat meets itself', () => {
    expect(recordKey({ event_id: 'e', user_name: 7 }, KEY)).toBe('e');
  });

  it('put type and version into headers as text', () => {
    expect(recordHeaders({ event_type: 'select-color', schema_version: 1 })).toEqual({
      event_type: 'select-color',
      schema_version: '1',
    });
  });
});
