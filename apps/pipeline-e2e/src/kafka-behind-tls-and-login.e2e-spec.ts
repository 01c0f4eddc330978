import { TOPICS } from '@pipeline/event-schema';
import { eventually, startPipeline, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { colorClick } from './support/color-click.ts';
import { recordsOf } from './support/kafka.ts';
import { PATIENT_COLLECTOR } from './support/patient-collector.ts';
import { acknowledgedIds, sendEvents } from './support/send-events.ts';

const PATIENCE = { timeoutMs: 60_000 };

describe('Kafka behind TLS and SCRAM login', () => {
  let stack: LocalStack;
  beforeAll(async () => {
    stack = await startPipeline({ servers: ['kafka'], apps: [], secureKafka: true });
  });
  afterAll(() => stack?.stop());

  const secure = (): Record<string, string> => ({ ...stack.secureKafka?.environment });
  const reasonsOf = async (url: string) => {
    const answer = (await (await fetch(`${url}/readyz`)).json()) as { reasons?: Record<string, string> };
    return answer.reasons ?? {};
  };

  it('takes what the collector produces', async () => {
    const collector = await stack.startApp('collector-api', { ...PATIENT_COLLECTOR, ...secure() });
    const [id] = acknowledgedIds(await sendEvents(collector, colorClick()));
    const stored = await recordsOf(stack, TOPICS.selectColor.name);
    expect(
      stored.map(({ value }) => String(value)).filter((value) => value.includes(String(id))),
    ).toHaveLength(1);
  });

  it('lets a consumer join', async () => {
    const webUi = await stack.startApp('web-ui', secure());
    expect(await reasonsOf(webUi.url)).toEqual({});
  });

  it.each([
    ['a wrong password', { KAFKA_SASL_PASSWORD: 'guessed' }],
    ['an authority that did not sign it', { KAFKA_TLS_CA_FILE: '' }],
    ['no TLS', { KAFKA_TLS: 'false' }],
  ])('keeps out whoever comes with %s', async (_what, mistake) => {
    const collector = await stack.launchApp('collector-api', { ...secure(), ...mistake });
    await eventually(
      async () => expect(await reasonsOf(collector.url)).toHaveProperty('publisher'),
      PATIENCE,
    );
    const answer = await sendEvents(collector, colorClick());
    expect(answer.status).toBe(503);
    await collector.stop();
  });
});
