import { type Socket, connect, createServer, type Server } from 'node:net';
import { once } from 'node:events';
import { afterEach, expect, it } from '@jest/globals';
import { abandon } from './cluster.ts';
import { type KafkajsCluster } from './kafkajs/kafkajs.ts';

let server: Server;
afterEach(() => void server.close());

it('gives up a connection that the brokers hold, and the requests that wait on it', async () => {
  server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const socket: Socket = connect(server.address() as { port: number });
  await once(socket, 'connect');
  const rejected: Error[] = [];
  const connection = { socket, rejectRequests: (error: Error) => void rejected.push(error) };
  const broker = { connectionPool: { map: (of: (each: object) => unknown) => [of(connection)] } };
  // As kafkajs: it waits for requests that wait.
  const disconnect = () => new Promise<void>(() => undefined);
  abandon({
    brokerPool: { seedBroker: broker, brokers: { 1: broker } },
    disconnect,
  } as unknown as KafkajsCluster);
  await once(socket, 'close');
  expect(rejected).toHaveLength(1);
});
