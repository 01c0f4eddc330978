import { once } from 'node:events';
import { describe, expect, it } from '@jest/globals';
import { collectorOnPort } from '../../testing/collector-on-port.fixture.ts';
import { EVENT } from '../../testing/start-collector.fixture.ts';

const MIB = 1_048_576;

// Apart from the others: on a busy machine a body of theirs may take longer.
describe('connections of slow clients', () => {
  const { open } = collectorOnPort({
    COLLECTOR_API_REQUEST_TIMEOUT_MS: '600',
    COLLECTOR_API_HEADERS_TIMEOUT_MS: '300',
  });

  it('are answered 408 when a request does not arrive in time', async () => {
    const client = await open();
    client.head('Content-Length: 10');
    client.socket.write('{');
    expect(await client.answer(/request-timeout/)).toMatch(/^HTTP\/1\.1 408 /);
  });

  it('are answered 408 when the headers come one by one', async () => {
    const client = await open();
    client.socket.write('POST /v1/events HTTP/1.1\r\nHost: x\r\nX-One: 1\r\n');
    expect(await client.answer(/request-timeout/)).toMatch(/^HTTP\/1\.1 408 /);
  });
});

describe('connections', () => {
  const { open, metrics, events } = collectorOnPort({
    COLLECTOR_API_MAX_OPEN_BODY_BYTES: String(MIB),
    COLLECTOR_API_MAX_CONNECTIONS: '20',
  });

  it('refuse a body by its Content-Length before a byte of it has come', async () => {
    const client = await open();
    client.head(`Content-Length: ${1_000 * MIB}`);
    expect(await client.answer(/body-too-large/)).toMatch(/^HTTP\/1\.1 413 /);
  });

  it('say 100 Continue to a client whose body they want', async () => {
    const client = await open();
    const body = JSON.stringify(EVENT);
    client.head(`Content-Length: ${body.length}`, 'Expect: 100-continue');
    await client.answer(/^HTTP\/1\.1 100 Continue\r\n\r\n/);
    client.socket.write(body);
    expect(await client.answer(/"accepted"/)).toContain('HTTP/1.1 202 ');
  });

  it.each([
    ['is too large', 'POST /v1/events', 3 * MIB, '413'],
    ['has no route', 'POST /nowhere', 10, '404'],
  ])('do not ask for a body that %s, and close after the answer', async (_what, line, length, status) => {
    const client = await open();
    const closed = once(client.socket, 'close');
    client.socket.write(
      `${line} HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\nContent-Length: ${length}\r\nExpect: 100-continue\r\n\r\n`,
    );
    await closed;
    expect(client.received).toMatch(new RegExp(`^HTTP/1\\.1 ${status} `));
    expect(client.received).toMatch(/^connection: close/im);
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

  it('are answered 503 when the bodies of all together pass their limit, and go on when those are gone', async () => {
    const slow = await open();
    slow.head(`Content-Length: ${MIB}`);
    slow.socket.write('x'.repeat(MIB - 1));
    const openBytes = async (): Promise<number> =>
      Number(/^collector_open_body_bytes (\d+)$/m.exec(await metrics())?.[1]);
    while ((await openBytes()) < MIB - 1) await new Promise(setImmediate);
    const body = JSON.stringify(EVENT);
    const other = await open();
    other.head(`Content-Length: ${body.length}`);
    other.socket.write(body);
    expect(await other.answer(/queue-full/)).toMatch(/^HTTP\/1\.1 503 /);
    slow.socket.destroy();
    while ((await openBytes()) > 0) await new Promise(setImmediate);
    other.head(`Content-Length: ${body.length}`);
    other.socket.write(body);
    expect(await other.answer(/"accepted"/)).toContain('HTTP/1.1 202 ');
  });

  it.each<[string, BufferEncoding, string]>([
    ['별이앱/1.0 (Zoë)', 'utf8', '별이앱/1.0 (Zoë)'],
    ['App/1.0 (Zoë)', 'latin1', 'App/1.0 (Zoë)'],
    ['App\u0085/1.0\u009b31m', 'utf8', 'App/1.031m'],
    [`${'x'.repeat(511)}😀`, 'utf8', 'x'.repeat(511)],
  ])('store the user agent %j, sent as %s, as %j', async (sent, encoding, stored) => {
    const client = await open();
    const body = JSON.stringify(EVENT);
    client.socket.write('POST /v1/events HTTP/1.1\r\nHost: x\r\nContent-Type: text/plain\r\n');
    client.socket.write(`User-Agent: ${sent}\r\nContent-Length: ${body.length}\r\n\r\n${body}`, encoding);
    await client.answer(/"accepted"/);
    expect(events().at(-1)).toMatchObject({ user_agent: stored });
  });

  it('beyond the limit are closed at once', async () => {
    const many = await Promise.all(Array.from({ length: 30 }, open));
    const closed = many.map(({ socket }) => once(socket, 'close').then(() => 'closed'));
    await Promise.race(closed);
    for (const { socket } of many) socket.destroy();
    await Promise.all(closed);
  });

  it.each([
    ['HTTP/1.1 without a host', 'GET /livez HTTP/1.1\r\n\r\n', '400', 'malformed-request'],
    ['two hosts', 'GET /livez HTTP/1.1\r\nHost: a\r\nhOST: b\r\n\r\n', '400', 'malformed-request'],
    ['Expect: x', 'GET /livez HTTP/1.1\r\nHost: a\r\nExpect: x\r\n\r\n', '417', 'expectation-failed'],
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
