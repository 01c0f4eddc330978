import { once } from 'node:events';
import { readdir } from 'node:fs/promises';
import { connect, type Socket } from 'node:net';
import { eventually, startStack, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { watchMemory } from './support/memory-peak.ts';

const SOCKETS = 30;
const BYTES = 2_000_000;
const ROUNDS = 3;

/** What costs the most to answer at each port. */
const PATHS = {
  'collector-api': ['/openapi.json', '/docs/swagger-ui-bundle.js'],
  'web-ui': ['/v1/live/snapshot', '/v1/live', '/tag.js'],
  'es-sink': ['/metrics'],
} as const;

// Nothing of this needs Kafka or a store.
describe.each(['collector-api', 'web-ui', 'es-sink'] as const)('2 MB of pipelined requests to %s', (name) => {
  let stack: LocalStack;
  let url: URL;
  let pid: number;
  beforeAll(async () => {
    stack = await startStack({ servers: [] });
    const app = await stack.launchApp(name);
    url = new URL(app.url);
    pid = app.pid ?? 0;
    await eventually(async () => expect(await answers()).toBe(200));
  });
  afterAll(() => stack?.stop());

  /** As many requests as two million bytes hold, on thirty connections whose client reads no answer. */
  const flood = async (path: string): Promise<Socket[]> => {
    const request = `GET ${path} HTTP/1.1\r\nHost: x\r\n\r\n`;
    const requests = request.repeat(BYTES / SOCKETS / request.length);
    return Promise.all(
      Array.from({ length: SOCKETS }, async () => {
        const socket = connect(Number(url.port), url.hostname);
        socket.on('error', () => socket.destroy());
        await once(socket, 'connect');
        socket.pause().write(requests);
        return socket;
      }),
    );
  };
  const answers = async (): Promise<number> => (await fetch(new URL('/livez', url))).status;
  const openFiles = async (): Promise<number> => (await readdir(`/proc/${pid}/fd`)).length;

  it.each(PATHS[name])('for %s cost at most 20 MB and no files, and others are answered', async (path) => {
    for (const socket of await flood(path)) socket.destroy();
    await answers();
    const before = await openFiles();
    const growths: number[] = [];
    const files: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const growth = await watchMemory(pid);
      const sockets = await flood(path);
      expect(await answers()).toBe(200);
      growths.push(await growth());
      files.push((await openFiles()) - before);
      for (const socket of sockets) socket.destroy();
    }
    // What the app needs shows in the best round; in the others garbage waits for its collection.
    expect(Math.min(...growths)).toBeLessThanOrEqual(20_000_000);
    expect(Math.max(...files)).toBeLessThanOrEqual(3 * SOCKETS);
  });
});
