import { ConfigError } from '@pipeline/config';
import { CommanderError } from 'commander';
import { AuditError } from '../audit-error.ts';

const USAGE = 2;
const NOT_ASKED = 3;

/**
 * Exit code of a command that ended without a verdict: 2 when an option, a setting or the name of the topic is wrong,
 * 3 when Kafka or a store could not be asked. 0 when only help was wanted.
 */
export function exitCodeOfFailure(error: unknown): number {
  if (error instanceof CommanderError && error.exitCode === 0) return 0;
  const isUsage =
    error instanceof CommanderError ||
    error instanceof ConfigError ||
    (error instanceof AuditError && error.code === 'topic-missing');
  return isUsage ? USAGE : NOT_ASKED;
}
