import { connect, type Socket } from 'node:net';
import { afterEach, describe, expect, it } from '@jest/globals';
import { batchOf, click, storedEvent } from '../../testing/clicks.fixture.ts';
import { type StartedWebUi, startWebUi } from '../../testing/start-web-ui.fixture.ts';

let web: StartedWebUi | undefined;
const sockets: Socket[] = [];
afterEach(async () => {
  for (const socket of sockets.splice(0)) socket.destroy();
  await web?.stop();
  web = undefined;
});

async function start(environment: Record<string, string> = {}): Promise<StartedWebUi> {
  return (web = await startWebUi(environment));
}

/** One connection to the live feed that is read as a browser reads it. */
class Stream {
  private text = '';
  private readonly reader: ReadableStreamDefaultReader<Uint8Array>;

  private constructor(readonly response: Response) {
    if (!response.body) throw new Error('No body');
    this.reader = response.body.getReader();
  }

  static async open(url: string, headers: Record<string, string> = {}): Promise<Stream> {
    return new Stream(await fetch(`${url}/v1/live`, { headers }));
  }

  /** Reads on until `pattern` matches, and forgets everything up to its end. */
  async until(pattern: RegExp): Promise<RegExpExecArray> {
    for (;;) {
      const found = pattern.exec(this.text);
      if (found) {
        this.text = this.text.slice(found.index + found[0].length);
        return found;
      }
      if (!(await this.more())) throw new Error(`The stream ended without ${String(pattern)}: ${this.text}`);
    }
  }

  async untilEnd(): Promise<void> {
    while (await this.more());
  }

  close(): Promise<void> {
    return this.reader.cancel();
  }

  private async more(): Promise<boolean> {
    const { done, value } = await this.reader.read();
    this.text += Buffer.from(value ?? []).toString();
    return !done;
  }
}

describe('GET /v1/live', () => {
  it('is an event stream that nobody stores, with the security headers of every answer', async () => {
    const { url } = await start();
    const { response } = await Stream.open(url);
    expect(response.headers.get('content-type')).toBe('text/event-stream; charset=utf-8');
    expect(response.headers.get('cache-control')).toBe('no-store, no-transform');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  it('shows a click that came through the topic', async () => {
    const { url, kafka } = await start();
    const stream = await Stream.open(url);
    await stream.until(/event: snapshot/);
    await kafka.deliver(batchOf(['not json', JSON.stringify(storedEvent({ user_name: '민지' }))]));
    const [, payload] = await stream.until(/event: frame\ndata: (.*)\n\n/);
    expect(JSON.parse(payload ?? '')).toMatchObject({
      events: [{ user_name: '민지', kafka_partition: 1, kafka_offset: 41 }],
    });
  });

  it('goes on where Last-Event-ID says, without a gap and without a repeat', async () => {
    const { url, feed } = await start({ WEB_UI_LIVE_INTERVAL_MS: '20' });
    const first = await Stream.open(url);
    feed.accept([click('blue', { user_name: 'before' })]);
    const [, id] = await first.until(/id: (\S+)\nevent: frame/);
    await first.close();
    feed.accept([click('blue', { user_name: 'missed' })]);
    const second = await Stream.open(url, { 'last-event-id': id ?? '' });
    const [received] = await second.until(/[^]*event: frame[^]*\n\n/);
    expect(received).toContain('missed');
    expect(received).not.toContain('before');
    expect(received).not.toContain('event: snapshot');
  });

  it('begins with a snapshot after a restart, which knows from when its counts are complete', async () => {
    const { url } = await start();
    const stream = await Stream.open(url, { 'last-event-id': 'another-life:7' });
    const [, payload] = await stream.until(/event: snapshot\ndata: (.*)\n\n/);
    expect(JSON.parse(payload ?? '')).toHaveProperty('completeSince');
  });

  it('drops a client that does not read, and serves the others without delay', async () => {
    const limits = { WEB_UI_LIVE_INTERVAL_MS: '20', WEB_UI_LIVE_SUBSCRIBER_BYTES: '1048576' };
    const { url, feed } = await start(limits);
    const stalled = connect(Number(new URL(url).port), '127.0.0.1');
    sockets.push(stalled);
    stalled.write('GET /v1/live HTTP/1.1\r\nHost: x\r\n\r\n');
    stalled.pause();
    const quick = await Stream.open(url);
    await quick.until(/event: snapshot/);
    const dropped = async (): Promise<boolean> =>
      (await (await fetch(`${url}/metrics`)).text()).includes('live_subscribers_dropped_total 1');
    const long = 'x'.repeat(20_000);
    for (let n = 1; !(await dropped()); n++) {
      feed.accept(Array.from({ length: 20 }, () => click('blue', { user_name: long })));
      await quick.until(new RegExp(`id: \\S+:${n}\\n`));
    }
    feed.accept([click('red', { user_name: 'still here' })]);
    await quick.until(/still here/);
  });

  it('serves 200 clients with one frame each', async () => {
    const { url, feed } = await start();
    const streams = await Promise.all(Array.from({ length: 200 }, () => Stream.open(url)));
    await Promise.all(streams.map((stream) => stream.until(/event: snapshot/)));
    feed.accept([click()]);
    await Promise.all(streams.map((stream) => stream.until(/event: frame/)));
    await Promise.all(streams.map((stream) => stream.close()));
  });

  it('refuses one client too many in words, and says when to ask again', async () => {
    const { url } = await start({ WEB_UI_LIVE_MAX_SUBSCRIBERS: '1' });
    await Stream.open(url);
    const { response } = await Stream.open(url);
    expect([response.status, response.headers.get('retry-after')]).toEqual([503, '5']);
    expect(await fetch(`${url}/v1/live/snapshot`).then((answer) => answer.json())).toHaveProperty('counts');
  });

  it('holds one place for one connection, however many requests are written to it', async () => {
    const { url, feed } = await start({ WEB_UI_LIVE_MAX_SUBSCRIBERS: '3' });
    const greedy = connect(Number(new URL(url).port), '127.0.0.1');
    sockets.push(greedy);
    greedy.write('GET /v1/live HTTP/1.1\r\nHost: x\r\n\r\n'.repeat(20));
    await new Promise((resolve) => greedy.once('data', resolve));
    const others = [await Stream.open(url), await Stream.open(url)];
    expect(others.map(({ response }) => response.status)).toEqual([200, 200]);
    expect(feed.admits('127.0.0.1')).toBe(false);
  });

  it('gives a place to a visitor when one address holds them all', async () => {
    const { url } = await start({ WEB_UI_LIVE_MAX_SUBSCRIBERS: '20', WEB_UI_TRUSTED_PROXY_HOPS: '1' });
    const of = (address: string) => Stream.open(url, { 'x-forwarded-for': address });
    const greedy = await Promise.all(Array.from({ length: 30 }, () => of('198.51.100.8')));
    expect(greedy.filter(({ response }) => response.ok)).toHaveLength(20);
    const visitor = await of('203.0.113.9');
    expect(visitor.response.status).toBe(200);
    await visitor.until(/event: snapshot/);
  });

  it('answers HEAD without holding a connection', async () => {
    const { url, feed } = await start({ WEB_UI_LIVE_MAX_SUBSCRIBERS: '1' });
    await fetch(`${url}/v1/live`, { method: 'HEAD' });
    expect(feed.admits('somebody')).toBe(true);
  });

  it('ends every connection when the app stops', async () => {
    const { url, stop } = await start();
    const stream = await Stream.open(url);
    await stream.until(/event: snapshot/);
    web = undefined;
    await Promise.all([stop(), stream.untilEnd()]);
  });
});
