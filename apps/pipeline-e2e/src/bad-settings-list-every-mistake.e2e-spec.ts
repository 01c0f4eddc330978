import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { describe, expect, it } from '@jest/globals';

const APPS = join(import.meta.dirname, '../..');

/** Runs a built app with nothing but these settings, to its end. */
function run(app: string, settings: Record<string, string>): Promise<{ code: unknown; stderr: string }> {
  const main = join(APPS, app, 'dist/main.js');
  return new Promise((resolve) => {
    execFile(process.execPath, [main], { env: settings, timeout: 20_000 }, (error, _stdout, stderr) => {
      resolve({ code: error?.code ?? 0, stderr });
    });
  });
}

describe('an app with several wrong settings', () => {
  it.each([
    [
      'collector-api',
      { COLLECTOR_API_PORT: '70000', KAFKA_BROKERS: 'nowhere', KAFKA_ACKS: 'some', LOG_LEVEL: 'loud' },
    ],
    [
      'hdfs-sink',
      { HDFS_SINK_PORT: 'x', WEBHDFS_URL: 'ftp://x', HDFS_SINK_FLUSH_MAX_BYTES: '-1', LOG_LEVEL: 'loud' },
    ],
    [
      'es-sink',
      { ES_SINK_PORT: '-1', ELASTICSEARCH_NODE: 'x', ES_SINK_FLUSH_MAX_AGE_MS: '1.5', LOG_LEVEL: 'loud' },
    ],
    ['web-ui', { WEB_UI_PORT: '1e3', COLLECTOR_PUBLIC_URL: 'x', SHUTDOWN_GRACE_MS: '0', LOG_LEVEL: 'loud' }],
  ])('%s names each of them, exits with 1 and shows no stack trace', async (app, settings) => {
    const { code, stderr } = await run(app, settings);
    for (const [key, value] of Object.entries(settings)) expect(stderr).toContain(`${key}="${value}"`);
    expect(stderr).not.toMatch(/^\s+at /m);
    expect(code).toBe(1);
  });
});
