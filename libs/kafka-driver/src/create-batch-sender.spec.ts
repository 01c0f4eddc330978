import { once } from 'node:events';
import { type AddressInfo, createServer, type Server } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@pipeline/observability';
import { createBatchSender } from './create-batch-sender.ts';

const servers: Server[] = [];

/** A port of this machine on which every connection is counted and ended. */
async function listening(): Promise<{
  broker: string;
  connections: () => number;
  close: () => Promise<unknown>;
}> {
  let connections = 0;
  const server = createServer((socket) => {
    connections += 1;
    socket.destroy();
  }).listen(0, '127.0.0.1');
  await once(server, 'listening');
  servers.push(server);
  const broker = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  return { broker, connections: () => connections, close: () => once(server.close(), 'close') };
}

afterEach(() => {
  for (const server of servers.splice(0)) server.close();
});

describe('a batch sender', () => {
  it('asks the next bootstrap broker at each attempt, whichever of them is gone', async () => {
    const [gone, ...others] = [await listening(), await listening(), await listening()];
    await gone.close();
    const brokers = [gone, ...others].map(({ broker }) => broker);
    const connection = { brokers, clientId: 'spec', tls: undefined, sasl: undefined };
    const sender = createBatchSender(connection, 'all', createLogger('spec', 'silent'));
    for (const _ of brokers)
      await expect(sender.ping()).rejects.toMatchObject({ code: 'broker-unavailable' });
    expect(others.map(({ connections }) => connections() > 0)).toEqual([true, true]);
    await sender.close();
  });
});
