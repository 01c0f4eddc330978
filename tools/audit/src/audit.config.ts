import { defineSettings, milliseconds, text, urls, type Values } from '@pipeline/config';
import { kafkaSettings, publisherSettings } from '@pipeline/kafka-transport';
import { appSettings } from '@pipeline/observability';

const shape = {
  ...kafkaSettings,
  webHdfsUrls: urls('WEBHDFS_URL', 'NameNodes or HttpFS, comma list of URLs', {
    fallback: 'http://localhost:9870',
  }),
  webHdfsUser: text('WEBHDFS_USER', 'HDFS user that may read the files', { fallback: 'pipeline' }),
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
  hdfsRoot: text('HDFS_SINK_ROOT', 'HDFS folder above the topics’ folders', { fallback: '/pipeline' }),
  elasticsearchNodes: urls('ELASTICSEARCH_NODE', 'Elasticsearch nodes, comma list of URLs', {
    fallback: 'http://localhost:9200',
  }),
  elasticsearchApiKey: text('ELASTICSEARCH_API_KEY', 'Encoded API key', { fallback: '', secret: true }),
  elasticsearchUsername: text('ELASTICSEARCH_USERNAME', 'User name, instead of an API key', { fallback: '' }),
  elasticsearchPassword: text('ELASTICSEARCH_PASSWORD', 'Password of the user', {
    fallback: '',
    secret: true,
  }),
  elasticsearchCa: text(
    'ELASTICSEARCH_CA',
    'PEM file of the authority that signed the nodes; empty: the system’s authorities',
    { fallback: '' },
  ),
};

/** Where the audited pipeline is. */
export type AuditSettings = Values<typeof shape>;

/** Keys that the sinks read too, so that an audit looks where they write. */
export const auditSettings = defineSettings(shape);

const followShape = {
  ...appSettings('audit'),
  ...shape,
  ...publisherSettings,
  intervalMs: milliseconds('AUDIT_INTERVAL_MS', 'Interval between the rounds of the continuous audit', {
    fallback: '10000',
    min: 100,
  }),
};

/** Everything that the continuous audit reads from the environment. */
export type FollowConfig = Values<typeof followShape>;

export const followSettings = defineSettings(followShape);
