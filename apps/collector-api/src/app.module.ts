import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { topicsOfIngress } from '@pipeline/event-schema';
import { IntakeModule } from '@pipeline/intake';
import { type Logger } from '@pipeline/observability';
import { COLLECTOR_CONFIG, type CollectorApiConfig } from './collector-api.config.ts';
import { OriginReader } from './http/origin-reader.ts';
import { PixelController } from './http/pixel.controller.ts';
import { RefusalFilter } from './http/refusal.filter.ts';

const TOPICS_TAKEN = [...topicsOfIngress('http'), ...topicsOfIngress('otlp')];

@Module({})
export class CollectorApiModule {
  static forRoot(config: CollectorApiConfig, logger: Logger): DynamicModule {
    return {
      module: CollectorApiModule,
      imports: [IntakeModule.forRoot({ app: 'collector-api', config, logger, topics: TOPICS_TAKEN })],
      controllers: [PixelController],
      providers: [
        OriginReader,
        { provide: COLLECTOR_CONFIG, useValue: config },
        { provide: APP_FILTER, useClass: RefusalFilter },
      ],
    };
  }
}
