import { describe, expect, it } from '@jest/globals';
import { ReplySerializer } from './bulk-reply.ts';

const serializer = new ReplySerializer();
const CREATED = '{"create":{"status":201}}';
const reply = (...items: string[]) => `{"errors":false,"items":[${items.join(',')}]}`;

describe('the reader of replies', () => {
  it.each([
    ['one document, created', reply(CREATED)],
    ['two documents, created', reply(CREATED, CREATED)],
    ['no document', reply()],
    ['a document that was updated', reply(CREATED, '{"create":{"status":200}}', CREATED)],
    ['a document as long as one that was created', reply(CREATED, '{"create":{"status":409}}')],
    ['a conflict', '{"errors":true,"items":[{"create":{"status":409,"error":{"type":"t","reason":"r"}}}]}'],
    ['a document by another action', reply('{"update":{"status":201}}')],
    ['spaces', `{"errors":false, "items":[${CREATED}]}`],
    ['more after the items', `{"errors":false,"items":[${CREATED}],"took":1}`],
    ['more in place of a document', `{"errors":false,"items":[${CREATED}],"something":"as long"}`],
    ['something else', '{"hits":{"total":1}}'],
  ])('reads of %s what JSON.parse reads', (_what, json) => {
    expect(serializer.deserialize(json)).toEqual(JSON.parse(json));
  });

  it('reads a reply of thousands of created documents without an object for each', () => {
    const { items } = serializer.deserialize<{ items: unknown[] }>(
      reply(...Array.from({ length: 7_500 }, () => CREATED)),
    );
    expect(items).toHaveLength(7_500);
    expect(new Set(items).size).toBe(1);
  });

  it.each([reply(CREATED).slice(0, -1), `${reply(CREATED)} x`, ''])('refuses what is no JSON: %s', (json) => {
    expect(() => serializer.deserialize(json)).toThrow(/JSON/);
  });
});
