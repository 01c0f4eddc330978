import { describe, expect, it } from '@jest/globals';
import { type KafkajsBroker, type KafkajsCluster, type KafkajsRequest } from './kafkajs/kafkajs.ts';
import { API, syncGroupTap, tapRequests, type Taps } from './requests.ts';

const REQUEST: KafkajsRequest = {
  request: { apiKey: API.syncGroup, apiVersion: 3 },
  response: { decode: () => Promise.resolve({}), parse: (decoded) => Promise.resolve(decoded) },
};

/** A broker as kafkajs makes it: what finds its requests is there when it has connected. */
function connectedBroker(taps: Taps): KafkajsBroker {
  const brokerPool = { createBroker: () => ({}) as KafkajsBroker };
  tapRequests({ brokerPool } as unknown as KafkajsCluster, taps);
  const broker = brokerPool.createBroker();
  broker.lookupRequest = () => () => REQUEST;
  return broker;
}

describe('a request of a cluster that is tapped', () => {
  it('goes through the tap of its API with its fields, and others do not', () => {
    const seen: object[] = [];
    const broker = connectedBroker({ [API.fetch]: (request, fields) => (seen.push(fields), request) });
    broker.lookupRequest(API.fetch, {})({ topics: [] });
    broker.lookupRequest(API.metadata, {})({ topics: ['t'] });
    expect(seen).toEqual([{ topics: [] }]);
  });

  it('is one of this cluster: another one is as kafkajs makes it', () => {
    connectedBroker({ [API.syncGroup]: () => ({ ...REQUEST, requestTimeout: 1 }) });
    expect(connectedBroker({}).lookupRequest(API.syncGroup, {})({})).toBe(REQUEST);
  });
});

describe('the assignment of a group', () => {
  it.each([
    [{ sessionTimeout: 30_000, rebalanceTimeout: 20_000 }, 35_000],
    [{ sessionTimeout: 6_000, rebalanceTimeout: 60_000 }, 65_000],
  ])('is waited for until a dead leader must have been noticed', (config, expected) => {
    expect(syncGroupTap(config)(REQUEST, {}).requestTimeout).toBe(expected);
  });
});
