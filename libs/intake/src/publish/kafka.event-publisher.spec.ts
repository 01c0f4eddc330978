import { describe, expect, it } from '@jest/globals';
import {
  encodeRecords,
  type PublishedTo,
  TransportError,
  type TransportErrorCode,
} from '@pipeline/kafka-transport';
import { KafkaEventPublisher } from './kafka.event-publisher.ts';

const publisherThat = (publishEncoded: () => Promise<PublishedTo>): KafkaEventPublisher =>
  new KafkaEventPublisher({ connect: () => undefined, close: () => Promise.resolve(), publishEncoded });

const NOTHING = encodeRecords([]);

describe('KafkaEventPublisher', () => {
  it.each<[PublishedTo, string]>([
    ['broker', 'kafka'],
    ['fallback', 'spool'],
  ])('says where records of the %s are safe', async (to, durability) => {
    const publisher = publisherThat(() => Promise.resolve(to));
    await expect(publisher.publish('select-color', NOTHING)).resolves.toBe(durability);
  });

  it.each<[TransportErrorCode, string]>([
    ['broker-unavailable', 'kafka-unavailable'],
    ['record-refused', 'kafka-unavailable'],
    ['buffer-full', 'queue-full'],
    ['closed', 'stopping'],
  ])('turns %s of the transport into %s', async (transportCode, code) => {
    const cause = new TransportError(transportCode, 'no');
    const publisher = publisherThat(() => Promise.reject(cause));
    await expect(publisher.publish('select-color', NOTHING)).rejects.toMatchObject({
      code,
      cause,
    });
  });

  it('passes on an error of our own code, which is no outage', async () => {
    const error = new TypeError('our own');
    const publisher = publisherThat(() => Promise.reject(error));
    await expect(publisher.publish('select-color', NOTHING)).rejects.toBe(error);
  });
});
