import {
  type CrossFieldRule,
  defineSettings,
  milliseconds,
  oneOf,
  text,
  urls,
  type Values,
} from '@pipeline/config';
import { drainFitsGrace, sinkSettings } from '@pipeline/sink-runtime';
import { COMMIT_STEPS } from './chain/file-publisher.ts';
import { COMPRESSIONS } from './chain/file-name.ts';

/** Few large files are what HDFS likes: one block or five minutes. The local stack rotates after five seconds. */
const FLUSH_DEFAULTS = {
  maxRecords: 1_000_000,
  maxBytes: 128 << 20,
  maxAgeMs: 300_000,
  memoryBudgetBytes: 320 << 20,
};

const hdfsSettings = {
  webHdfsUrls: urls('WEBHDFS_URL', 'All NameNodes, or HttpFS; comma list of URLs', {
    fallback: 'http://localhost:9870',
  }),
  webHdfsUser: text('WEBHDFS_USER', 'HDFS user that owns the files', { fallback: 'pipeline' }),
  webHdfsDelegationToken: text(
    'WEBHDFS_DELEGATION_TOKEN',
    'Delegation token for a cluster with Kerberos; replaces the user',
    { fallback: '', secret: true },
  ),
  webHdfsDelegationTokenFile: text(
    'WEBHDFS_DELEGATION_TOKEN_FILE',
    'File with the delegation token, read for every request, so it can be renewed',
    { fallback: '' },
  ),
  webHdfsCa: text(
    'WEBHDFS_CA',
    'PEM file of the authority that signed the NameNodes and DataNodes; empty: the system’s authorities',
    { fallback: '' },
  ),
  root: text('HDFS_SINK_ROOT', 'HDFS folder above the topics’ folders', { fallback: '/pipeline' }),
  compression: oneOf('HDFS_SINK_COMPRESSION', 'Compression of files', COMPRESSIONS, 'none'),
  requestTimeoutMs: milliseconds('HDFS_SINK_REQUEST_TIMEOUT_MS', 'Time-out of a request to a NameNode', {
    fallback: '5000',
  }),
  uploadTimeoutMs: milliseconds(
    'HDFS_SINK_UPLOAD_TIMEOUT_MS',
    'Time-out of the upload of a file, or of a piece of a growing file',
    {
      fallback: '12000',
    },
  ),
  stagingMaxAgeMs: milliseconds(
    'HDFS_SINK_STAGING_MAX_AGE_MS',
    'Age at which an abandoned staging file is removed',
    {
      fallback: '86400000',
      min: 3_600_000,
    },
  ),
  crashAt: oneOf(
    'HDFS_SINK_CRASH_AT',
    'For fault drills only: the step of a commit at which the process kills itself',
    ['never', ...COMMIT_STEPS],
    'never',
  ),
};

const shape = {
  ...sinkSettings('hdfs-sink', FLUSH_DEFAULTS),
  ...hdfsSettings,
};

/** Everything hdfs-sink reads from the environment. */
export type HdfsSinkConfig = Values<typeof shape>;

const rules: CrossFieldRule<HdfsSinkConfig>[] = [
  drainFitsGrace,
  ({ uploadTimeoutMs, sessionTimeoutMs }) =>
    uploadTimeoutMs < sessionTimeoutMs
      ? undefined
      : 'HDFS_SINK_UPLOAD_TIMEOUT_MS must be below HDFS_SINK_SESSION_TIMEOUT_MS',
  ({ uploadTimeoutMs, drainTimeoutMs }) =>
    uploadTimeoutMs < drainTimeoutMs
      ? undefined
      : 'HDFS_SINK_UPLOAD_TIMEOUT_MS must be below HDFS_SINK_DRAIN_TIMEOUT_MS',
  ({ root }) =>
    /^(\/[\w.=-]+)+$/.test(root)
      ? undefined
      : `HDFS_SINK_ROOT="${root}" must be an absolute path of letters, digits and ._=- without a slash at its end`,
  ({ webHdfsDelegationToken, webHdfsDelegationTokenFile }) =>
    webHdfsDelegationToken === '' || webHdfsDelegationTokenFile === ''
      ? undefined
      : 'WEBHDFS_DELEGATION_TOKEN and WEBHDFS_DELEGATION_TOKEN_FILE exclude each other',
];

export const hdfsSinkSettings = defineSettings(shape, rules);
