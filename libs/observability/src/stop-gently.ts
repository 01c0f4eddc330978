import { setTimeout as wait } from 'node:timers/promises';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Readiness } from './readiness.ts';

const IDLE_SWEEP_MS = 50;

/**
 * Ends an app so that no client notices: `/readyz` says no at once while requests are still taken, and every answer asks
 * its client to close the connection; after `delayMs`, when whoever routes requests has noticed, listening stops, what is
 * under way is answered, and Nest's shutdown hooks run.
 */
export async function stopGently(app: NestFastifyApplication, delayMs: number): Promise<void> {
  app.get(Readiness).register('app', () => 'The app is stopping');
  const server = app.getHttpServer();
  // Node then marks the next answer of each connection as its last.
  server.maxRequestsPerSocket = 1;
  await wait(delayMs);
  // A response that is under way when the server starts closing leaves its kept-alive connection open behind it.
  const sweep = setInterval(() => server.closeIdleConnections(), IDLE_SWEEP_MS);
  await app.close();
  clearInterval(sweep);
}
