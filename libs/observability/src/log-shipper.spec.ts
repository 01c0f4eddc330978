import { once } from 'node:events';
import { createServer, type Server } from 'node:http';
import { type AddressInfo } from 'node:net';
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { LogShipper } from './log-shipper.ts';
import { createLogger, type Logger } from './logger.ts';

interface SentRecord {
  readonly timeUnixNano: string;
  readonly severityNumber: number;
  readonly body: { readonly stringValue: string };
  readonly attributes: readonly { readonly key: string; readonly value: object }[];
  readonly traceId?: string;
}

let server: Server;
let requests: { records: SentRecord[]; key: unknown }[];
let statuses: number[];
let shipper: LogShipper;
let logger: Logger;

beforeEach(async () => {
  requests = [];
  statuses = [];
  server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const { resourceLogs } = JSON.parse(Buffer.concat(chunks).toString()) as {
        resourceLogs: [{ scopeLogs: [{ logRecords: SentRecord[] }] }];
      };
      requests.push({
        records: resourceLogs[0].scopeLogs[0].logRecords,
        key: request.headers['x-write-key'],
      });
      response.statusCode = statuses.shift() ?? 200;
      response.end('{}');
    });
  });
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const logsEndpoint = `http://127.0.0.1:${(server.address() as AddressInfo).port}/v1/logs`;
  shipper = new LogShipper('es-sink', { logsEndpoint, logsHeaders: { 'x-write-key': 'k' } });
  logger = createLogger('es-sink', 'debug', shipper);
});
afterEach(async () => {
  server.closeAllConnections();
  server.close();
  await once(server, 'close');
});

const LINE = '{"level":"info","time":"2026-01-31T00:00:00.000Z","app":"es-sink","msg":"x"}\n';
const texts = () => requests.map(({ records }) => records.map(({ body }) => body.stringValue));

describe('the log lines of an app', () => {
  it('are sent with their time, severity, trace, fields and failure, and the key', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    logger.warn(
      { topic: 'select-color', attempt: 2, trace_id: traceId, err: new RangeError('no room') },
      'flush failed',
    );
    await shipper.close();
    const [{ records, key } = { records: [], key: '' }] = requests;
    expect([records.length, key]).toEqual([1, 'k']);
    expect(records[0]).toMatchObject({ severityNumber: 13, severityText: 'WARN', traceId });
    expect(Math.abs(Number(BigInt(records[0]!.timeUnixNano) / 1_000_000n) - Date.now())).toBeLessThan(60_000);
    const attributes = Object.fromEntries(
      records[0]!.attributes.map(({ key: name, value }) => [name, value]),
    );
    expect(attributes).toMatchObject({
      topic: { stringValue: 'select-color' },
      attempt: { doubleValue: 2 },
      'exception.type': { stringValue: 'RangeError' },
      'exception.message': { stringValue: 'no room' },
    });
  });

  it('have times that differ and keep their order', async () => {
    for (let n = 0; n < 50; n += 1) shipper.write(LINE);
    await shipper.close();
    const times = requests[0]!.records.map(({ timeUnixNano }) => BigInt(timeUnixNano));
    expect(new Set(times).size).toBe(50);
    expect(times).toEqual([...times].sort((a, b) => (a < b ? -1 : 1)));
  });

  it('are not sent where they are about the storing of logs, or below info', async () => {
    logger.info({ topic: 'log-record' }, 'file published');
    logger.error({ topic: 'log-record.es-sink.dlq' }, 'letter not written');
    logger.debug('events accepted');
    logger.info({ topic: 'log-records' }, 'another topic');
    await shipper.close();
    expect(texts()).toEqual([['another topic']]);
  });

  it('are sent again where the receiver asks for it, and not where it does not', async () => {
    statuses = [503, 400];
    logger.info('first');
    await shipper.close();
    logger.info('second');
    await shipper.close();
    await shipper.close();
    expect(texts()).toEqual([['first'], ['first', 'second']]);
  });

  it('cost bounded memory while the receiver is away', async () => {
    statuses = [503];
    for (let n = 0; n < 3_000; n += 1) shipper.write(LINE);
    await shipper.close();
    await shipper.close();
    const [, ...taken] = texts();
    expect(taken.flat()).toHaveLength(2_048);
    expect(taken.every((lines) => lines.length <= 256)).toBe(true);
  });

  it('cost no failure where nothing listens', async () => {
    const lost = new LogShipper('es-sink', { logsEndpoint: 'http://127.0.0.1:9/v1/logs', logsHeaders: {} });
    lost.write(LINE);
    await expect(lost.close()).resolves.toBeUndefined();
  });
});
