import {
  type DynamicModule,
  Inject,
  Module,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type Logger, LOGGER, Readiness } from '@pipeline/observability';
import { type HdfsSinkConfig } from '../hdfs-sink.config.ts';
import { FILE_STORE, type FileStore } from '../hdfs/file-store.ts';
import { StoreProbe } from './store-probe.ts';

/** Tells at `/readyz` whether HDFS has answered lately. */
@Module({})
export class HealthModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(StoreProbe) private readonly probe: StoreProbe) {}

  static forRoot(
    { root: path, probeIntervalMs: intervalMs }: HdfsSinkConfig,
    hdfs: DynamicModule,
  ): DynamicModule {
    return {
      module: HealthModule,
      imports: [hdfs],
      providers: [
        {
          provide: StoreProbe,
          inject: [FILE_STORE, Readiness, LOGGER],
          useFactory: (store: FileStore, readiness: Readiness, logger: Logger) =>
            new StoreProbe({ store, path, readiness, logger, intervalMs }),
        },
      ],
    };
  }

  onApplicationBootstrap(): void {
    void this.probe.run();
  }

  onApplicationShutdown(): void {
    this.probe.stop();
  }
}
