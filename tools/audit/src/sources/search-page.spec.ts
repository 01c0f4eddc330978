import { describe, expect, it } from '@jest/globals';
import { readSearchPage } from './search-page.ts';

const SOURCE = '{"a":"}],\\"sort\\":[","n":12345678901234567890,"a":2,"sort":[{"x":"ü"}] }';

function read(answer: string) {
  const documents: string[][] = [];
  const page = readSearchPage(Buffer.from(answer), (id, source, index) => {
    documents.push([id, source.toString(), index]);
  });
  return { ...page, documents };
}

describe('a search answer', () => {
  it('gives each source as the bytes that were indexed', () => {
    const hit = (id: string, sort: number) =>
      `{"_index":"i","_id":${id},"_score":null,"_source":${SOURCE},"sort":[${sort}]}`;
    const answer = `{"pit_id":"p==","took":1,"hits":{"max_score":null,"hits":[${hit('"a"', 1)}, ${hit('"\\u00fc\\""', 2)}]}}`;
    expect(read(answer)).toEqual({
      hits: 2,
      pit: 'p==',
      searchAfter: '[2]',
      documents: [
        ['a', SOURCE, 'i'],
        ['ü"', SOURCE, 'i'],
      ],
    });
  });

  it('without hits is the end', () => {
    expect(read('{"pit_id":"p","hits":{"hits":[]}}')).toMatchObject({ hits: 0, searchAfter: undefined });
  });

  it('that ends too early is an error, not the end', () => {
    expect(() => read('{"hits":{"hits":[{"_id":"a"')).toThrow(SyntaxError);
    expect(() => read('{"hits":{"hits":[{"_source":{"a":"b')).toThrow(SyntaxError);
  });
});
