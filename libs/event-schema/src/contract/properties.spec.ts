import { expect, it } from '@jest/globals';
import { isPropertyName, isProperties, PROPERTY_LIMITS } from './properties.ts';

const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`name-${n}`, n]));

it.each<[string, unknown]>([
  ['nothing', {}],
  ['texts, numbers and booleans', { a: 'text', b: 1.5, c: true, d: '' }],
  ['names with dots and spaces', { 'http.request.method': 'GET', 'a name': 'x', '{OriginalFormat}': 'y' }],
  ['names that start alike', { a: '1', 'a.b': '2', A1: '3' }],
  ['a name of the language', { constructor: '1', toString: '2' }],
  ['as many as there may be', many(PROPERTY_LIMITS.properties)],
])('properties may be %s', (_, value) => {
  expect(isProperties(value)).toBe(true);
  expect(isProperties(value)).toBe(true);
});

it.each<[string, unknown]>([
  ['a text', 'text'],
  ['a list', ['text']],
  ['null', null],
  ['an object with an object', { a: {} }],
  ['an object with a list', { a: [] }],
  ['an object with null', { a: null }],
  ['a number that no double holds', { a: Number.POSITIVE_INFINITY }],
  ['half a character', { a: '\ud83d' }],
  ['names that differ in case only', { Host: '1', host: '2' }],
  ['an empty name', { '': '1' }],
  ['a blank part of a name', { 'a..b': '1' }],
  ['a name with a control character', { 'a\u0000': '1' }],
  ['a name of half a character', { '\ud83d': '1' }],
  ['a long name', { ['x'.repeat(PROPERTY_LIMITS.nameCharacters + 1)]: '1' }],
  ['the name of a prototype', JSON.parse('{"__proto__":"1"}') as object],
  ['one too many', many(PROPERTY_LIMITS.properties + 1)],
])('properties may not be %s', (_, value) => {
  expect(isProperties(value)).toBe(false);
});

it('learns no name wrong, however many there are', () => {
  for (let n = 0; n < 10_000; n += 1) expect(isPropertyName(`name.${n}`)).toBe(true);
  for (let n = 0; n < 10_000; n += 1)
    expect(isProperties({ [`Name.${n}`]: '', [`name.${n}`]: '' })).toBe(false);
});
