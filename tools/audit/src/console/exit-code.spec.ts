import { ConfigError } from '@pipeline/config';
import { describe, expect, it } from '@jest/globals';
import { CommanderError } from 'commander';
import { AuditError } from '../audit-error.ts';
import { exitCodeOfFailure } from './exit-code.ts';

describe('the exit code without a verdict', () => {
  it.each([
    ['help was wanted', 0, new CommanderError(0, 'commander.helpDisplayed', '')],
    ['an option is wrong', 2, new CommanderError(1, 'commander.unknownOption', '')],
    ['a setting is wrong', 2, new ConfigError(['KAFKA_BROKERS=""'])],
    ['the topic does not exist', 2, new AuditError('topic-missing', '')],
    ['Kafka could not be asked', 3, new AuditError('kafka', '')],
    ['HDFS could not be asked', 3, new AuditError('hdfs', '')],
    ['Elasticsearch could not be asked', 3, new AuditError('elasticsearch', '')],
    ['it failed in a way that nobody thought of', 3, new TypeError('x')],
  ])('says that %s: %s', (_, exitCode, error) => {
    expect(exitCodeOfFailure(error)).toBe(exitCode);
  });
});
