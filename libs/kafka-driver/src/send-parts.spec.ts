import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { type ConnectionPool } from './kafkajs/kafkajs.ts';
import { sendParts } from './send-parts.ts';

const require = createRequire(import.meta.url);
const Encoder = require('kafkajs/src/protocol/encoder') as new () => { writeBuffer(bytes: Buffer): object };
const createRequest = require('kafkajs/src/protocol/request') as (
  options: object,
) => Promise<{ buffer: Buffer }>;

const BODY = [Buffer.from('first '), Buffer.alloc(70_000, 'x'), Buffer.from(' last')];
const REQUEST = { apiKey: 0, apiVersion: 7, apiName: 'Produce', body: BODY };

interface Pushed {
  readonly entry: { correlationId: number; resolve(answer: object): void; reject(error: Error): void };
  sendRequest(): void;
}

/** A connection as kafkajs has it, up to its socket. */
function connect({ isConnected = true, isAuthenticated = true } = {}) {
  const [written, pushed, throttled]: [Buffer[], Pushed[], number[]] = [[], [], []];
  let logins = 0;
  const connection = {
    clientId: 'Grüße',
    socket: { cork() {}, uncork() {}, write: (bytes: Buffer) => written.push(bytes) },
    requestQueue: {
      push: (request: Pushed) => void pushed.push(request),
      maybeThrottle: (ms: number) => void throttled.push(ms),
    },
    isAuthenticated: () => isAuthenticated,
    authenticate: () => Promise.resolve(void (logins += 1)),
    failIfNotConnected() {
      if (!isConnected) throw new Error('Not connected');
    },
    nextCorrelationId: () => 77,
  };
  const pool = { getConnectionByRequest: () => Promise.resolve(connection) } as unknown as ConnectionPool;
  return { pool, written, pushed, throttled, logins: () => logins };
}

const read = (answer: Buffer) => ({ result: String(answer), throttleMs: 17 });
const turn = () => new Promise(setImmediate);

describe('sendParts', () => {
  it('puts on the wire what kafkajs would, when its queue says so, without a copy', async () => {
    const { pool, written, pushed } = connect();
    void sendParts(pool, REQUEST, read);
    await turn();
    expect(written).toEqual([]);
    pushed[0]!.sendRequest();
    const encode = () => Promise.resolve(new Encoder().writeBuffer(Buffer.concat(BODY)));
    const expected = await createRequest({
      request: { ...REQUEST, encode },
      correlationId: 77,
      clientId: 'Grüße',
    });
    expect(Buffer.concat(written).equals(expected.buffer)).toBe(true);
    expect(written.slice(1).every((part, n) => part === BODY[n])).toBe(true);
  });

  it('resolves with what is read from the answer, and lets the broker slow it down', async () => {
    const { pool, pushed, throttled } = connect();
    const answer = sendParts(pool, REQUEST, read);
    await turn();
    expect(pushed[0]!.entry).toMatchObject({ apiKey: 0, apiVersion: 7, correlationId: 77 });
    pushed[0]!.entry.resolve({ payload: Buffer.from('yes') });
    expect(await answer).toBe('yes');
    expect(throttled).toEqual([17]);
  });

  it('rejects with what the connection says', async () => {
    const { pool, pushed } = connect();
    const answer = sendParts(pool, REQUEST, read);
    await turn();
    pushed[0]!.entry.reject(new Error('closed'));
    await expect(answer).rejects.toThrow('closed');
    await expect(sendParts(connect({ isConnected: false }).pool, REQUEST, read)).rejects.toThrow(
      'Not connected',
    );
  });

  it('logs in before, where that is due', async () => {
    const { pool, pushed, logins } = connect({ isAuthenticated: false });
    void sendParts(pool, REQUEST, read);
    await turn();
    expect([logins(), pushed.length]).toEqual([1, 1]);
  });
});
