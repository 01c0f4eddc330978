import { describe, expect, it } from '@jest/globals';
import { bulkBody, entryBytes, newestBody } from './bulk-body.ts';
import { documentOf } from '../../testing/document.fixture.ts';

const document = (id: string, source: string) => documentOf('select-color-2026.11.22', id, source);

describe('the body of a bulk request', () => {
  it('has two lines per document, the second its own bytes', () => {
    const body = bulkBody([document('a', '{"n":12345678901234567890,"t":"ä\u2028"}'), document('b', '{}')]);
    expect(body.toString()).toBe(
      '{"create":{"_index":"select-color-2026.11.22","_id":"a"}}\n{"n":12345678901234567890,"t":"ä\u2028"}\n' +
        '{"create":{"_index":"select-color-2026.11.22","_id":"b"}}\n{}\n',
    );
  });

  it('keeps an id with quotes and backslashes inside its string', () => {
    const [action] = bulkBody([document('a"}\\', '{}')])
      .toString()
      .split('\n');
    expect(JSON.parse(action!)).toEqual({ create: { _index: 'select-color-2026.11.22', _id: 'a"}\\' } });
  });

  it('has the version of a row, and an id of any characters in ASCII', () => {
    const row = { ...documentOf('shop.product', 'é"日', '{"t":"ä"}'), version: '9223372036854775807' };
    const text = newestBody([row]).toString();
    expect(text).toBe(
      '{"index":{"_index":"shop.product","_id":"\\u00e9\\"\\u65e5","version":9223372036854775807,' +
        '"version_type":"external","require_alias":true}}\n{"t":"ä"}\n',
    );
  });

  it('has the bytes that were counted', () => {
    const documents = [document('a', '{"n":1}'), document('bc', '{}')];
    const counted = documents.reduce((sum, each) => sum + entryBytes(each), 0);
    expect(bulkBody(documents)).toHaveLength(counted);
  });
});
