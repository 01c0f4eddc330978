import { createRequire } from 'node:module';

interface GroupFields {
  readonly groupId: string;
  readonly sessionTimeout?: number;
  readonly rebalanceTimeout?: number;
}

/** How kafkajs describes one API: what makes a request of its fields, for each version. */
interface RequestDefinition {
  protocol: (choice: {
    readonly version: number;
  }) => (fields: GroupFields) => { readonly requestTimeout?: number };
}

/** What the broker may need beyond the group's own time-outs; kafkajs grants its JoinGroup the same. */
const NETWORK_DELAY_MS = 5_000;

let patched = false;

/**
 * SyncGroup is answered when the leader of the group has sent the assignment. A leader that was killed after it had
 * joined never does, and the others are told to join again when its session is over. kafkajs 2.2.4 lets JoinGroup
 * wait for that long, but ends SyncGroup after the ordinary request time-out, drops the connection and starts over.
 * A member joins before it syncs, so the time-outs of its group are known by then.
 */
export function letSyncGroupWait(): void {
  if (patched) return;
  patched = true;
  const require = createRequire(import.meta.url);
  const join = require('kafkajs/src/protocol/requests/joinGroup') as RequestDefinition;
  const sync = require('kafkajs/src/protocol/requests/syncGroup') as RequestDefinition;
  const { protocol: joinProtocol } = join;
  const { protocol: syncProtocol } = sync;
  const waitMs = new Map<string, number>();
  join.protocol = (choice) => (fields) => {
    const { groupId, sessionTimeout = 0, rebalanceTimeout = 0 } = fields;
    waitMs.set(groupId, Math.max(sessionTimeout, rebalanceTimeout) + NETWORK_DELAY_MS);
    return joinProtocol(choice)(fields);
  };
  sync.protocol = (choice) => (fields) => {
    const requestTimeout = waitMs.get(fields.groupId);
    const request = syncProtocol(choice)(fields);
    return requestTimeout === undefined ? request : { ...request, requestTimeout };
  };
}
