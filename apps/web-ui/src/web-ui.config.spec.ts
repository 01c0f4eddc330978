import { describe, expect, it } from '@jest/globals';
import { ConfigError } from '@pipeline/config';
import { webUiSettings } from './web-ui.config.ts';

function mistakesOf(environment: Record<string, string>): readonly string[] {
  try {
    webUiSettings.load(environment);
    return [];
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
}

describe('the settings of web-ui', () => {
  it('are all optional', () => {
    expect(webUiSettings.load({})).toMatchObject({ port: 3000, collectorPublicUrl: 'http://localhost:3001' });
  });

  it('are refused with every mistake at once', () => {
    const mistakes = mistakesOf({
      COLLECTOR_PUBLIC_URL: 'javascript:alert(1)',
      WEB_UI_PORT: 'x',
      KAFKA_BROKERS: 'nowhere',
    });
    expect(mistakes).toHaveLength(3);
  });

  it.each([
    { WEB_UI_LIVE_INTERVAL_MS: '5000', WEB_UI_LIVE_HEARTBEAT_MS: '4000' },
    { WEB_UI_LIVE_MAX_SUBSCRIBERS: '100', WEB_UI_MAX_CONNECTIONS: '100' },
    { WEB_UI_QUERY_TIMEOUT_MS: '3000', SHUTDOWN_GRACE_MS: '2000' },
  ])('are refused when they contradict each other: %j', (environment) => {
    expect(mistakesOf(environment)).toHaveLength(1);
  });
});
