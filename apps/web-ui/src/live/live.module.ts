import { type DynamicModule, type BeforeApplicationShutdown, Inject, Module } from '@nestjs/common';
import { GROUPS } from '@pipeline/event-schema';
import { KafkaBatchServer, type KafkaConnection } from '@pipeline/kafka-transport';
import { LOGGER, type Logger, METRICS_REGISTRY, Readiness, type Registry } from '@pipeline/observability';
import { FeedHealth } from '../health/feed-health.ts';
import { ReceivedCounts } from '../status/received-counts.ts';
import { LiveFeed, type LiveFeedOptions } from './live-feed.ts';
import { LiveFeedController } from './live-feed.controller.ts';
import { LiveController, SUBSCRIBER_MAX_BYTES } from './live.controller.ts';
import { liveMetrics, Subscribers } from './subscribers.ts';

const STATE_CHECK_MS = 500;

export interface LiveModuleOptions {
  readonly connection: KafkaConnection;
  readonly instance: string;
  /** Have what live events are given to beside the feed. */
  readonly imports: DynamicModule[];
}

/** The live feed: from the topic, through this process's own consumer group, to every open page. */
@Module({})
export class LiveModule implements BeforeApplicationShutdown {
  private readonly stateCheck: NodeJS.Timeout;

  constructor(
    @Inject(LiveFeed) feed: LiveFeed,
    @Inject(FeedHealth) health: FeedHealth,
    @Inject(Readiness) readiness: Readiness,
    @Inject(ReceivedCounts) received: ReceivedCounts,
  ) {
    readiness.register('live feed', () => health.notReady());
    this.stateCheck = setInterval(() => {
      const state = health.state();
      feed.setState(state);
      if (state === 'live') received.begin(Date.now());
    }, STATE_CHECK_MS).unref();
  }

  static forRoot(
    config: Omit<LiveFeedOptions, 'instance'> & {
      readonly maxSubscribers: number;
      readonly feedMaxInFlightBytes: number;
    },
    { connection, instance, imports }: LiveModuleOptions,
  ): DynamicModule {
    return {
      module: LiveModule,
      imports,
      controllers: [LiveFeedController, LiveController],
      providers: [
        { provide: FeedHealth, useClass: FeedHealth },
        { provide: SUBSCRIBER_MAX_BYTES, useValue: config.subscriberMaxBytes },
        {
          provide: LiveFeed,
          inject: [METRICS_REGISTRY, LOGGER],
          useFactory: (registry: Registry, logger: Logger) => {
            const subscribers = new Subscribers(config.maxSubscribers, liveMetrics(registry), logger);
            return new LiveFeed({ ...config, instance }, subscribers);
          },
        },
        {
          provide: KafkaBatchServer,
          inject: [FeedHealth, METRICS_REGISTRY, LOGGER],
          useFactory: (health: FeedHealth, registry: Registry, logger: Logger) =>
            new KafkaBatchServer({
              connection,
              groupId: `${GROUPS.webUiLive}-${instance}`,
              fromBeginning: false,
              deleteGroupOnClose: true,
              maxInFlightBytes: config.feedMaxInFlightBytes,
              logger,
              registry,
              readiness: health.inner,
            }),
        },
      ],
      exports: [KafkaBatchServer, FeedHealth],
    };
  }

  beforeApplicationShutdown(): void {
    clearInterval(this.stateCheck);
  }
}
