import { describe, expect, it } from '@jest/globals';
import { indexPattern, indexTemplate, TEMPLATE_VERSION } from './index-template.ts';

/** Elasticsearch's wildcard: `*` is any text. */
const matches = (pattern: string, index: string) =>
  new RegExp(`^${pattern.replaceAll('.', '\\.').replaceAll('*', '.*')}$`).test(index);

describe('the index pattern', () => {
  it.each([
    ['select-color-2026.11.22', true],
    ['select-color-2099.12.31', true],
    ['select-color-archive-2026.11.22', false],
    ['select-colors-2026.11.22', false],
    ['my-select-color-2026.11.22', false],
    ['select-color-2026', false],
    ['.ds-select-color-2026.11.22-000001', false],
  ])('of select-color covers %s: %s', (index, covered) => {
    expect(matches(indexPattern('select-color'), index)).toBe(covered);
  });
});

describe('the index template', () => {
  const { name, version, body } = indexTemplate('select-color', '0-1');

  it('belongs to one topic and carries its version', () => {
    expect({ name, version, patterns: body.index_patterns }).toEqual({
      name: 'pipeline-select-color',
      version: TEMPLATE_VERSION,
      patterns: ['select-color-20*.*.*'],
    });
  });

  it('maps every field of the event and its lineage', () => {
    const types = Object.entries(body.template.mappings.properties ?? {}).map(([field, { type }]) => [
      field,
      type,
    ]);
    expect(Object.fromEntries(types)).toEqual({
      event_id: 'keyword',
      event_type: 'keyword',
      schema_version: 'integer',
      user_name: 'keyword',
      color_name: 'keyword',
      user_agent: 'keyword',
      is_bot: 'boolean',
      bot_reason: 'keyword',
      client_network: 'ip',
      occurred_at: 'date',
      received_at: 'date',
      occurred_at_original: 'keyword',
      page_url: 'keyword',
      referrer: 'keyword',
      visitor_id: 'keyword',
      session_id: 'keyword',
      kafka_topic: 'keyword',
      kafka_partition: 'integer',
      kafka_offset: 'long',
    });
  });

  it('lets no unknown field refuse a document or blow up the mapping', () => {
    expect(body.template.mappings.dynamic).toBe('runtime');
    expect(body.template.settings.mapping?.total_fields).toEqual({
      limit: 300,
      ignore_dynamic_beyond_limit: true,
    });
  });

  it('refreshes every second, searched or not, on one shard', () => {
    expect(body.template.settings).toMatchObject({ refresh_interval: '1s', number_of_shards: 1 });
  });

  it.each([
    ['0-1', { auto_expand_replicas: '0-1' }],
    ['2', { number_of_replicas: '2' }],
  ])('keeps %s copies beside the first', (replicas, settings) => {
    expect(indexTemplate('select-color', replicas).body.template.settings).toMatchObject(settings);
  });

  it('has a fingerprint of everything it says', () => {
    expect(indexTemplate('select-color', '0-1').fingerprint).toBe(
      indexTemplate('select-color', '0-1').fingerprint,
    );
    expect(indexTemplate('select-color', '2').fingerprint).not.toBe(
      indexTemplate('select-color', '0-1').fingerprint,
    );
  });
});
