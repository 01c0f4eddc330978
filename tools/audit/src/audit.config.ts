import { defineSettings, text, urls, type Values } from '@pipeline/config';
import { kafkaSettings } from '@pipeline/kafka-transport';

const shape = {
  ...kafkaSettings,
  webHdfsUrls: urls('WEBHDFS_URL', 'NameNodes or HttpFS, comma list of URLs', {
    fallback: 'http://localhost:9870',
  }),
  webHdfsUser: text('WEBHDFS_USER', 'HDFS user that may read the files', { fallback: 'pipeline' }),
  webHdfsDelegationToken: text(
    'WEBHDFS_DELEGATION_TOKEN',
    'Delegation token of a cluster with Kerberos, instead of the user',
    { fallback: '', secret: true },
  ),
  hdfsRoot: text('HDFS_SINK_ROOT', 'Folder that holds the folders of the topics', { fallback: '/pipeline' }),
  elasticsearchNodes: urls('ELASTICSEARCH_NODE', 'Elasticsearch nodes, comma list of URLs', {
    fallback: 'http://localhost:9200',
  }),
  elasticsearchApiKey: text('ELASTICSEARCH_API_KEY', 'Encoded API key', { fallback: '', secret: true }),
  elasticsearchUsername: text('ELASTICSEARCH_USERNAME', 'User, where there is no API key', { fallback: '' }),
  elasticsearchPassword: text('ELASTICSEARCH_PASSWORD', 'Password of the user', {
    fallback: '',
    secret: true,
  }),
};

/** Where the audited pipeline is. */
export type AuditSettings = Values<typeof shape>;

/** Keys that the sinks read too, so that an audit looks where they write. */
export const auditSettings = defineSettings(shape);
