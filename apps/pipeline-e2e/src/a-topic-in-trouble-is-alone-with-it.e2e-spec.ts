import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { TOPICS } from '@pipeline/event-schema';
import { createLogger } from '@pipeline/observability';
import { createTopics, eventually, KafkaOperator, type LocalStack, startPipeline } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { colorClick } from './support/color-click.ts';
import { connectionTo, recordsOf } from './support/kafka.ts';
import { acknowledgedIds, sendEvents, type CollectorAnswer } from './support/send-events.ts';

const { name: PICKS } = TOPICS.selectColor;
const { name: VIEWS, config: VIEWS_CONFIG } = TOPICS.pageView;
const SPOOLING = 'collector-api';
const REFUSING = 'collector-api-2';
const ROUNDS = 10;
const PATIENCE = { timeoutMs: 60_000 };
// A machine that stands still for a moment is no trouble of a topic.
const environment = { PUBLISH_TIMEOUT_MS: '5000' };

describe('a topic in trouble', () => {
  let stack: LocalStack;
  let kafka: KafkaOperator;
  let folder: string;
  const acknowledged = { [PICKS]: [] as string[], [VIEWS]: [] as string[] };
  beforeAll(async () => {
    stack = await startPipeline({ servers: ['kafka'], apps: [] });
    kafka = new KafkaOperator(connectionTo(stack), createLogger('spec', 'silent'));
    folder = await mkdtemp(join(tmpdir(), 'bulkheads-'));
    await stack.startApp('collector-api', { ...environment, COLLECTOR_API_SPOOL_DIR: join(folder, 'spool') });
    await stack.startApp('collector-api', environment);
  });
  afterAll(async () => {
    await kafka?.close();
    await stack?.stop();
    if (folder !== undefined) await rm(folder, { recursive: true });
  });

  const send = async (collector: string, topic: string): Promise<CollectorAnswer> => {
    const event = topic === PICKS ? colorClick() : { event_type: topic, visitor_id: 'visitor' };
    const answer = await sendEvents(stack.app(collector), event);
    acknowledged[topic]!.push(...acknowledgedIds(answer));
    return answer;
  };
  const readiness = async (collector: string) => {
    const response = await fetch(`${stack.app(collector).url}/readyz`);
    const { degraded = {} } = (await response.json()) as { degraded?: Record<string, string> };
    return { status: response.status, degraded: Object.keys(degraded) };
  };

  it('that is missing is spooled or refused, and named; the other is answered from Kafka', async () => {
    await kafka.deleteTopics([VIEWS]);
    await eventually(async () => expect((await send(REFUSING, VIEWS)).status).toBe(503), PATIENCE);
    for (let round = 0; round < ROUNDS; round++) {
      const refused = await send(REFUSING, VIEWS);
      expect([refused.status, refused.body.code]).toEqual([503, 'kafka-unavailable']);
      const spooled = await send(SPOOLING, VIEWS);
      expect([spooled.status, spooled.body.durability]).toEqual([202, 'spool']);
      for (const collector of [SPOOLING, REFUSING]) {
        const { status, body } = await send(collector, PICKS);
        expect([status, body.durability]).toEqual([202, 'kafka']);
      }
    }
    for (const collector of [SPOOLING, REFUSING])
      expect(await readiness(collector)).toEqual({ status: 200, degraded: [`topic ${VIEWS}`] });
    await createTopics(stack.kafkaBrokers);
    for (const collector of [SPOOLING, REFUSING]) {
      await eventually(
        async () => expect((await send(collector, VIEWS)).body.durability).toBe('kafka'),
        PATIENCE,
      );
      expect(await readiness(collector)).toEqual({ status: 200, degraded: [] });
    }
  });

  it('whose limit is smaller than an event refuses that event, and the other topic takes its own', async () => {
    await kafka.setTopicConfig(VIEWS, { ...VIEWS_CONFIG, 'max.message.bytes': '100' });
    await eventually(async () => expect((await send(SPOOLING, VIEWS)).status).toBe(503), PATIENCE);
    for (let round = 0; round < ROUNDS; round++) {
      for (const collector of [SPOOLING, REFUSING]) {
        expect((await send(collector, VIEWS)).status).toBe(503);
        const { status, body } = await send(collector, PICKS);
        expect([status, body.durability]).toEqual([202, 'kafka']);
      }
    }
    await kafka.setTopicConfig(VIEWS, VIEWS_CONFIG);
    await eventually(async () => expect((await send(REFUSING, VIEWS)).status).toBe(202), PATIENCE);
  });

  it.each([PICKS, VIEWS])('has left each acknowledged event of %s in Kafka once', async (topic) => {
    const ids = (await recordsOf(stack, topic)).map(
      ({ value }) => /"event_id":"([^"]+)"/.exec(String(value))?.[1] ?? '',
    );
    expect(acknowledged[topic]!.length).toBeGreaterThan(ROUNDS);
    expect(acknowledged[topic]!.filter((id) => !ids.includes(id))).toEqual([]);
    expect(ids.filter((id, at) => ids.indexOf(id) !== at)).toEqual([]);
  });
});
