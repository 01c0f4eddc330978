import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer, type AddressInfo, type Server, type Socket } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createSocket } from './socket.ts';

/** More than fits into one read. */
const BYTES = 3_000_000;

describe('a connection to a broker', () => {
  let server: Server;
  let port: number;
  let accepted: Promise<Socket>;

  beforeEach(async () => {
    server = createServer().listen(0, '127.0.0.1');
    accepted = once(server, 'connection').then(([socket]) => socket as Socket);
    await once(server, 'listening');
    ({ port } = server.address() as AddressInfo);
  });
  afterEach(() => void server.close());

  async function connect(): Promise<{ socket: Socket; broker: Socket }> {
    const { promise: connected, resolve: onConnect } = Promise.withResolvers<void>();
    const socket = createSocket({ host: '127.0.0.1', port, ssl: undefined as never, onConnect });
    await connected;
    return { socket, broker: await accepted };
  }

  it('gives all that the broker sends, in order, to who copies it at once', async () => {
    const { socket, broker } = await connect();
    const sent = randomBytes(BYTES);
    const received: Buffer[] = [];
    socket.on('data', (chunk: Buffer) => received.push(Buffer.from(chunk)));
    broker.end(sent);
    await once(socket, 'end');
    expect(Buffer.concat(received).equals(sent)).toBe(true);
    socket.destroy();
  });

  it('reads into the same memory again and again', async () => {
    const { socket, broker } = await connect();
    const memory = new Set<ArrayBufferLike>();
    socket.on('data', (chunk: Buffer) => memory.add(chunk.buffer));
    broker.end(Buffer.alloc(BYTES));
    await once(socket, 'end');
    expect(memory.size).toBe(1);
    socket.destroy();
  });

  it('says when the broker is gone, and when there is none', async () => {
    const { socket, broker } = await connect();
    broker.resetAndDestroy();
    const [error] = (await once(socket, 'error')) as [NodeJS.ErrnoException];
    expect(error.code).toBe('ECONNRESET');
    server.close();
    await once(server, 'close');
    const none = createSocket({
      host: '127.0.0.1',
      port,
      ssl: undefined as never,
      onConnect: () => undefined,
    });
    const [refused] = (await once(none, 'error')) as [NodeJS.ErrnoException];
    expect(refused.code).toBe('ECONNREFUSED');
  });
});
