import { type OutgoingRecord } from '@pipeline/kafka-transport';
import { createLogger } from '@pipeline/observability';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { EVENT, originOf } from '../../testing/origin.fixture.ts';
import { intakeMetrics } from '../intake-metrics.ts';
import { KafkaRejectedLog } from './kafka.rejected-log.ts';
import { type RejectedValue } from './rejected-log.ts';
import { RejectedRecords } from './rejected-record.ts';

const BYTES = 1_000;
const origin = originOf();

const refused = (count: number): RejectedValue[] =>
  Array.from({ length: count }, () => ({
    value: { ...EVENT, color_name: 'pink' },
    rejection: { code: 'color-unknown', message: 'no', path: 'color_name' },
  }));

describe('the log of refused events', () => {
  let written: OutgoingRecord[];
  let publish: (topic: string, records: readonly OutgoingRecord[]) => Promise<void>;
  let registry: Registry;
  let log: KafkaRejectedLog;
  beforeEach(() => {
    written = [];
    publish = (_topic, records) => {
      written.push(...records);
      return Promise.resolve();
    };
    registry = new Registry();
    log = new KafkaRejectedLog({
      publisher: {
        connect: () => undefined,
        close: () => Promise.resolve(),
        publish: (topic, records) => publish(topic, records),
      },
      records: new RejectedRecords(['select-color'], true),
      metrics: intakeMetrics(registry),
      logger: createLogger('collector-api', 'silent'),
    });
  });

  const count = async (outcome: string): Promise<number> => {
    const metric = await registry.getSingleMetric('collector_rejected_records_total')!.get();
    return metric.values.find(({ labels }) => labels['outcome'] === outcome)?.value ?? 0;
  };

  it('does nothing before its caller has gone on, then writes all', async () => {
    log.keep(refused(50), BYTES, origin);
    expect(written).toEqual([]);
    await log.onApplicationShutdown();
    expect([written.length, await count('kept'), await count('lost')]).toEqual([50, 50, 0]);
  });

  it('counts as lost what Kafka does not take, and goes on', async () => {
    const works = publish;
    publish = () => Promise.reject(new Error('Kafka is down'));
    log.keep(refused(3), BYTES, origin);
    await log.onApplicationShutdown();
    expect([await count('kept'), await count('lost')]).toEqual([0, 3]);
    publish = works;
    log.keep(refused(1), BYTES, origin);
    log.keepMalformed(Buffer.from('{'), origin);
    await log.onApplicationShutdown();
    expect([await count('kept'), await count('lost')]).toEqual([2, 3]);
  });

  it('holds at most 2000 events and 8 MiB of requests, and counts the rest as lost', async () => {
    for (let request = 0; request < 10; request += 1) log.keep(refused(500), BYTES, origin);
    expect(await count('lost')).toBe(3_000);
    await log.onApplicationShutdown();
    for (let request = 0; request < 10; request += 1) log.keep(refused(1), 1 << 20, origin);
    expect(await count('lost')).toBe(3_002);
    await log.onApplicationShutdown();
    expect(written).toHaveLength(2_008);
  });
});
