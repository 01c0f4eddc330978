import { describe, expect, it } from '@jest/globals';
import { EVENT_TYPES } from '../event-types.ts';
import { REJECTION_CODES } from '../contract/rejection.ts';
import { validateEvent } from './validate-event.ts';

const right = { event_type: 'select-color', user_name: 'Ada', color_name: 'red' };

const rejected = (event: unknown): string[] => {
  const validation = validateEvent(event);
  return validation.ok ? [] : validation.rejections.map(({ code, path }) => `${code} ${path}`);
};

const nested = (depth: number): unknown => (depth === 0 ? 1 : { deeper: nested(depth - 1) });

describe('validateEvent', () => {
  it('judges a name alike however often it came, with whatever value and wherever', () => {
    const wrong = [
      '_id',
      'kafka_x',
      'dt',
      'Hour',
      'a.b',
      ' ',
      '\ud800',
      'constructor',
      'x'.repeat(129),
      'USER_NAME',
    ];
    for (let round = 0; round < 3; round += 1) {
      for (const name of wrong) {
        expect(validateEvent({ ...right, [name]: 1 }).ok).toBe(false);
        const isRightInside = ['_id', 'kafka_x', 'dt', 'Hour', 'USER_NAME'].includes(name);
        expect(validateEvent({ ...right, o: { [name]: 1 } }).ok).toBe(isRightInside);
      }
      // More of them than are remembered.
      for (let n = 0; n < 1_500; n += 1) expect(validateEvent({ ...right, [`n${n}`]: n }).ok).toBe(true);
      expect(rejected({ ...right, n1: 1, N1: 2 })).toEqual(['field-reserved N1']);
      expect(rejected({ ...right, n1: '\ud800' })).toEqual(['field-malformed-text n1']);
      expect(rejected({ ...right, n1: nested(20) })[0]).toMatch(/^nested-too-deep/);
    }
  });

  it('takes the smallest event and says which topic it belongs to', () => {
    const validation = validateEvent({ ...right });
    expect(validation).toMatchObject({ ok: true, topic: 'select-color', latestVersion: 1 });
    expect(validation).toHaveProperty('event', right);
  });

  it('trims the name and puts the id in lower case', () => {
    const event = { ...right, user_name: '\t Ada ', event_id: '01890A5D-AC96-774B-BCCE-B302099A8057' };
    expect(validateEvent(event)).toMatchObject({
      event: { user_name: 'Ada', event_id: '01890a5d-ac96-774b-bcce-b302099a8057' },
    });
  });

  it.each<[string, object, string]>([
    ['a name that is blank', { user_name: '  ' }, 'field-empty user_name'],
    ...[
      '\u200b', // zero width space
      '\u200d\ufeff\u2060', // joiners
      '\u2800', // blank Braille pattern
      '\u3164\uffa0\u115f\u1160', // Hangul fillers
      '\u00ad', // soft hyphen
      '\ufe0f\u{e0100}', // variation selectors
      '\u{e0041}', // a tag
      '\u{1d159}', // null note head
      ' \u202e\u2066 ', // controls of direction
    ].map((user_name): [string, object, string] => [
      `a name without a visible character: ${JSON.stringify(user_name)}`,
      { user_name },
      'field-empty user_name',
    ]),
    ['a name of 65 characters', { user_name: 'x'.repeat(65) }, 'field-too-long user_name'],
    ['a name with a control character', { user_name: 'a\u0007b' }, 'field-control-characters user_name'],
    ['a name with a line break', { user_name: 'a\nb' }, 'field-control-characters user_name'],
    ['a name that is half a pair', { user_name: '\udc00' }, 'field-malformed-text user_name'],
    ['a name that is a number', { user_name: 12 }, 'field-type user_name'],
    ['no name', { user_name: undefined }, 'field-missing user_name'],
    ['a name that is null', { user_name: null }, 'field-missing user_name'],
    ['an unknown colour', { color_name: 'pink' }, 'color-unknown color_name'],
    ['a colour in capitals', { color_name: 'RED' }, 'color-unknown color_name'],
    ['no colour', { color_name: undefined }, 'field-missing color_name'],
    ['an id that is no UUID', { event_id: 'abc' }, 'uuid-invalid event_id'],
    ['an id that is a number', { event_id: 1 }, 'uuid-invalid event_id'],
    ['the nil id', { event_id: '00000000-0000-0000-0000-000000000000' }, 'uuid-invalid event_id'],
    ['a version in quotes', { schema_version: '1' }, 'field-type schema_version'],
    ['a version of tomorrow', { schema_version: 2 }, 'schema-version-unsupported schema_version'],
    ['a time without zone', { occurred_at: '2026-11-22T10:00:00' }, 'time-invalid occurred_at'],
    ['a time that is a number', { sent_at: 1_700_000_000_000 }, 'time-invalid sent_at'],
    ['a long address', { page_url: `https://x/${'y'.repeat(2_048)}` }, 'field-too-long page_url'],
    ['an empty visitor', { visitor_id: '' }, 'field-empty visitor_id'],
    ['no type', { event_type: undefined }, 'field-missing event_type'],
    ['a type that is a number', { event_type: 1 }, 'field-type event_type'],
    ['an unknown type', { event_type: 'page-left' }, 'event-type-unknown event_type'],
    [
      'a table, whose rows another program writes',
      { event_type: 'shop.product' },
      'event-type-unknown event_type',
    ],
    ['a type that every object has', { event_type: 'toString' }, 'event-type-unknown event_type'],
    ['a field of the lineage', { kafka_offset: 1 }, 'field-reserved kafka_offset'],
    ['a field of the lineage in capitals', { Kafka_x: 1 }, 'field-reserved Kafka_x'],
    ['a known field in capitals', { EVENT_ID: 1 }, 'field-reserved EVENT_ID'],
    ['a metadata field of Elasticsearch', { _doc_count: 2_000_000_000 }, 'field-reserved _doc_count'],
    ['a name that a later Elasticsearch may take', { _anything: 1 }, 'field-reserved _anything'],
    ['the partition column dt', { dt: '2026-11-22' }, 'field-reserved dt'],
    ['the partition column hour in capitals', { HOUR: 1 }, 'field-reserved HOUR'],
    ['a part of a known field', { 'user_name.x': 1 }, 'field-reserved user_name.x'],
    ['two names that differ in case', { odd: 1, Odd: 2 }, 'field-reserved Odd'],
    ['two such names beyond ASCII', { Größe: 1, GRÖßE: 2 }, 'field-reserved GRÖßE'],
    ['two such names further down', { a: [{ B: 1, b: 2 }] }, 'field-reserved a.0.b'],
    ['a field name with a dot', { 'a.b': 1 }, 'field-name-invalid a.b'],
    ['a blank field name', { ' ': 1 }, 'field-name-invalid  '],
    ['an empty field name', { '': 1 }, 'field-name-invalid '],
    ['a long field name', { ['x'.repeat(129)]: 1 }, `field-name-invalid ${'x'.repeat(129)}`],
    ['a bad name further down', { a: [{ 'b c': 1 }] }, 'field-name-invalid a.0.b c'],
    ['half a pair in an unknown field', { a: ['\ud800'] }, 'field-malformed-text a.0'],
    ['deep nesting', { a: nested(16) }, `nested-too-deep a${'.deeper'.repeat(15)}`],
    ['many values', { a: Array<number>(1_001).fill(0) }, 'too-many-values a.999'],
  ])('refuses %s with its code and path', (_what, fields, expected) => {
    expect(rejected({ ...right, ...fields })).toEqual([expected]);
  });

  it.each<[string, object]>([
    ['64 characters, each two UTF-16 units', { user_name: '😀'.repeat(64) }],
    ['names of any script', { user_name: '별이 Zoë' }],
    ['a combining mark', { user_name: 'e\u0301' }],
    ['a joined emoji', { user_name: '👩‍🚀' }],
    ['an empty referrer', { referrer: '' }],
    ['a null of an optional field', { visitor_id: null, occurred_at: null }],
    ['unknown fields of any type', { n: 1.5, t: true, z: null, o: { a: [1, { b: 'c' }] }, 별: '이' }],
    ['nesting up to the limit', { a: nested(15) }],
    ['names of a store below the first level', { a: { _id: 1, dt: 1, hour: 2, kafka_topic: 'x' } }],
    ['the same name in another object, in other letters', { Odd: 1, a: [{ odd: 1 }, { Odd: 1 }] }],
  ])('takes %s', (_what, fields) => {
    expect(rejected({ ...right, ...fields })).toEqual([]);
  });

  it('takes the controls of direction out of a name, and leaves what joins letters', () => {
    const user_name = '\u200f\u202eAda\u202c \u2067نور\u2069 می\u200cخواهم\u061c ';
    expect(validateEvent({ ...right, user_name })).toMatchObject({
      event: { user_name: 'Ada نور می\u200cخواهم' },
    });
  });

  it.each(['null', '1', '"text"', '[]', 'true'])('refuses %s as not an object', (json) => {
    expect(rejected(JSON.parse(json))).toEqual(['not-an-object ']);
  });

  it.each([
    '"__proto__":{"polluted":1}',
    '"constructor":{"prototype":{"polluted":1}}',
    '"a":{"__proto__":{"polluted":1}}',
  ])('refuses a field that could reach a prototype: %s', (field) => {
    expect(rejected(JSON.parse(`${JSON.stringify(right).slice(0, -1)},${field}}`))).toEqual([
      expect.stringContaining('field-reserved'),
    ]);
    expect(({} as { polluted?: number }).polluted).toBeUndefined();
  });

  it('refuses a number that JSON can write and no double can hold', () => {
    expect(rejected({ ...right, n: JSON.parse('1e400') as number })).toEqual(['number-out-of-range n']);
  });

  it('takes a page view without any field of its own, and with what its page knows', () => {
    const view = { event_type: 'page-view' };
    const full = { ...view, page_url: 'https://shop.example/', referrer: '', visitor_id: 'v', title: 'Shop' };
    const validation = validateEvent({ ...view });
    expect(validation).toMatchObject({ ok: true, topic: 'page-view', latestVersion: 1 });
    expect(validation).toHaveProperty('event', view);
    expect(rejected({ ...full })).toEqual([]);
    expect(rejected({ ...view, page_url: 1, visitor_id: '' })).toEqual([
      'field-type page_url',
      'field-empty visitor_id',
    ]);
  });

  it('takes a field of another type of event for an unknown one', () => {
    const view = { event_type: 'page-view', user_name: { a: 1 }, color_name: 7, Status: 200, value: 'high' };
    expect(rejected({ ...view })).toEqual([]);
  });

  it('takes an event by the way of its type and by no other', () => {
    const reading = { event_type: 'device-reading', device_id: 'press-7', metric: 'speed', value: 1 };
    expect(rejected({ ...reading })).toEqual(['event-type-not-taken event_type']);
    expect(validateEvent({ ...reading }, 'mqtt')).toMatchObject({ ok: true, topic: 'device-reading' });
    expect(validateEvent({ ...right }, 'mqtt').ok).toBe(false);
  });

  it.each([
    [{ event_type: 'device-reading', metric: 'speed', value: 'fast' }, 'field-type value'],
    [{ event_type: 'device-reading', metric: 'speed', seq: '1' }, 'field-type seq'],
    [{ event_type: 'device-reading', value: 1 }, 'field-missing metric'],
    [{ event_type: 'device-status', status: 'asleep' }, 'value-unknown status'],
  ])('judges of a device %j as %s', (event, expected) => {
    const validation = validateEvent({ device_id: 'press-7', ...event }, 'mqtt');
    expect(validation.ok ? [] : validation.rejections.map(({ code, path }) => `${code} ${path}`)).toEqual([
      expected,
    ]);
  });

  it('names every wrong field of an event at once', () => {
    expect(rejected({ event_type: 'select-color', user_name: '', color_name: 1, kafka_x: 1 })).toEqual([
      'field-empty user_name',
      'color-unknown color_name',
      'field-reserved kafka_x',
    ]);
  });

  it('documents every code', () => {
    for (const sentence of Object.values(REJECTION_CODES)) expect(sentence).not.toBe('');
  });

  it('knows ascending versions of every type', () => {
    for (const { versions } of EVENT_TYPES) expect([...versions].sort((a, b) => a - b)).toEqual(versions);
  });
});
