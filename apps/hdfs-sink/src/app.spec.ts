import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { Test } from '@nestjs/testing';
import { STORED_TOPICS } from '@pipeline/event-schema';
import { KafkaBatchServer } from '@pipeline/kafka-transport';
import { createLogger } from '@pipeline/observability';
import { FakeWebHdfs } from '@pipeline/testing/fake-stores';
import { SinkAppModule } from '@pipeline/sink-runtime';
import { hdfsSink } from './hdfs-sink.ts';

/** Nobody listens there. */
const NO_KAFKA = '127.0.0.1:1';

describe('the app', () => {
  let hdfs: FakeWebHdfs;
  let app: NestFastifyApplication;

  beforeEach(async () => {
    hdfs = await FakeWebHdfs.start();
    const config = hdfsSink.settings.load({
      KAFKA_BROKERS: NO_KAFKA,
      WEBHDFS_URL: hdfs.url,
      HDFS_SINK_PROBE_INTERVAL_MS: '10',
    });
    const module = SinkAppModule.forRoot(hdfsSink, config, createLogger('spec', 'silent'));
    const testing = await Test.createTestingModule({ imports: [module] }).compile();
    app = testing.createNestApplication<NestFastifyApplication>(new FastifyAdapter());
    app.connectMicroservice({ strategy: app.get(KafkaBatchServer) });
    await app.startAllMicroservices();
    await app.init();
  });

  afterEach(async () => {
    await app.close();
    await hdfs.stop();
  });

  const reasons = async (): Promise<Record<string, string>> => {
    const response = await app.inject({ method: 'GET', url: '/readyz' });
    return response.json<{ reasons?: Record<string, string> }>().reasons ?? {};
  };

  it('starts without Kafka, is alive, and says what it waits for', async () => {
    expect((await app.inject({ method: 'GET', url: '/livez' })).statusCode).toBe(200);
    expect(Object.keys(await reasons())).toContain('consumer hdfs-sink');
  });

  it('finds HDFS by itself, and looks through the staging folder', async () => {
    while ('hdfs' in (await reasons())) await new Promise(setImmediate);
    expect(hdfs.calls).toContainEqual({ operation: 'LISTSTATUS', path: '/pipeline/_staging' });
  });

  it('consumes every event topic in batches, with one handler each', () => {
    expect([...app.get(KafkaBatchServer).getHandlers().keys()].sort()).toEqual([...STORED_TOPICS].sort());
  });
});
