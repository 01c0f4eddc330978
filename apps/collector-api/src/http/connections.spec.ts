import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { CollectorUnderTest, EVENT } from '../../spec-support/start-collector.ts';

const MIB = 1_048_576;

/** A client that writes bytes as they are given and keeps all it is answered. */
class RawClient {
  received = '';

  private constructor(readonly socket: Socket) {
    socket.setEncoding('utf8').on('data', (text: string) => (this.received += text));
    socket.on('error', () => socket.destroy());
  }

  static async open(port: number): Promise<RawClient> {
    const socket = connect(port, '127.0.0.1');
    await once(socket, 'connect');
    return new RawClient(socket);
  }

  head(...headers: string[]): void {
    const lines = ['POST /v1/events HTTP/1.1', 'Host: x', 'Content-Type: application/json', ...headers];
    this.socket.write(`${lines.join('\r\n')}\r\n\r\n`);
  }

  async answer(pattern: RegExp): Promise<string> {
    while (!pattern.test(this.received)) await once(this.socket, 'data');
    return this.received;
  }
}

describe('connections', () => {
  let collector: CollectorUnderTest;
  let port: number;
  const clients: RawClient[] = [];
  const open = async (): Promise<RawClient> => {
    const client = await RawClient.open(port);
    clients.push(client);
    return client;
  };
  beforeAll(async () => {
    collector = await CollectorUnderTest.start({ COLLECTOR_API_REQUEST_TIMEOUT_MS: '300' });
    await collector.app.listen(0, '127.0.0.1');
    port = (collector.app.getHttpServer().address() as AddressInfo).port;
  });
  afterAll(async () => {
    for (const { socket } of clients) socket.destroy();
    await collector.close();
  });

  it('refuse a body by its Content-Length before a byte of it has come', async () => {
    const client = await open();
    client.head(`Content-Length: ${1_000 * MIB}`);
    expect(await client.answer(/body-too-large/)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('refuse a body without Content-Length as soon as it passes the limit', async () => {
    const client = await open();
    client.head('Transfer-Encoding: chunked');
    const chunk = 'x'.repeat(64 * 1_024);
    for (let sent = 0; sent <= MIB; sent += chunk.length) client.socket.write(`10000\r\n${chunk}\r\n`);
    expect(await client.answer(/body-too-large/)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('are cut off when a refused client goes on sending', async () => {
    const client = await open();
    client.head(`Content-Length: ${1_000 * MIB}`);
    const closed = new Promise((resolve) => client.socket.on('close', resolve));
    const block = Buffer.alloc(MIB);
    const write = (): void => {
      while (!client.socket.destroyed && client.socket.write(block));
    };
    client.socket.on('drain', write);
    write();
    await closed;
    expect(client.socket.bytesWritten).toBeLessThan(16 * MIB);
  });

  it('stay usable after a refused body that ends in time', async () => {
    const client = await open();
    client.head(`Content-Length: ${MIB + 1}`);
    client.socket.write(Buffer.alloc(MIB + 1, ' '));
    await client.answer(/body-too-large/);
    const body = JSON.stringify(EVENT);
    client.head(`Content-Length: ${body.length}`);
    client.socket.write(body);
    expect(await client.answer(/"accepted"/)).toContain('HTTP/1.1 202 ');
  });

  it('are answered 408 when a request does not arrive in time', async () => {
    const client = await open();
    client.head('Content-Length: 10');
    client.socket.write('{');
    expect(await client.answer(/request-timeout/)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it.each([
    ['bytes that are not HTTP', 'hello\r\n\r\n', '400', 'malformed-request'],
    ['headers of 100 KB', `GET / HTTP/1.1\r\nx: ${'y'.repeat(100_000)}\r\n\r\n`, '431', 'headers-too-large'],
  ])('answer %s in the collector’s own words', async (_what, bytes, status, code) => {
    const client = await open();
    client.socket.write(bytes);
    const answer = await client.answer(/"message"/);
    expect(answer).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(answer).toContain(`{"code":"${code}"`);
  });
});
