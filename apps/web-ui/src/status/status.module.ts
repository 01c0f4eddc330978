import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type KafkaConnection, OffsetReader } from '@pipeline/kafka-transport';
import { LOGGER, type Logger } from '@pipeline/observability';
import { HISTORY, type History } from '../query/history.ts';
import { AppStatuses } from './app-statuses.ts';
import { BrokerWatch } from './broker-watch.ts';
import { SearchableProbe } from './searchable-probe.ts';
import { StatusController } from './status.controller.ts';

const LOOK_EVERY_MS = 5_000;

/** The health of the whole pipeline: from the apps over Kafka, from the broker, and by looking for live events. */
@Module({})
export class StatusModule implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;

  constructor(
    @Inject(BrokerWatch) private readonly broker: BrokerWatch,
    @Inject(OffsetReader) private readonly offsets: Pick<OffsetReader, 'close'>,
    @Inject(SearchableProbe) private readonly probe: SearchableProbe,
  ) {}

  static forRoot(connection: KafkaConnection, query: DynamicModule): DynamicModule {
    return {
      module: StatusModule,
      imports: [query],
      controllers: [StatusController],
      providers: [
        { provide: AppStatuses, useClass: AppStatuses },
        {
          provide: OffsetReader,
          inject: [LOGGER],
          useFactory: (logger: Logger) => new OffsetReader(connection, logger),
        },
        {
          provide: BrokerWatch,
          inject: [OffsetReader, LOGGER],
          useFactory: (offsets: OffsetReader, logger: Logger) => new BrokerWatch(offsets, logger),
        },
        {
          provide: SearchableProbe,
          inject: [HISTORY],
          useFactory: (history: History) => new SearchableProbe(history),
        },
      ],
      exports: [SearchableProbe, OffsetReader],
    };
  }

  onApplicationBootstrap(): void {
    void this.broker.look();
    this.timer = setInterval(() => void this.broker.look(), LOOK_EVERY_MS).unref();
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.probe.close();
    await this.offsets.close();
  }
}
