import { type DynamicModule, Module } from '@nestjs/common';
import { APP_FILTER } from '@nestjs/core';
import { ErrorFilter } from './error.filter.ts';
import { PAGES, loadPages } from './pages.ts';
import { PagesController } from './pages.controller.ts';
import { type ClientOptions } from './serve-client.ts';

/** The documents and the form of errors; `serveClient` adds the files. */
@Module({})
export class HttpModule {
  static forRoot({ clientFolder, collectorUrl }: ClientOptions): DynamicModule {
    return {
      module: HttpModule,
      controllers: [PagesController],
      providers: [
        { provide: APP_FILTER, useClass: ErrorFilter },
        { provide: PAGES, useFactory: () => loadPages(clientFolder, collectorUrl) },
      ],
    };
  }
}
