import { type DynamicModule, Module } from '@nestjs/common';
import { EVENT_TOPICS, TABLE_TOPICS } from '@pipeline/event-schema';
import {
  kafkaConnection,
  OffsetReader,
  publisherOptions,
  RangeReader,
  RecordPublisher,
  TopicReader,
} from '@pipeline/kafka-transport';
import {
  type Logger,
  LOGGER,
  METRICS_REGISTRY,
  ObservabilityModule,
  Readiness,
  type Registry,
} from '@pipeline/observability';
import { audit, elasticsearchClient, webHdfsClient } from '../audit.ts';
import { type Finding } from '../report/findings.ts';
import { ElasticsearchFollowedStore } from './elasticsearch.followed-store.ts';
import { type FollowConfig } from '../audit.config.ts';
import { auditMetrics, FollowService } from './follow.service.ts';
import { type FollowedStore } from './followed-store.ts';
import { type Followed } from './followed.ts';
import { Follower } from './follower.ts';
import { KafkaFollowedKafka } from './kafka.followed-kafka.ts';
import { KafkaProofLog } from './kafka.proof-log.ts';
import { RecentRecords } from './recent-records.ts';
import { TableFollower } from './table-follower.ts';
import { WebHdfsFollowedStore } from './web-hdfs.followed-store.ts';

/** A refresh comes every second, a listing is as old as its answer. */
const CONFIRM_MS = 2_000;

@Module({})
export class FollowModule {
  static forRoot(config: FollowConfig, logger: Logger): DynamicModule {
    return {
      module: FollowModule,
      imports: [ObservabilityModule.forRoot(logger)],
      providers: [
        {
          provide: FollowService,
          inject: [LOGGER, METRICS_REGISTRY, Readiness],
          useFactory: (log: Logger, registry: Registry, readiness: Readiness) =>
            followService(config, { logger: log, registry, readiness }),
        },
      ],
    };
  }
}

interface Observed {
  readonly logger: Logger;
  readonly registry: Registry;
  readonly readiness: Readiness;
}

function followService(config: FollowConfig, observed: Observed): FollowService {
  const { logger, registry } = observed;
  const connection = kafkaConnection(config, 'audit');
  const ranges = new RangeReader(connection, logger);
  const publisher = new RecordPublisher({ connection, settings: publisherOptions(config), logger, registry });
  publisher.connect();
  const log = new KafkaProofLog(new TopicReader(connection, logger), publisher);
  const [hdfs, elasticsearch] = [webHdfsClient(config), elasticsearchClient(config)];
  const closing: { close(): Promise<void> }[] = [ranges, publisher];
  const ofTables = TABLE_TOPICS.flatMap((topic) => {
    const positions = new OffsetReader(connection, logger);
    closing.push(positions);
    const kafka = new KafkaFollowedKafka(topic, positions, ranges);
    return (['hdfs', 'elasticsearch'] as const).map((store): Followed => {
      const onBroken = (findings: readonly Finding[]) => tell(logger, { topic, store }, findings);
      const auditTable = () => audit({ settings: config, topic });
      return new TableFollower({ topic, store, kafka, audit: auditTable, onBroken, confirmMs: CONFIRM_MS });
    });
  });
  const followers = EVENT_TOPICS.flatMap((topic): Followed[] => {
    const positions = new OffsetReader(connection, logger);
    closing.push(positions);
    const kafka = new KafkaFollowedKafka(topic, positions, ranges);
    const recent = new RecentRecords();
    const stores: FollowedStore[] = [
      new WebHdfsFollowedStore(hdfs, config.hdfsRoot, topic),
      new ElasticsearchFollowedStore(elasticsearch, topic),
    ];
    return stores.map((store) => {
      const onBroken = (findings: readonly Finding[]) => tell(logger, { topic, store: store.name }, findings);
      return new Follower({ topic, kafka, store, recent, log, onBroken, confirmMs: CONFIRM_MS });
    });
  });
  const close = async () => {
    await Promise.all(closing.map((each) => each.close()));
  };
  return new FollowService({
    ...observed,
    metrics: auditMetrics(registry),
    followers: [...followers, ...ofTables],
    log,
    intervalMs: config.intervalMs,
    close,
  });
}

/** Positions only: what a record says is not for logs. `npm run audit` names the ids. */
function tell(
  logger: Logger,
  where: { readonly topic: string; readonly store: string },
  findings: readonly Finding[],
): void {
  for (const { kind, total, examples } of findings) {
    const places = examples.slice(0, 5).map(({ partition, offset }) => `${partition}:${offset}`);
    logger.error({ ...where, kind, total, places }, 'a promise is broken');
  }
}
