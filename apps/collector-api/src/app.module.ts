import { type DynamicModule, type INestApplication, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { topicsOfIngress } from '@pipeline/event-schema';
import { IntakeModule } from '@pipeline/intake';
import { type Logger } from '@pipeline/observability';
import { type CollectorApiConfig } from './collector-api.config.ts';
import { serveEvents } from './http/events.route.ts';
import { HTTP_OPTIONS } from './http/http-options.ts';
import { serveLogs } from './http/logs.route.ts';
import { serveDocumentation } from './http/openapi.ts';
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
        { provide: HTTP_OPTIONS, useValue: config },
        { provide: APP_FILTER, useClass: RefusalFilter },
      ],
    };
  }
}

/** What the HTTP side needs of the app, once that is made and before its port opens. */
export function configureHttp(app: INestApplication): void {
  serveEvents(app);
  serveLogs(app);
  serveDocumentation(app);
}
