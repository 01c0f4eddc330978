import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { PROOF_TOPIC } from '@pipeline/event-schema';
import { type KafkaConnection, OffsetReader, pause, TopicReader } from '@pipeline/kafka-transport';
import { LOGGER, type Logger } from '@pipeline/observability';
import { HISTORY, type History } from '../query/history.ts';
import { AppStatuses } from './app-statuses.ts';
import { BrokerWatch } from './broker-watch.ts';
import { ProofBook } from './proof-book.ts';
import { ReceivedCounts } from './received-counts.ts';
import { SearchableProbe } from './searchable-probe.ts';
import { StatusController } from './status.controller.ts';

const LOOK_EVERY_MS = 5_000;
/** The topic may not be there yet, nor the broker. */
const PROOF_RETRY_MS = 10_000;
/** What was appended while the live feed was joining is found by the next reading. */
const PROOF_AGAIN_MS = 300_000;

/** The health of the whole pipeline: from the apps over Kafka, from the broker, and by looking for live events. */
@Module({})
export class PipelineStatusModule implements OnApplicationBootstrap, OnApplicationShutdown {
  private timer: NodeJS.Timeout | undefined;
  private readonly stopped = new AbortController();

  constructor(
    @Inject(BrokerWatch) private readonly broker: BrokerWatch,
    @Inject(OffsetReader) private readonly offsets: Pick<OffsetReader, 'close'>,
    @Inject(SearchableProbe) private readonly probe: SearchableProbe,
    @Inject(ProofBook) private readonly proof: ProofBook,
    @Inject(TopicReader) private readonly reader: Pick<TopicReader, 'read'>,
  ) {}

  static forRoot(connection: KafkaConnection, query: DynamicModule): DynamicModule {
    return {
      module: PipelineStatusModule,
      imports: [query],
      controllers: [StatusController],
      providers: [
        { provide: AppStatuses, useClass: AppStatuses },
        { provide: ReceivedCounts, useClass: ReceivedCounts },
        { provide: ProofBook, useClass: ProofBook },
        {
          provide: TopicReader,
          inject: [LOGGER],
          useFactory: (logger: Logger) => new TopicReader(connection, logger),
        },
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
      exports: [SearchableProbe, OffsetReader, ReceivedCounts],
    };
  }

  onApplicationBootstrap(): void {
    void this.broker.look();
    void this.readProof();
    this.timer = setInterval(() => void this.broker.look(), LOOK_EVERY_MS).unref();
  }

  /** What was proved before this process began; what is proved from now on comes with the live feed. */
  private async readProof(): Promise<void> {
    while (!this.stopped.signal.aborted) {
      try {
        await this.reader.read(PROOF_TOPIC.name, ({ records }) => this.proof.hear(records));
        await pause(PROOF_AGAIN_MS, this.stopped.signal);
      } catch {
        await pause(PROOF_RETRY_MS, this.stopped.signal);
      }
    }
  }

  async onApplicationShutdown(): Promise<void> {
    clearInterval(this.timer);
    this.stopped.abort();
    this.probe.close();
    await this.offsets.close();
  }
}
