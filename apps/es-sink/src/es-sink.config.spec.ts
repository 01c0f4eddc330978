import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '@pipeline/config';
import { esSinkSettings } from './es-sink.config.ts';

const mistakesOf = (environment: Record<string, string>): readonly string[] => {
  try {
    esSinkSettings.load(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
};

describe('the settings of es-sink', () => {
  it('need nothing on a local stack', () => {
    expect(esSinkSettings.load({})).toMatchObject({
      port: 3003,
      elasticsearchNode: ['http://localhost:9200'],
      bulkMaxBytes: 2_000_000,
      maxConcurrentBulks: 3,
    });
  });

  it('flush within half a second by default', () => {
    expect(esSinkSettings.load({}).flushMaxAgeMs).toBeLessThanOrEqual(500);
  });

  it.each([
    [{ ES_SINK_BULK_TIMEOUT_MS: '25000' }, /BULK_TIMEOUT_MS must be below SHUTDOWN_GRACE_MS/],
    [
      { ES_SINK_BULK_TIMEOUT_MS: '14000', ES_SINK_SESSION_TIMEOUT_MS: '6000' },
      /below ES_SINK_SESSION_TIMEOUT_MS/,
    ],
    [{ ES_SINK_DRAIN_TIMEOUT_MS: '25000' }, /SHUTDOWN_GRACE_MS/],
    [{ ES_SINK_BULK_MAX_BYTES: '50000000' }, /must not pass 56 MiB/],
    [{ ELASTICSEARCH_USERNAME: 'u' }, /belong together/],
    [
      { ELASTICSEARCH_API_KEY: 'k', ELASTICSEARCH_USERNAME: 'u', ELASTICSEARCH_PASSWORD: 'p' },
      /exclude each other/,
    ],
    [{ ES_SINK_INDEX_REPLICAS: 'many' }, /ES_SINK_INDEX_REPLICAS="many"/],
    [{ ELASTICSEARCH_NODE: 'localhost:9200' }, /ELASTICSEARCH_NODE/],
  ])('are refused when they contradict each other: %j', (environment, mistake) => {
    expect(mistakesOf(environment)).toEqual([expect.stringMatching(mistake)]);
  });

  it('never show a secret', () => {
    const environment = { ELASTICSEARCH_USERNAME: 'u', ELASTICSEARCH_PASSWORD: 'hunter2' };
    expect(JSON.stringify(esSinkSettings.redact(esSinkSettings.load(environment)))).not.toContain('hunter2');
  });
});
