import { describe, expect, it } from '@jest/globals';
import { QUERY_TOPICS } from '@pipeline/event-schema';
import { TransportError } from '@pipeline/kafka-transport';
import { createLogger } from '@pipeline/observability';
import { Registry } from 'prom-client';
import { historyMetrics, KafkaHistory } from './kafka.history.ts';

function historyThat(answer: (pattern: string, question: object) => Promise<unknown>) {
  const metrics = historyMetrics(new Registry());
  const client = {
    ask: <_, Reply>(pattern: string, question: object) => answer(pattern, question) as Promise<Reply>,
  };
  return { metrics, history: new KafkaHistory(client, metrics, createLogger('spec', 'silent')) };
}

describe('history over Kafka', () => {
  it('asks each question under its own name', async () => {
    const asked: unknown[] = [];
    const { history, metrics } = historyThat((...question) => {
      asked.push(question);
      return Promise.resolve({ events: [] });
    });
    await history.latest({ limit: 3 });
    expect(asked).toEqual([[QUERY_TOPICS.latest, { limit: 3 }]]);
    expect((await metrics.questions.get()).values[0]?.labels).toEqual({
      question: 'latest',
      outcome: 'answered',
    });
  });

  it.each([
    ['query-timeout', 'history-timeout'],
    ['query-unavailable', 'history-unavailable'],
    ['query-failed', 'history-failed'],
  ] as const)('says %s as %s', async (transport, code) => {
    const { history, metrics } = historyThat(() =>
      Promise.reject(new TransportError(transport, 'secret detail')),
    );
    await expect(history.latest({ limit: 3 })).rejects.toMatchObject({ code, retriable: true });
    expect((await metrics.questions.get()).values[0]?.labels).toEqual({
      question: 'latest',
      outcome: 'failed',
    });
  });

  it('takes a failure that es-sink sends instead of its answer for what it is', async () => {
    const failing = async (code: string) => {
      const { history } = historyThat(() => Promise.resolve({ error: { code, message: 'Says es-sink' } }));
      await history.latest({ limit: 3 });
    };
    const message = 'Says es-sink';
    await expect(failing('unavailable')).rejects.toMatchObject({ code: 'history-failed', message });
    await expect(failing('invalid-query')).rejects.toMatchObject({ message, retriable: false });
  });
});
