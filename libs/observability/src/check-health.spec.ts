import { afterEach, describe, expect, it } from '@jest/globals';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { checkHealth } from './check-health.ts';

describe('checkHealth', () => {
  const before = process.exitCode;
  const listenHost = '127.0.0.1';
  let server: Server | undefined;

  afterEach(() => {
    process.exitCode = before;
    server?.close();
  });

  async function portOfServerThatAnswers(status: number): Promise<string> {
    const started = createServer((_request, response) => response.writeHead(status).end());
    await new Promise<void>((resolve) => started.listen(0, listenHost, resolve));
    server = started;
    return String((started.address() as AddressInfo).port);
  }

  it('ends with 0 when the app is alive', async () => {
    await checkHealth('web-ui', { WEB_UI_PORT: await portOfServerThatAnswers(200) });
    expect(process.exitCode).toBe(0);
  });

  it('ends with 1 when the app answers with an error', async () => {
    await checkHealth('web-ui', { WEB_UI_PORT: await portOfServerThatAnswers(503) });
    expect(process.exitCode).toBe(1);
  });

  it('ends with 1 when nothing listens', async () => {
    const port = await portOfServerThatAnswers(200);
    await new Promise((resolve) => server?.close(resolve));
    await checkHealth('web-ui', { WEB_UI_PORT: port });
    expect(process.exitCode).toBe(1);
  });
});
