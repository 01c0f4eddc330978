import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { NestFactory } from '@nestjs/core';
import { FastifyAdapter, type NestFastifyApplication } from '@nestjs/platform-fastify';
import { createLogger, NestLogger } from '../logger.ts';
import { ObservabilityModule } from './observability.module.ts';
import { METRICS_REGISTRY, metricsIn } from '../metrics.ts';
import { Readiness } from '../readiness.ts';

let app: NestFastifyApplication;

beforeEach(async () => {
  const logger = createLogger('spec', 'silent');
  app = await NestFactory.create<NestFastifyApplication>(
    ObservabilityModule.forRoot(logger),
    new FastifyAdapter(),
    {
      logger: new NestLogger(logger),
    },
  );
  await app.init();
  await app.getHttpAdapter().getInstance().ready();
});

afterEach(() => app.close());

const get = (url: string) => app.inject({ method: 'GET', url });

describe('operator endpoints', () => {
  it('is alive and ready when nothing is missing', async () => {
    expect((await get('/livez')).json()).toEqual({ status: 'ok' });
    expect((await get('/readyz')).statusCode).toBe(200);
  });

  it('stays alive but is not ready, with every reason, while parts are missing', async () => {
    const readiness = app.get(Readiness);
    readiness.register('kafka', () => 'not connected');
    readiness.register('store', () => undefined);
    const answer = await get('/readyz');
    expect(answer.statusCode).toBe(503);
    expect(answer.json()).toEqual({
      code: 'not-ready',
      message: 'Not ready',
      reasons: { kafka: 'not connected' },
    });
    expect((await get('/livez')).statusCode).toBe(200);
  });

  it('shows the metrics of its parts and of the process in Prometheus text', async () => {
    const partMetrics = metricsIn(({ counter }) => ({
      written: counter('sink_records_written_total', 'Records made durable', 'topic', 'partition'),
    }));
    partMetrics(app.get(METRICS_REGISTRY)).written.inc({ topic: 'select-color', partition: 1 }, 5);
    const answer = await get('/metrics');
    expect(answer.headers['content-type']).toMatch(/^text\/plain/);
    expect(answer.body).toContain('sink_records_written_total{topic="select-color",partition="1"} 5');
    expect(answer.body).toContain('process_resident_memory_bytes');
  });
});
