import { beforeEach, describe, expect, it } from '@jest/globals';
import { decodeStatus } from '@pipeline/event-schema';
import { createLogger, metricsIn, Readiness } from '@pipeline/observability';
import { Registry } from 'prom-client';
import { BrokerClock } from './broker-clock.ts';
import { SecondTotals } from './second-totals.ts';
import { StatusReporter } from './status-reporter.ts';

const NOWHERE = { brokers: ['127.0.0.1:1'], clientId: 'spec', tls: undefined, sasl: undefined };

const sinkMetrics = metricsIn(({ counter }) => ({
  written: counter('sink_records_written_total', 'Records made durable', 'topic', 'partition'),
}));

let metrics: ReturnType<typeof sinkMetrics>;
let readiness: Readiness;
let sent: Buffer[];
let answer: () => Promise<number>;
let clock: BrokerClock;
let reporter: StatusReporter;

beforeEach(() => {
  const registry = new Registry();
  metrics = sinkMetrics(registry);
  readiness = new Readiness();
  clock = new BrokerClock(registry);
  sent = [];
  answer = () => Promise.resolve(Date.now());
  reporter = new StatusReporter({
    app: 'hdfs-sink',
    connection: NOWHERE,
    logger: createLogger('spec', 'silent'),
    metrics: registry,
    acceptedSeconds: new SecondTotals(),
    readiness,
    clock,
    send: (value) => (sent.push(value), answer()),
  });
});

describe('a status report', () => {
  it('says what the process has done with events, over all topics and partitions, and what it waits for', async () => {
    metrics.written.inc({ topic: 'a', partition: '0' }, 3);
    metrics.written.inc({ topic: 'b', partition: '1' }, 4);
    metrics.written.inc({ topic: 'shop.product', partition: '0' }, 5);
    readiness.register('hdfs', () => 'no answer from namenode.secret:9870');
    await reporter.report();
    expect(decodeStatus(sent[0] ?? null)).toMatchObject({
      app: 'hdfs-sink',
      notReady: ['hdfs'],
      totals: { accepted: 0, written: 7 },
    });
    expect(sent.join()).not.toContain('secret');
  });

  it('measures the clock by the time at which the broker appended it', async () => {
    answer = () => Promise.resolve(Date.now() - 3_600_000);
    await reporter.report();
    expect(clock.aheadMs / 1_000).toBeCloseTo(3_600, 0);
  });

  it('is one at a time: while Kafka hangs, nothing piles up', async () => {
    let release = (): void => undefined;
    answer = () => new Promise((resolve) => (release = () => resolve(Date.now())));
    const [first, second] = [reporter.report(), reporter.report()];
    await new Promise(setImmediate);
    expect(sent).toHaveLength(1);
    release();
    await Promise.all([first, second]);
    await Promise.race([reporter.report(), new Promise(setImmediate)]);
    expect(sent).toHaveLength(2);
  });

  it('that fails is forgotten and the next one is tried', async () => {
    answer = () => Promise.reject(new Error('down'));
    await expect(reporter.report()).resolves.toBeUndefined();
    answer = () => Promise.resolve(Date.now());
    await reporter.report();
    expect(sent).toHaveLength(2);
  });

  it('that Kafka never answers does not hold up the end of the process', async () => {
    answer = () => new Promise(() => undefined);
    void reporter.report();
    await expect(reporter.onApplicationShutdown()).resolves.toBeUndefined();
  });
});
