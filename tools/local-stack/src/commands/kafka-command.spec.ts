import { describe, expect, it } from '@jest/globals';
import { withAddress } from './kafka-command.ts';

const brokers = ['127.0.0.1:9092', '127.0.0.1:9093'];

describe('a tool of Kafka', () => {
  it('is told the address of all brokers, before a subcommand', () => {
    expect(withAddress(['describe', '--status'], brokers)).toEqual([
      '--bootstrap-server',
      '127.0.0.1:9092,127.0.0.1:9093',
      'describe',
      '--status',
    ]);
  });

  it.each([[['--list', '--bootstrap-server', 'other:1']], [['--bootstrap-server=other:1', '--list']]])(
    'keeps the address that it was given: %j',
    (args) => {
      expect(withAddress(args, brokers)).toEqual(args);
    },
  );
});
