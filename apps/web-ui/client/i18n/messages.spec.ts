import { describe, expect, it } from '@jest/globals';
import { english } from './english.ts';
import { korean } from './korean.ts';
import { messagesFor } from './language.ts';

/** Every text by its path; texts with parameters are shown with some. */
function texts(value: unknown, path = ''): Map<string, string> {
  if (typeof value === 'function')
    return texts((value as (...given: unknown[]) => unknown)(61, 61, 61, 61), path);
  if (typeof value === 'string') return new Map([[path, value]]);
  return new Map(
    Object.entries(value as object).flatMap(([name, inner]) => [...texts(inner, `${path}.${name}`)]),
  );
}

/** Names that are the same in every language. */
const NAMES = /Kafka|HDFS|Elasticsearch|UTM|CSV|UUID/g;

const spoken = (text: string): string => text.replace(NAMES, '').replace(/[\d\s/%,()…–·:±]/g, '');

describe('the languages', () => {
  it('have the same texts', () => {
    expect([...texts(korean).keys()].sort()).toEqual(
      [...texts({ ...english, picked: String, share: String }).keys()].sort(),
    );
  });

  it('leave nothing empty but what may stand before the name', () => {
    for (const messages of [english, korean]) {
      const empty = [...texts({ ...messages, picked: () => 'x' })].filter(([, text]) => text.trim() === '');
      expect(empty.map(([path]) => path)).toEqual(['.beforeName']);
    }
  });

  it('have no English left in the Korean', () => {
    const { language, ...said } = korean;
    const foreign = [...texts({ ...said, picked: () => '가' })].filter(([, text]) =>
      /[a-z]{2}/i.test(spoken(text)),
    );
    expect([language, foreign.map(([path]) => path)]).toEqual(['ko', []]);
  });

  it.each([
    [['ko-KR', 'en'], 'ko'],
    [['fr', 'ko'], 'ko'],
    [['en-GB', 'ko'], 'en'],
    [['fr-FR'], 'en'],
    [[], 'en'],
  ])('follow the browser: %j is %s', (languages, language) => {
    expect(messagesFor(languages).language).toBe(language);
  });
});
