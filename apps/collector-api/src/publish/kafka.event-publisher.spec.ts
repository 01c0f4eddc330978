import { describe, expect, it } from '@jest/globals';
import { TransportError, type TransportErrorCode } from '@pipeline/kafka-transport';
import { KafkaEventPublisher } from './kafka.event-publisher.ts';

const publisherThat = (publish: () => Promise<void>): KafkaEventPublisher =>
  new KafkaEventPublisher({ connect: () => undefined, close: () => Promise.resolve(), publish });

describe('KafkaEventPublisher', () => {
  it('says that acknowledged records are in Kafka', async () => {
    await expect(publisherThat(() => Promise.resolve()).publish('select-color', [])).resolves.toBe('kafka');
  });

  it.each<[TransportErrorCode, string]>([
    ['broker-unavailable', 'kafka-unavailable'],
    ['record-refused', 'kafka-unavailable'],
    ['buffer-full', 'queue-full'],
    ['closed', 'stopping'],
  ])('turns %s of the transport into %s', async (transportCode, code) => {
    const cause = new TransportError(transportCode, 'no');
    const publisher = publisherThat(() => Promise.reject(cause));
    await expect(publisher.publish('select-color', [])).rejects.toMatchObject({
      code,
      retriable: true,
      cause,
    });
  });

  it('claims nothing after an error that it does not know', async () => {
    const publisher = publisherThat(() => Promise.reject(new Error('what?')));
    await expect(publisher.publish('select-color', [])).rejects.toMatchObject({ code: 'kafka-unavailable' });
  });
});
