import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '@pipeline/config';
import { collectorApiSettings } from './collector-api.config.ts';

const mistakesOf = (environment: Record<string, string>): readonly string[] => {
  try {
    collectorApiSettings.load(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
};

describe('the settings of collector-api', () => {
  it('need nothing to be set', () => {
    expect(collectorApiSettings.load({})).toMatchObject({
      port: 3001,
      kafkaBrokers: ['localhost:9092'],
      allowedOrigins: [],
      maxBodyBytes: 1_048_576,
      maxEventsPerRequest: 500,
    });
  });

  it('leave Kafka less than a second to acknowledge, so that a refusal comes within one', () => {
    expect(collectorApiSettings.load({}).publishTimeoutMs).toBeLessThan(1_000);
  });

  it('list every mistake at once', () => {
    const mistakes = mistakesOf({
      COLLECTOR_API_PORT: 'x',
      COLLECTOR_API_MAX_EVENTS: '0',
      COLLECTOR_API_MAX_BODY_BYTES: '-1',
      COLLECTOR_API_RECENT_IDS: '1.5',
      KAFKA_BROKERS: 'nowhere',
      KAFKA_ACKS: '2',
    });
    expect(mistakes.map((mistake) => mistake.split('=')[0]).sort()).toEqual([
      'COLLECTOR_API_MAX_BODY_BYTES',
      'COLLECTOR_API_MAX_EVENTS',
      'COLLECTOR_API_PORT',
      'COLLECTOR_API_RECENT_IDS',
      'KAFKA_ACKS',
      'KAFKA_BROKERS',
    ]);
  });

  it.each(['localhost:3000', 'https://a.example/', 'https://a.example/page', '*'])(
    'refuse %s as an origin',
    (origin) => {
      expect(mistakesOf({ COLLECTOR_API_ALLOWED_ORIGINS: `https://a.example,${origin}` })).toEqual([
        expect.stringContaining(`COLLECTOR_API_ALLOWED_ORIGINS names ${origin}:`),
      ]);
    },
  );

  it('must fit together', () => {
    expect(mistakesOf({ PUBLISH_TIMEOUT_MS: '30000', PUBLISH_MAX_QUEUE_BYTES: '1000' })).toHaveLength(2);
  });
});
