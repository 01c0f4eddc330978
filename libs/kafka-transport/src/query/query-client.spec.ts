import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { replyTopic } from '@pipeline/event-schema';
import { createLogger, Readiness } from '@pipeline/observability';
import { type Message } from '@pipeline/kafka-driver';
import { MemoryMessageKafka } from '@pipeline/kafka-driver/testing';
import { QueryClient } from './query-client.ts';

const PATTERN = 'spec.query.latest';
const REPLIES = replyTopic(PATTERN);
const NOWHERE = { brokers: ['127.0.0.1:1'], clientId: 'spec', tls: undefined, sasl: undefined };

let kafka: MemoryMessageKafka;
let readiness: Readiness;
let client: QueryClient;
beforeEach(() => {
  kafka = new MemoryMessageKafka();
  readiness = new Readiness();
  client = new QueryClient({
    ...{ connection: NOWHERE, groupId: 'spec', patterns: [PATTERN], timeoutMs: 2_000, readiness },
    ...{ logger: createLogger('spec', 'silent'), kafka: kafka.client },
  });
  client.connect();
});
afterEach(() => client.close());

const connected = async (): Promise<void> => {
  while ((await client.ask(PATTERN, {}).catch(({ code }: { code: string }) => code)) === 'query-unavailable')
    await new Promise(setImmediate);
};

/** What answers, as es-sink would. */
function answering(): void {
  kafka.refuses = (topic, { headers }) => {
    if (topic === PATTERN) {
      const id = headers?.['kafka_correlationId'] as string;
      const answer = { kafka_correlationId: id, 'kafka_nest-is-disposed': 'x' };
      void Promise.resolve().then(() => kafka.send(REPLIES, [{ value: '{"events":[]}', headers: answer }]));
    }
    return false;
  };
}

describe('the asking side', () => {
  it('says in the question for how long its answer is waited for', async () => {
    answering();
    await connected();
    expect(kafka.sent[0]?.message.headers).toMatchObject({ answer_within_ms: '2000' });
  });

  it.each<[string, Message]>([
    ['no correlation id', { value: '{}', headers: { kafka_correlationId: null as never } }],
    ['nothing at all', { value: null }],
    [
      'an answer to a question that was never asked',
      { value: '1', headers: { kafka_correlationId: '{"a":1}' } },
    ],
  ])('still hears answers after a reply with %s', async (_what, junk) => {
    answering();
    await connected();
    await kafka.send(REPLIES, [junk]);
    expect(await client.ask(PATTERN, {})).toEqual({ events: [] });
    expect(kafka.joins).toBe(1);
  });

  it('replaces a consumer that kafkajs has given up, and is not ready meanwhile', async () => {
    answering();
    await connected();
    expect(readiness.notReady()).toEqual({});
    kafka.crash(false);
    expect(readiness.notReady()).toEqual({ replies: 'consumer crashed: not allowed' });
    await expect(client.ask(PATTERN, {})).rejects.toMatchObject({ code: 'query-unavailable' });
    await connected();
    expect(await client.ask(PATTERN, {})).toEqual({ events: [] });
    expect([readiness.notReady(), kafka.joins]).toEqual([{}, 2]);
  });

  it('leaves to kafkajs what kafkajs restarts: an outage of Kafka takes no page out of service', async () => {
    answering();
    await connected();
    kafka.crash(true);
    expect([readiness.notReady(), kafka.joins]).toEqual([{}, 1]);
  });
});
