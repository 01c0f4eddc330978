import { type AddressInfo } from 'node:net';
import { afterAll, beforeAll } from '@jest/globals';
import { RawClient } from './raw-client.fixture.ts';
import { CollectorUnderTest } from './start-collector.fixture.ts';

/** A collector on a port of its own for the specs of the suite, and a way to open connections to it. */
export function collectorOnPort(environment: Record<string, string> = {}) {
  let collector: CollectorUnderTest;
  let port: number;
  const clients: RawClient[] = [];
  beforeAll(async () => {
    collector = await CollectorUnderTest.start(environment);
    await collector.app.listen(0, '127.0.0.1');
    port = (collector.app.getHttpServer().address() as AddressInfo).port;
  });
  afterAll(async () => {
    for (const { socket } of clients) socket.destroy();
    await collector.close();
  });
  const open = async (): Promise<RawClient> => {
    const client = await RawClient.open(port);
    clients.push(client);
    return client;
  };
  return {
    open,
    metrics: () => collector.metrics(),
    events: () => collector.publisher.events(),
  };
}
