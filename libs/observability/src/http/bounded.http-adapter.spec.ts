import { once } from 'node:events';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { text } from 'node:stream/consumers';
import { Controller, Get, Req } from '@nestjs/common';
import { type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { type FastifyRequest } from 'fastify';
import { afterEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '../logger.ts';
import { ObservabilityModule } from '../app/observability.module.ts';
import { BoundedHttpAdapter, type HttpLimits } from './bounded.http-adapter.ts';
import { MAX_WAITING_REQUESTS } from './requests-in-turn.ts';

let running = 0;
let mostAtOnce = 0;

@Controller()
class SpecController {
  @Get('client')
  client(@Req() { clientAddress, clientNetwork }: FastifyRequest): string[] {
    return [clientAddress, clientNetwork];
  }

  @Get('held')
  async held(): Promise<string> {
    mostAtOnce = Math.max(mostAtOnce, (running += 1));
    await new Promise(setImmediate);
    running -= 1;
    return 'held';
  }

  @Get('large')
  large(): string {
    return 'x'.repeat(16_777_216);
  }
}

let app: NestFastifyApplication | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await app?.close();
  app = undefined;
});

async function start(limits: Partial<HttpLimits> = {}) {
  const testing = await Test.createTestingModule({
    imports: [ObservabilityModule.forRoot(createLogger('spec', 'silent'))],
    controllers: [SpecController],
  }).compile();
  app = testing.createNestApplication<NestFastifyApplication>(new BoundedHttpAdapter(limits), {
    logger: false,
  });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  const open = async (): Promise<Socket> => {
    const socket = connect(port, '127.0.0.1');
    socket.on('error', () => socket.destroy());
    sockets.push(socket);
    await once(socket, 'connect');
    return socket;
  };
  /** All that comes back until the other side ends. */
  const say = async (request: string): Promise<string> => {
    const socket = await open();
    socket.write(request);
    return text(socket);
  };
  const ended = async (): Promise<string> =>
    (await say(get('/metrics', 'Connection: close'))).match(/http_connections_ended_total\{.*/)?.[0] ?? '';
  return { open, say, ended };
}

function get(path: string, ...headers: string[]): string {
  return [`GET ${path} HTTP/1.1`, 'Host: x', ...headers, '', ''].join('\r\n');
}

describe('the port of an app', () => {
  it('handles the requests of a connection one after another, in their order', async () => {
    const { say } = await start();
    mostAtOnce = 0;
    const paths = Array.from({ length: MAX_WAITING_REQUESTS }, (_, n) => (n % 2 ? '/held' : '/client'));
    const answers = await say(paths.map((path) => get(path)).join('') + get('/livez', 'Connection: close'));
    const bodies = answers.match(/held|127\.0\.0\.1","127|"ok"/g);
    expect(bodies).toEqual([...paths.map((path) => (path === '/held' ? 'held' : '127.0.0.1","127')), '"ok"']);
    expect(mostAtOnce).toBe(1);
  });

  it('ends a connection on which too many requests wait, and answers the others', async () => {
    const { open, say, ended } = await start();
    const socket = await open();
    const closed = once(socket.resume(), 'close');
    socket.write(get('/held').repeat(1_000));
    await closed;
    expect(await say(get('/held', 'Connection: close'))).toContain('HTTP/1.1 200 OK');
    expect(await ended()).toBe('http_connections_ended_total{reason="pipelining"} 1');
  });

  it('ends a connection whose client does not read its answer', async () => {
    const { open, ended } = await start({ stallTimeoutMs: 1_000 });
    const socket = await open();
    socket.pause().write(get('/large'));
    let count = '';
    while (count === '') count = await ended();
    expect(count).toBe('http_connections_ended_total{reason="not-reading"} 1');
  });

  it('closes idle connections when it is full, so that the next client comes in', async () => {
    const { open, say } = await start({ maxConnections: 5 });
    const idle = await Promise.all(Array.from({ length: 5 }, open));
    for (const socket of idle) {
      socket.write(get('/livez'));
      await once(socket, 'data');
    }
    const closed = idle.map((socket) => once(socket.resume(), 'close'));
    await text(await open());
    await Promise.all(closed);
    expect(await say(get('/livez', 'Connection: close'))).toContain('HTTP/1.1 200 OK');
  });

  it('answers 408 to headers that come too slowly', async () => {
    const { say } = await start({ headersTimeoutMs: 100, requestTimeoutMs: 200 });
    expect(await say('GET /livez HTTP/1.1\r\nHost: x\r\n')).toMatch(
      /^HTTP\/1\.1 408 [^]*\{"code":"request-timeout","message":".*"\}$/,
    );
  });

  it.each([
    ['no host', 'GET /livez HTTP/1.1\r\n\r\n', '400', 'malformed-request'],
    ['two hosts', get('/livez', 'hOst: y'), '400', 'malformed-request'],
    ['an unknown expectation', get('/livez', 'Expect: x'), '417', 'expectation-failed'],
    ['no HTTP', 'hello\r\n\r\n', '400', 'malformed-request'],
    ['too many headers', get('/livez', `x: ${'y'.repeat(100_000)}`), '431', 'headers-too-large'],
  ])('refuses %s with a code and closes', async (_what, request, status, code) => {
    const { say } = await start();
    expect(await say(request)).toMatch(
      new RegExp(
        `^HTTP/1\\.1 ${status} [^]*\r\nconnection: close\r\n[^]*\\{"code":"${code}","message":".*"\\}$`,
        'i',
      ),
    );
  });

  it('serves HTTP/1.0, which knows no host', async () => {
    const { say } = await start();
    expect(await say('GET /livez HTTP/1.0\r\n\r\n')).toContain('200 OK');
  });

  it('names the client behind trusted proxies, as what is limited as one', async () => {
    const { say } = await start({ trustedProxyHops: 1 });
    const forwarded = (address: string) =>
      say(get('/client', 'Connection: close', `X-Forwarded-For: 6.6.6.6, ${address}`));
    expect(await forwarded('::ffff:c633:6408')).toContain('["198.51.100.8","198.51.100.8"]');
    expect(await forwarded('2001:db8::7')).toContain('["2001:db8::7","2001:db8:0:0"]');
  });
});
