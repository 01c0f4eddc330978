import {
  type DynamicModule,
  Inject,
  type InjectionToken,
  Module,
  type ModuleMetadata,
  type OnApplicationBootstrap,
  type OnApplicationShutdown,
} from '@nestjs/common';
import { type Logger, LOGGER, Readiness } from '@pipeline/observability';
import { StoreProbe, type StoreQuestion } from './store-probe.ts';

export interface StoreHealthOptions extends Omit<StoreQuestion, 'ask'> {
  readonly imports?: ModuleMetadata['imports'];
  readonly inject?: InjectionToken[];
  /** Makes the question from what `inject` names. */
  // eslint-disable-next-line @typescript-eslint/no-explicit-any -- Nest types factories by their injected values
  readonly useFactory: (...injected: any[]) => StoreQuestion['ask'];
}

/** Tells at `/readyz` whether the sink's store is there. */
@Module({})
export class StoreHealthModule implements OnApplicationBootstrap, OnApplicationShutdown {
  constructor(@Inject(StoreProbe) private readonly probe: StoreProbe) {}

  static forRoot({ imports = [], inject = [], useFactory, ...question }: StoreHealthOptions): DynamicModule {
    return {
      module: StoreHealthModule,
      imports,
      providers: [
        {
          provide: StoreProbe,
          inject: [Readiness, LOGGER, ...inject],
          useFactory: (readiness: Readiness, logger: Logger, ...injected: unknown[]) =>
            new StoreProbe({ ...question, ask: useFactory(...injected), readiness, logger }),
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
