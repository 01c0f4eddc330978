import { createRequire } from 'node:module';
import { describe, expect, it } from '@jest/globals';
import { letSyncGroupWait } from './sync-group-patch.ts';

letSyncGroupWait();
const require = createRequire(import.meta.url);

interface Definition {
  readonly versions: readonly string[];
  readonly protocol: (choice: { version: number }) => (fields: object) => { requestTimeout?: number };
}
const load = (name: string) => require(`kafkajs/src/protocol/requests/${name}`) as Definition;
const timeOutOf = (name: string, fields: object): (number | undefined)[] => {
  const { versions, protocol } = load(name);
  return versions.map((version) => protocol({ version: Number(version) })(fields).requestTimeout);
};

const JOIN = { sessionTimeout: 30_000, rebalanceTimeout: 20_000, memberId: '', groupProtocols: [] };
const SYNC = { generationId: 1, memberId: 'm', groupAssignment: [] };

describe('the assignment of a group', () => {
  it('is waited for until a dead leader must have been noticed', () => {
    timeOutOf('joinGroup', { ...JOIN, groupId: 'g' });
    expect(new Set(timeOutOf('syncGroup', { ...SYNC, groupId: 'g' }))).toEqual(new Set([35_000]));
  });

  it('is waited for as its own group says', () => {
    timeOutOf('joinGroup', { ...JOIN, groupId: 'short', sessionTimeout: 6_000, rebalanceTimeout: 6_000 });
    timeOutOf('joinGroup', { ...JOIN, groupId: 'long', rebalanceTimeout: 60_000 });
    expect(timeOutOf('syncGroup', { ...SYNC, groupId: 'short' })).toContain(11_000);
    expect(timeOutOf('syncGroup', { ...SYNC, groupId: 'long' })).toContain(65_000);
  });
});
