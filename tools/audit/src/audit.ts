import { readFileSync } from 'node:fs';
import { kafkaConnection, OffsetReader, TopicReader } from '@pipeline/kafka-transport';
import { createLogger } from '@pipeline/observability';
import { type AuditSettings } from './audit.config.ts';
import { type AuditScope, auditSources, type Sources } from './audit-sources.ts';
import { type Progress } from './progress.ts';
import { type AuditReport } from './report/audit-report.ts';
import { ElasticsearchClient } from './sources/elasticsearch-client.ts';
import { ElasticsearchDocumentStore } from './sources/elasticsearch.document-store.ts';
import { KafkaKafkaLog } from './sources/kafka.kafka-log.ts';
import { WebHdfsClient } from './sources/web-hdfs-client.ts';
import { WebHdfsRowStore } from './sources/web-hdfs.row-store.ts';

export interface AuditOptions extends AuditScope {
  /** `auditSettings.load(stack.environment)` for a local stack. */
  readonly settings: AuditSettings;
  readonly progress?: Progress | undefined;
}

/**
 * Compares what Kafka holds of a topic with HDFS, Elasticsearch and the dead letters. Reads only.
 * @throws AuditError when no verdict can be given: a store does not answer, the sinks did not catch up in time.
 */
export async function audit({ settings, progress, ...scope }: AuditOptions): Promise<AuditReport> {
  const connection = kafkaConnection(settings, 'audit');
  const logger = createLogger('audit', 'silent');
  const offsets = new OffsetReader(connection, logger);
  const kafka = new KafkaKafkaLog(new TopicReader(connection, logger), offsets, scope.topic);
  try {
    return await auditSources({ kafka, ...storesOf(settings, scope) }, scope, progress);
  } finally {
    await offsets.close();
  }
}

function storesOf(settings: AuditSettings, { topic, from, to }: AuditScope): Omit<Sources, 'kafka'> {
  const hdfs = webHdfsClient(settings);
  const range = { fromMs: from?.getTime() ?? -Infinity, toMs: to?.getTime() ?? Infinity };
  return {
    rows: new WebHdfsRowStore(hdfs, `${settings.hdfsRoot}/${topic}`, range),
    documents: new ElasticsearchDocumentStore(elasticsearchClient(settings), topic),
  };
}

export function webHdfsClient(settings: AuditSettings): WebHdfsClient {
  const { webHdfsUser: user, webHdfsDelegationToken: token, webHdfsDelegationTokenFile: file } = settings;
  const delegationToken = file === '' ? () => token : () => readFileSync(file, 'utf8').trim();
  return new WebHdfsClient(settings.webHdfsUrls, { user, delegationToken, ca: pem(settings.webHdfsCa) });
}

export function elasticsearchClient(settings: AuditSettings): ElasticsearchClient {
  const { elasticsearchNodes: nodes } = settings;
  const ca = pem(settings.elasticsearchCa);
  return new ElasticsearchClient({ nodes, authorization: authorization(settings), ca });
}

function pem(file: string): string | undefined {
  return file === '' ? undefined : readFileSync(file, 'utf8');
}

function authorization(settings: AuditSettings): string | undefined {
  const { elasticsearchApiKey, elasticsearchUsername: user, elasticsearchPassword: password } = settings;
  if (elasticsearchApiKey !== '') return `ApiKey ${elasticsearchApiKey}`;
  return user === '' ? undefined : `Basic ${Buffer.from(`${user}:${password}`).toString('base64')}`;
}
