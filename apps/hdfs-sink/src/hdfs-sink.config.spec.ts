import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { ConfigError } from '@pipeline/config';
import { LOOPBACK_TLS } from '@pipeline/testing/fake-stores';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { hdfsConnection } from './hdfs/hdfs-connection.ts';
import { hdfsSinkSettings } from './hdfs-sink.config.ts';
import { loginOf } from './hdfs/hdfs-connection.ts';

const mistakesOf = (environment: Record<string, string>): readonly string[] => {
  try {
    hdfsSinkSettings.load(environment);
  } catch (error) {
    if (error instanceof ConfigError) return error.mistakes;
    throw error;
  }
  return [];
};

describe('the settings of hdfs-sink', () => {
  it('need nothing on a local stack', () => {
    expect(hdfsSinkSettings.load({})).toMatchObject({
      port: 3002,
      webHdfsUrls: ['http://localhost:9870'],
      root: '/pipeline',
      compression: 'none',
      crashAt: 'never',
    });
  });

  it('make files of one HDFS block, or of five minutes, by default', () => {
    expect(hdfsSinkSettings.load({})).toMatchObject({ flushMaxBytes: 134_217_728, flushMaxAgeMs: 300_000 });
  });

  it('take all NameNodes of a highly available cluster', () => {
    const { webHdfsUrls } = hdfsSinkSettings.load({ WEBHDFS_URL: 'http://nn1:9870, https://nn2:9871/' });
    expect(webHdfsUrls).toEqual(['http://nn1:9870', 'https://nn2:9871']);
  });

  it.each([
    [{ HDFS_SINK_UPLOAD_TIMEOUT_MS: '14000', HDFS_SINK_SESSION_TIMEOUT_MS: '10000' }, /SESSION_TIMEOUT_MS/],
    [{ HDFS_SINK_UPLOAD_TIMEOUT_MS: '20000' }, /must be below HDFS_SINK_DRAIN_TIMEOUT_MS/],
    [{ SHUTDOWN_GRACE_MS: '15000' }, /must be below SHUTDOWN_GRACE_MS/],
    [{ HDFS_SINK_ROOT: 'pipeline/' }, /HDFS_SINK_ROOT="pipeline\/" must be an absolute path/],
    [{ HDFS_SINK_COMPRESSION: 'lz4' }, /must be one of none, gzip/],
    [
      { HDFS_SINK_CRASH_AT: 'start' },
      /must be one of never, staged, verified, renamed, before-offset-commit/,
    ],
    [{ HDFS_SINK_STAGING_MAX_AGE_MS: '1000' }, /must be at least 3600000/],
    [{ WEBHDFS_DELEGATION_TOKEN: 't', WEBHDFS_DELEGATION_TOKEN_FILE: '/t' }, /exclude each other/],
  ])('are refused when they contradict each other or the contract: %j', (environment, mistake) => {
    expect(mistakesOf(environment)).toEqual([expect.stringMatching(mistake)]);
  });

  it('never show a delegation token', () => {
    const settings = hdfsSinkSettings.load({ WEBHDFS_DELEGATION_TOKEN: 'hunter2' });
    expect(JSON.stringify(hdfsSinkSettings.redact(settings))).not.toContain('hunter2');
  });
});

describe('the way to HDFS', () => {
  const connectionOf = (environment: Record<string, string>) =>
    hdfsConnection(hdfsSinkSettings.load(environment));

  it('has the name of a user, or a token', async () => {
    const byUser = connectionOf({ WEBHDFS_USER: 'events' });
    expect(await loginOf(byUser)).toEqual({ 'user.name': 'events' });
    const byToken = connectionOf({ WEBHDFS_USER: 'events', WEBHDFS_DELEGATION_TOKEN: 'abc' });
    expect(await loginOf(byToken)).toEqual({ delegation: 'abc' });
  });

  describe('with files', () => {
    let folder: string;

    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'hdfs-sink-'));
    });

    afterEach(() => rmSync(folder, { recursive: true }));

    it('reads a token again that somebody renewed', async () => {
      const file = join(folder, 'token');
      const connection = connectionOf({ WEBHDFS_DELEGATION_TOKEN_FILE: file });
      await expect(loginOf(connection)).rejects.toMatchObject({ code: 'permission' });
      writeFileSync(file, ' \n');
      await expect(loginOf(connection)).rejects.toMatchObject({ code: 'permission' });
      writeFileSync(file, 'one\n');
      expect(await loginOf(connection)).toEqual({ delegation: 'one' });
      writeFileSync(file, 'two');
      expect(await loginOf(connection)).toEqual({ delegation: 'two' });
    });

    it('trusts the authority in the file', () => {
      const file = join(folder, 'ca.crt');
      writeFileSync(file, LOOPBACK_TLS.cert);
      expect(connectionOf({ WEBHDFS_CA: file }).ca).toBe(LOOPBACK_TLS.cert);
      expect(connectionOf({}).ca).toBeUndefined();
    });
  });
});
