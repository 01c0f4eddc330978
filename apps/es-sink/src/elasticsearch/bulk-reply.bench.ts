import { ReplySerializer } from './bulk-reply.ts';

const EVENTS = 5_000;

const items = Array.from({ length: EVENTS }, () => '{"create":{"status":201}}');
const reply = `{"errors":false,"items":[${items.join(',')}]}`;
const serializer = new ReplySerializer();

export const benchmarks = {
  'read the reply of a bulk request': { events: EVENTS, run: () => serializer.deserialize(reply) },
};
