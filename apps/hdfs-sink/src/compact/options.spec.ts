import { describe, expect, it } from '@jest/globals';
import { STORED_TOPICS } from '@pipeline/event-schema';
import { compactArguments } from './options.ts';

describe('compactArguments', () => {
  it('joins both topics up to a block, two hours after they were closed, unless told otherwise', () => {
    expect(compactArguments([])).toEqual({
      topics: STORED_TOPICS,
      options: { quietMs: 7_200_000, withinDays: 8, targetBytes: 134_217_728, dryRun: false },
    });
  });

  it('takes topics, limits and a dry run', () => {
    const args = [
      '--topic',
      'page-view',
      '--quiet-hours',
      '3',
      '--within-days',
      '30',
      '--target-mib',
      '512',
      '--dry-run',
    ];
    expect(compactArguments(args)).toEqual({
      topics: ['page-view'],
      options: { quietMs: 10_800_000, withinDays: 30, targetBytes: 536_870_912, dryRun: true },
    });
  });

  it('asks for nothing to be done with --help', () => {
    expect(compactArguments(['--help'])).toBeUndefined();
  });

  it.each([
    [['--topic', 'colour'], '--topic colour is not one of'],
    [['--quiet-hours', '0'], '--quiet-hours 0 is not a whole number from 1'],
    [['--target-mib', '1e3'], '--target-mib 1e3 is not a whole number'],
    [['--colour'], "Unknown option '--colour'"],
  ])('refuses %j', (args, message) => {
    expect(() => compactArguments(args)).toThrow(message);
  });
});
