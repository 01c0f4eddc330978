import { afterEach, beforeEach, describe, expect, it } from '@jest/globals';
import { replyTopic } from '@pipeline/event-schema';
import { createLogger, Readiness } from '@pipeline/observability';
import { type Message } from '@pipeline/kafka-driver';
import { MemoryMessageKafka } from '@pipeline/kafka-driver/testing';
import { QueryServer } from './query-server.ts';

const PATTERN = 'spec.query.latest';
const NOWHERE = { brokers: ['127.0.0.1:1'], clientId: 'spec', tls: undefined, sasl: undefined };

let kafka: MemoryMessageKafka;
let server: QueryServer;
let fatal: Error[];
let asked: unknown[];
let answer: () => Promise<object>;
beforeEach(async () => {
  kafka = new MemoryMessageKafka();
  [fatal, asked] = [[], []];
  answer = () => Promise.resolve({ events: [] });
  server = new QueryServer({
    ...{ connection: NOWHERE, groupId: 'spec', readiness: new Readiness(), kafka: kafka.client },
    ...{ logger: createLogger('spec', 'silent'), onFatal: (error) => fatal.push(error) },
  });
  server.addHandler(PATTERN, (question: unknown) => {
    asked.push(question);
    return answer();
  });
  await server.listen(() => undefined);
  while (kafka.joins === 0) await new Promise(setImmediate);
});
afterEach(() => server.close());

const HEADERS = { kafka_correlationId: 'q1', kafka_replyTopic: replyTopic(PATTERN) };
const ask = (headers: Message['headers'] = HEADERS) =>
  kafka.send(PATTERN, [{ value: '{"limit":1}', headers }]);
const turns = async (): Promise<void> => {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
};
const answers = () => kafka.sent.filter(({ topic }) => topic !== PATTERN);

describe('the answering side', () => {
  it('writes to the reply topic of its question only, wherever the question wants the answer', async () => {
    await ask({ ...HEADERS, kafka_replyTopic: 'select-color', kafka_replyPartition: '7' });
    await turns();
    expect(answers()).toMatchObject([{ topic: replyTopic(PATTERN), message: { value: '{"events":[]}' } }]);
    expect(answers()[0]?.message.partition).toBeUndefined();
  });

  it('answers several questions at a time, and a slow one holds up none but itself', async () => {
    let release = (): void => undefined;
    answer = () =>
      asked.length === 1 ? new Promise((done) => (release = () => done({}))) : Promise.resolve({});
    await ask();
    await ask({ ...HEADERS, kafka_correlationId: 'q2' });
    await turns();
    expect(answers().map(({ message }) => String(message.headers?.['kafka_correlationId']))).toEqual(['q2']);
    release();
    await turns();
    expect(answers()).toHaveLength(2);
  });

  it('does not look for an answer that no asker waits for any more', async () => {
    let release = (): void => undefined;
    answer = () => new Promise((done) => (release = () => done({})));
    for (let n = 0; n < 8; n++) await ask();
    await ask({ ...HEADERS, answer_within_ms: '1' });
    for (const over = Date.now() + 2; Date.now() < over;) await turns();
    for (let n = 0; n < 8; n++) release();
    release();
    await turns();
    expect(asked).toHaveLength(8);
  });

  it.each<[string, Message['headers']]>([
    ['no correlation id', { kafka_replyTopic: 'a' }],
    ['no reply topic', { kafka_correlationId: 'q1' }],
    ['a correlation id of a kilobyte', { ...HEADERS, kafka_correlationId: 'x'.repeat(1_000) }],
  ])('leaves a record with %s alone', async (_what, headers) => {
    await ask(headers);
    await turns();
    expect([asked, answers(), fatal]).toEqual([[], [], []]);
  });

  it('says that an answer could not be sent, where Kafka does not take it', async () => {
    answer = () => Promise.resolve({ events: ['x'.repeat(2_000)] });
    kafka.refuses = (_topic, { value }) => (value?.length ?? 0) > 1_000;
    await ask();
    await turns();
    expect(answers().map(({ message }) => String(message.value))).toEqual([
      '{"error":{"code":"internal","message":"The answer could not be sent"}}',
    ]);
  });

  it('ends the process when the consumer can never recover', () => {
    kafka.crash(true);
    expect(fatal).toEqual([]);
    kafka.crash(false);
    expect(fatal).toHaveLength(1);
  });
});
