import { type INestApplication } from '@nestjs/common';
import { serveEvents } from './events.route.ts';
import { serveLogs } from './logs.route.ts';
import { serveDocumentation } from './openapi.ts';

/** What the HTTP side needs of the app, once that is made and before its port opens. */
export function configureHttp(app: INestApplication): void {
  serveEvents(app);
  serveLogs(app);
  serveDocumentation(app);
}
