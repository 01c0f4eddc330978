import { describe, expect, it } from '@jest/globals';
import { isRefusal } from './crashes.ts';

const kafkaError = (fields: object, cause?: Error) =>
  Object.assign(new Error('of kafkajs', cause ? { cause } : {}), fields);

describe('a refusal', () => {
  it.each([
    ['a permission that is missing', kafkaError({ type: 'GROUP_AUTHORIZATION_FAILED' })],
    ['a login that is wrong', kafkaError({ name: 'KafkaJSSASLAuthenticationError' })],
    [
      'one behind retries',
      kafkaError(
        { name: 'KafkaJSNumberOfRetriesExceeded' },
        kafkaError({ type: 'TOPIC_AUTHORIZATION_FAILED' }),
      ),
    ],
  ])('is %s', (_what, error) => expect(isRefusal(error)).toBe(true));

  it.each([
    ['another error of Kafka', kafkaError({ type: 'UNSUPPORTED_VERSION' })],
    ['no error at all', 'TOPIC_AUTHORIZATION_FAILED'],
  ])('is not %s', (_what, error) => expect(isRefusal(error)).toBe(false));
});
