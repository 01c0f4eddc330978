import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { createServer, request } from 'node:http';
import { MemoryHttpServer, type HttpRoute } from '../http-server.ts';
import { isBulk, refuseItems, startElasticsearchProxy, unavailable } from './elasticsearch-proxy.ts';
import { type FaultProxy } from './fault-proxy.ts';
import { startWebHdfsProxy, webHdfsOperation } from './web-hdfs-proxy.ts';

const heard: { path: string; body: string }[] = [];
const servers: { close(): Promise<void> }[] = [];

async function serverThat(route: HttpRoute): Promise<string> {
  const server = new MemoryHttpServer((asked) => {
    heard.push({ path: asked.path, body: asked.body });
    return route(asked);
  });
  servers.push(server);
  return server.listen();
}

async function proxied(start: Promise<FaultProxy>): Promise<FaultProxy> {
  const proxy = await start;
  servers.push(proxy);
  return proxy;
}

beforeEach(() => {
  heard.splice(0);
});
afterEach(async () => {
  await Promise.all(servers.splice(0).map((server) => server.close()));
});

const action = (id: string) => `{"create":{"_id":"${id}"}}\n{"event_id":"${id}"}\n`;
const bulk = (url: string, ...ids: string[]) =>
  fetch(`${url}/_bulk?filter_path=errors`, { method: 'POST', body: ids.map(action).join('') });
const created = (asked: { body: string }) => ({
  body: JSON.stringify({
    errors: false,
    items: [...asked.body.matchAll(/"_id":"(\w+)"/g)].map(([, id]) => ({ create: { _id: id, status: 201 } })),
  }),
});

describe('a proxy for Elasticsearch', () => {
  let proxy: FaultProxy;
  beforeEach(async () => {
    proxy = await proxied(startElasticsearchProxy(await serverThat(created)));
  });

  it('passes requests and answers on as they are', async () => {
    const answer = await bulk(proxy.url, 'a', 'b');
    expect(await answer.json()).toMatchObject({
      items: [{ create: { _id: 'a' } }, { create: { _id: 'b' } }],
    });
    expect(heard).toEqual([{ path: '/_bulk?filter_path=errors', body: action('a') + action('b') }]);
    expect(proxy.harmed).toBe(0);
  });

  it('refuses some items, passes the others on, and puts every result in its own place', async () => {
    const refused = [true, false, true, false];
    proxy.harm((asked) => (isBulk(asked) ? refuseItems(asked, () => refused.shift()!) : undefined));
    const { errors, items } = (await (await bulk(proxy.url, 'a', 'b', 'c', 'd')).json()) as {
      errors: boolean;
      items: { create: { _id?: string; status: number } }[];
    };
    expect(errors).toBe(true);
    expect(items.map(({ create }) => create._id ?? create.status)).toEqual([429, 'b', 429, 'd']);
    expect(heard[0]?.body).toBe(action('b') + action('d'));
  });

  it('asks the server nothing when every item is refused', async () => {
    proxy.harm((asked) => refuseItems(asked, () => true));
    expect(await (await bulk(proxy.url, 'a')).json()).toMatchObject({ items: [{ create: { status: 429 } }] });
    expect(heard).toEqual([]);
  });

  it('answers a whole request 503 until it is healed', async () => {
    proxy.harm(unavailable);
    expect((await bulk(proxy.url, 'a')).status).toBe(503);
    proxy.heal();
    expect((await bulk(proxy.url, 'a')).status).toBe(200);
    expect(proxy.harmed).toBe(1);
  });

  it('lets the server do what is asked and breaks the connection instead of answering', async () => {
    proxy.harm(() => ({ kind: 'lose-answer' }));
    await expect(bulk(proxy.url, 'a')).rejects.toThrow('fetch failed');
    expect(heard).toHaveLength(1);
  });

  it('lets the server do what is asked and never answers', async () => {
    proxy.harm(() => ({ kind: 'never-answer' }));
    const options = { method: 'POST', body: action('a'), signal: AbortSignal.timeout(200) };
    await expect(fetch(`${proxy.url}/_bulk`, options)).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(heard).toHaveLength(1);
  });

  it('swallows a request: neither side hears anything', async () => {
    proxy.harm(() => ({ kind: 'swallow' }));
    const options = { method: 'POST', body: action('a'), signal: AbortSignal.timeout(200) };
    await expect(fetch(`${proxy.url}/_bulk`, options)).rejects.toMatchObject({ name: 'TimeoutError' });
    expect(heard).toHaveLength(0);
  });

  it('passes a slow answer on as it is', async () => {
    proxy.harm(() => ({ kind: 'slow', factor: 3 }));
    expect(await (await bulk(proxy.url, 'a')).json()).toMatchObject({ items: [{ create: { _id: 'a' } }] });
    expect(heard).toHaveLength(1);
  });

  it('passes an answer on as late as it is told', async () => {
    proxy.harm(() => ({ kind: 'late', delayMs: 150 }));
    const startedAt = performance.now();
    expect(await (await bulk(proxy.url, 'a')).json()).toMatchObject({ items: [{ create: { _id: 'a' } }] });
    expect(performance.now() - startedAt).toBeGreaterThanOrEqual(145);
  });

  it('breaks the connection when the server is not there', async () => {
    await servers[0]!.close();
    await expect(bulk(proxy.url, 'a')).rejects.toThrow('fetch failed');
  });
});

describe('a proxy for WebHDFS', () => {
  it('leads the redirect to a DataNode through itself', async () => {
    const dataNode = await serverThat(() => ({ status: 201, body: '' }));
    const nameNode = await redirectingTo(`${dataNode}/webhdfs/v1/f?op=CREATE&namenoderpcaddress=nn`);
    const proxy = await proxied(startWebHdfsProxy(nameNode));
    const seen: string[] = [];
    proxy.harm((asked) => {
      const { operation, toDataNode } = webHdfsOperation(asked);
      seen.push(`${operation} ${toDataNode ? 'data' : 'name'}`);
      return undefined;
    });
    const location = await locationOf(`${proxy.url}/webhdfs/v1/f?op=CREATE`);
    expect(location.startsWith(proxy.url)).toBe(true);
    const answer = await fetch(location, { method: 'PUT', body: 'content' });
    expect(answer.status).toBe(201);
    expect(heard).toEqual([{ path: '/webhdfs/v1/f?op=CREATE&namenoderpcaddress=nn', body: 'content' }]);
    expect(seen).toEqual(['CREATE name', 'CREATE data']);
  });

  it('gives a DataNode half of the body, then breaks both connections', async () => {
    const dataNode = await serverThat(() => ({ status: 201, body: '' }));
    const proxy = await proxied(startWebHdfsProxy(dataNode));
    let told = 0;
    proxy.harm(() => ({ kind: 'cut-body', meanwhile: () => void (told += 1) }));
    await expect(fetch(`${proxy.url}/f`, { method: 'PUT', body: 'x'.repeat(1_000) })).rejects.toThrow();
    expect({ told, heard }).toEqual({ told: 1, heard: [] });
  });
});

/** A NameNode that redirects everything to one place. */
async function redirectingTo(location: string): Promise<string> {
  const server = createServer((_, response) => response.writeHead(307, { location }).end());
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  servers.push({
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  });
  return `http://127.0.0.1:${(server.address() as { port: number }).port}`;
}

function locationOf(url: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const sent = request(url, { method: 'PUT' }, (answer) => {
      answer.resume();
      resolve(answer.headers.location ?? '');
    });
    sent.on('error', reject);
    sent.end();
  });
}
