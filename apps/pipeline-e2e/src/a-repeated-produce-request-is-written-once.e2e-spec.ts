import { TOPICS } from '@pipeline/event-schema';
import {
  BatchSealer,
  type BatchSender,
  COMPRESSIONS,
  createBatchSender,
  type PartitionBatch,
} from '@pipeline/kafka-transport';
import { createLogger } from '@pipeline/observability';
import { eventually, startPipeline, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { recordsOf } from './support/kafka.ts';

const { name: TOPIC } = TOPICS.selectColor;

describe('a produce request that is sent again', () => {
  let stack: LocalStack;
  let written = 0;
  const senders: BatchSender[] = [];
  beforeAll(async () => {
    stack = await startPipeline({ servers: ['kafka'], apps: [] });
  });
  afterAll(async () => {
    await Promise.all(senders.map((sender) => sender.close()));
    await stack?.stop();
  });

  /** A connection of its own, as after a crash. */
  function connect(): BatchSender {
    const connection = { brokers: stack.kafkaBrokers, clientId: 'spec', tls: undefined, sasl: undefined };
    const sender = createBatchSender(connection, 'all', createLogger('spec', 'silent'));
    senders.push(sender);
    return sender;
  }

  async function seal(sender: BatchSender, options: ConstructorParameters<typeof BatchSealer>[1]) {
    const sealer = new BatchSealer(sender, options);
    const records = Array.from({ length: 20 }, (_, n) => ({
      key: `visitor-${n}`,
      value: `{"n":${n}}`,
      headers: { event_type: 'x' },
    }));
    // A broker that has just started hands out no identities for a moment.
    return eventually(() => sealer.seal(TOPIC, records));
  }

  const expectOnlyNow = async (count: number) => {
    written += count;
    expect(await recordsOf(stack, TOPIC)).toHaveLength(written);
  };
  const copyOf = (batches: readonly PartitionBatch[]): PartitionBatch[] =>
    batches.map((batch) => ({ ...batch, bytes: Buffer.from(batch.bytes) }));

  it.each(COMPRESSIONS)('is written once with %s, over two connections', async (compression) => {
    const batches = await seal(connect(), { compression, idempotent: true });
    await connect().send(copyOf(batches));
    await connect().send(copyOf(batches));
    await expectOnlyNow(20);
  });

  it('completes a request of which only a part was written', async () => {
    const sender = connect();
    const batches = await seal(sender, { compression: 'none', idempotent: true });
    expect(batches.length).toBeGreaterThan(1);
    await sender.send(batches.slice(0, 1));
    await connect().send(batches);
    await expectOnlyNow(20);
  });

  it('is written twice without an identity, which is why there is one', async () => {
    const batches = await seal(connect(), { compression: 'none', idempotent: false });
    await connect().send(batches);
    await connect().send(batches);
    await expectOnlyNow(40);
  });

  it('says that a sequence with a hole has no place, and a new identity gives it one', async () => {
    const sender = connect();
    const sealer = new BatchSealer(sender, { compression: 'none', idempotent: true });
    const records = [{ key: 'one', value: '{}' }];
    await sender.send(await sealer.seal(TOPIC, records));
    await sealer.seal(TOPIC, records); // never sent
    const third = await sealer.seal(TOPIC, records);
    await expect(sender.send(third)).rejects.toMatchObject({ code: 'sequence-lost' });
    await sealer.reseal(third);
    await sender.send(third);
    await expectOnlyNow(2);
  });
});
