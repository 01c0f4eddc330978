import { afterEach, beforeEach } from '@jest/globals';
import protobuf from 'protobufjs/minimal.js';
import { CollectorUnderTest } from './start-collector.fixture.ts';

export const JSON_BODY = { 'content-type': 'application/json' };
export const PROTOBUF_BODY = { 'content-type': 'application/x-protobuf' };

/** A separate collector for each spec of the suite, asked to take logs. */
export function logsCollector() {
  let collector: CollectorUnderTest;
  beforeEach(async () => {
    collector = await CollectorUnderTest.start();
  });
  afterEach(() => collector.close());
  const send = (payload: string | Buffer, headers: Record<string, string>) =>
    collector.ask({ method: 'POST', url: '/v1/logs', payload, headers });
  return {
    current: () => collector,
    send,
    post: (request: object) => send(JSON.stringify(request), JSON_BODY),
    stored: () => collector.publisher.events(),
  };
}

/** Status code and text of a `google.rpc.Status`, or number and reason of a partial success. */
export function numberAndText(body: Uint8Array): [number, string] {
  const reader = protobuf.Reader.create(body);
  reader.uint32();
  const number = reader.int32();
  reader.uint32();
  return [number, reader.string()];
}
