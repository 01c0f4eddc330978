import { Agent, request } from 'node:http';
import { type AddressInfo } from 'node:net';
import { Controller, Get, Module } from '@nestjs/common';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { describe, expect, it } from '@jest/globals';
import { createLogger } from '../logger.ts';
import { ObservabilityModule } from './observability.module.ts';
import { stopGently } from './run-app.ts';

const DELAY_MS = 300;
let finishSlow: (() => void) | undefined;

@Controller()
class SlowController {
  @Get('slow')
  slow(): Promise<string> {
    return new Promise((resolve) => (finishSlow = () => resolve('done')));
  }
}

@Module({
  imports: [ObservabilityModule.forRoot(createLogger('spec', 'silent'))],
  controllers: [SlowController],
})
class AppModule {}

async function start() {
  const testing = await Test.createTestingModule({ imports: [AppModule] }).compile();
  const adapter = new FastifyAdapter({ return503OnClosing: false });
  const app = testing.createNestApplication<NestFastifyApplication>(adapter, { logger: false });
  await app.listen(0, '127.0.0.1');
  const { port } = app.getHttpServer().address() as AddressInfo;
  return { app, port };
}

/** Over connections that are kept. */
function client(port: number) {
  const agent = new Agent({ keepAlive: true, maxSockets: 1 });
  return (path: string) =>
    new Promise<{ status: number | undefined; connection: string | undefined }>((resolve, reject) => {
      request({ port, path, agent, host: '127.0.0.1' }, (answer) => {
        answer.resume().on('end', () => {
          resolve({ status: answer.statusCode, connection: answer.headers.connection });
        });
      })
        .on('error', reject)
        .end();
    });
}

describe('an app that is stopped gently', () => {
  it('is not ready at once, still answers, and asks kept connections to close', async () => {
    const { app, port } = await start();
    const [first, second] = [client(port), client(port)];
    expect(await first('/livez')).toEqual({ status: 200, connection: 'keep-alive' });
    await second('/livez');
    const stopped = stopGently(app, DELAY_MS);
    expect(await first('/readyz')).toEqual({ status: 503, connection: 'close' });
    expect(await second('/livez')).toEqual({ status: 200, connection: 'close' });
    expect(await first('/livez')).toEqual({ status: 200, connection: 'close' });
    await stopped;
    await expect(first('/livez')).rejects.toMatchObject({ code: 'ECONNREFUSED' });
  });

  it('answers what is under way before it ends', async () => {
    const { app, port } = await start();
    const slow = client(port)('/slow');
    while (finishSlow === undefined) await new Promise(setImmediate);
    let ended = false;
    const stopped = stopGently(app, 0).then(() => (ended = true));
    for (let turn = 0; turn < 50; turn++) await new Promise(setImmediate);
    expect(ended).toBe(false);
    finishSlow();
    expect(await slow).toEqual({ status: 200, connection: expect.any(String) });
    await stopped;
  });
});
