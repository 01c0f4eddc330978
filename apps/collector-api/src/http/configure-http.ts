import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { CollectorHttpAdapter } from './collector.http-adapter.ts';
import { EventsController } from './events.controller.ts';
import { serveDocumentation } from './openapi.ts';

/** What the HTTP side needs of the app, once that is made and before its port opens. */
export function configureHttp(app: NestFastifyApplication): void {
  const adapter: unknown = app.getHttpAdapter();
  if (adapter instanceof CollectorHttpAdapter) {
    const controller = app.get(EventsController);
    adapter.collectWith((request, reply) => controller.collect(request, reply));
  }
  serveDocumentation(app);
}
