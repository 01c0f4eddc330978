import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { COMMANDS } from '@pipeline/images';
import { WORKSPACE } from '../workspace.ts';
import { type ComposeRule, ofEach, ofOurs } from './compose-rule.ts';

/** One service out of hand does not take the machine with it. */
export const memoryIsLimited: ComposeRule = ({ services }) =>
  ofEach(services, ({ mem_limit }) => (mem_limit === undefined ? ['has no memory limit'] : []));

/** Our containers can write nothing but `/tmp` and have no privilege. */
export const oursAreConfined: ComposeRule = ({ services }) =>
  ofOurs(services, ({ read_only, cap_drop = [], security_opt = [] }) => [
    ...(read_only === true ? [] : ['may write its root']),
    ...(cap_drop.includes('ALL') ? [] : ['keeps capabilities']),
    ...(security_opt.includes('no-new-privileges:true') ? [] : ['may gain privileges']),
  ]);

/** Who takes the file as it is opens nothing to other machines. */
export const portsAreLocal: ComposeRule = ({ services }) =>
  ofEach(services, ({ ports = [] }) =>
    ports
      .filter((port) => !/^(127\.0\.0\.1|\$\{LISTEN_HOST:-127\.0\.0\.1\}):/.test(port))
      .map((port) => `is open to other machines: ${port}`),
  );

/** An app gets the time that it needs for a clean stop. */
export const graceIsEnough: ComposeRule = ({ services }) =>
  ofOurs(services, ({ stop_grace_period = '10s' }, app) => {
    const needed = shutdownSeconds();
    return COMMANDS.includes(app) || Number(/^(\d+)s$/.exec(stop_grace_period)?.[1]) > needed
      ? []
      : [`is killed after ${stop_grace_period} and needs ${needed} s`];
  });

/** The default of SHUTDOWN_GRACE_MS, in seconds. */
function shutdownSeconds(): number {
  const settings = readFileSync(join(WORKSPACE, '.env.example'), 'utf8');
  return Number(/^SHUTDOWN_GRACE_MS=(\d+)$/m.exec(settings)?.[1]) / 1_000;
}
