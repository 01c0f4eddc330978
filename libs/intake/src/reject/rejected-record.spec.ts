import { type RejectedEvent, validateEvent } from '@pipeline/event-schema/contract';
import { describe, expect, it } from '@jest/globals';
import { EVENT, idOf, originOf } from '../../testing/origin.fixture.ts';
import { MAX_KEPT_CHARACTERS, RejectedRecords } from './rejected-record.ts';

const origin = originOf();
const RECEIVED_AT = '2026-11-22T10:00:00.000Z';
const TOPICS = ['select-color', 'page-view'];
const masked = new RejectedRecords(TOPICS, true);
const whole = new RejectedRecords(TOPICS, false);
const reasonOf = (value: unknown) => {
  const validation = validateEvent(structuredClone(value));
  if (validation.ok) throw new Error('nothing is wrong');
  return validation.rejections[0];
};
const keep = (value: unknown, isMasking = true): RejectedEvent => {
  const { record } = (isMasking ? masked : whole).ofEvent({ value, rejection: reasonOf(value) }, origin);
  return JSON.parse(String(record.value)) as RejectedEvent;
};

describe('the record of a refused event', () => {
  const personal = {
    ...EVENT,
    event_id: idOf(1),
    user_name: 'Ada Lovelace 1815',
    color_name: 'pink',
    visitor_id: 'v-17',
    page_url: 'https://shop.example/users/ada?mail=ada@mail.example',
    referrer: 'https://ada:secret@shop.example/',
    mail: ['ada@mail.example', { phone: '+44 20 7946 0018' }],
    age: 36,
  };

  it('says why and when, and masks what may be personal', () => {
    expect(keep(personal)).toEqual({
      received_at: RECEIVED_AT,
      code: 'color-unknown',
      message: expect.stringContaining('color_name must be one of'),
      path: 'color_name',
      is_masked: true,
      is_cut: false,
      event: {
        event_type: 'select-color',
        event_id: idOf(1),
        user_name: 'xxx xxxxxxxx xxxx',
        color_name: 'pink',
        visitor_id: 'x-xx',
        page_url: 'https://shop.example/xxxxx/xxx?xxxxxxxx@xxxx.xxxxxxx',
        referrer: 'xxxxx://xxx:xxxxxx@xxxx.xxxxxxx/',
        mail: ['xxx@xxxx.xxxxxxx', { phone: 'xxx xx xxxx xxxx' }],
        age: 36,
      },
    });
  });

  it('keeps everything where masking is off', () => {
    expect(keep(personal, false)).toMatchObject({ is_masked: false, event: personal });
  });

  it('masks an event of which its origin withholds fields, whatever the settings say', () => {
    const value = { value: personal, rejection: reasonOf(personal) };
    const { record } = whole.ofEvent(value, originOf({ withheld: ['visitor_id'] }));
    expect(JSON.parse(String(record.value))).toMatchObject({
      is_masked: true,
      event: { visitor_id: 'x-xx' },
    });
  });

  it.each<[string, unknown]>([
    ['a missing name', { ...EVENT, user_name: undefined }],
    ['a blank name', { ...EVENT, user_name: ' \t' }],
    ['a long name', { ...EVENT, user_name: '𝒜'.repeat(65) }],
    ['a control character', { ...EVENT, user_name: 'A\u0001da' }],
    ['half a pair', { ...EVENT, user_name: 'Ada \ud83d' }],
    ['a number for a name', { ...EVENT, user_name: 7 }],
    ['an unknown type', { ...EVENT, event_type: 'select-colour' }],
    ['a version of the future', { ...EVENT, schema_version: 99 }],
    ['an invalid id', { ...EVENT, event_id: 'not an id' }],
    ['an invalid time', { ...EVENT, occurred_at: 'tomorrow' }],
    ['a long address', { ...EVENT, page_url: `https://a.example/${'b'.repeat(2_048)}` }],
    ['a name of the pipeline', { ...EVENT, kafka_offset: 1 }],
    ['a name that reaches the prototype', JSON.parse('{"event_type":"select-color","__proto__":{"x":1}}')],
    ['a dotted name', { ...EVENT, 'a.b': 1 }],
    ['deep nesting', { ...EVENT, deep: Array.from({ length: 20 }).reduce((inner) => [inner], 'x') }],
    ['a number', 17],
    ['a text', 'Ada'],
    ['a list', [EVENT]],
    ['null', null],
  ])('is refused for the same reason when it is sent again: %s', (_what, value) => {
    const { event, code, path } = keep(value);
    expect(reasonOf(event)).toMatchObject({ code, path });
  });

  it('gives an event without id one, so that sending it twice stores it once', () => {
    expect(keep({ ...EVENT, color_name: 'pink' }).event).toMatchObject({
      event_id: expect.stringMatching(/^[0-9a-f]{8}-[0-9a-f]{4}-7/),
    });
  });

  it.each<[string, unknown]>([
    ['long texts', { ...EVENT, user_name: 'x'.repeat(1_000_000) }],
    [
      'many texts',
      { ...EVENT, color_name: 'pink', texts: Array.from({ length: 900 }, () => 'x'.repeat(900)) },
    ],
    ['long names', { ['n'.repeat(1_000_000)]: 1 }],
    ['many values', Array.from({ length: 400_000 }, () => [])],
    ['deep nesting', Array.from({ length: 2_000 }).reduce((inner) => [inner], 'x')],
  ])('is cut when it holds too much: %s', (_what, value) => {
    const { record } = masked.ofEvent({ value, rejection: reasonOf(value) }, origin);
    expect(JSON.parse(String(record.value))).toMatchObject({ is_cut: true, text: expect.any(String) });
    expect(Buffer.byteLength(String(record.value))).toBeLessThan(2 * MAX_KEPT_CHARACTERS);
  });

  it('lies in the topic of its type, and with the first type of the ingress if that is not taken', () => {
    const topicOf = (value: unknown) =>
      masked.ofEvent({ value, rejection: { code: 'field-missing', message: '', path: '' } }, origin).topic;
    expect(topicOf({ event_type: 'page-view' })).toBe('page-view.rejected');
    for (const value of [EVENT, { event_type: 'toString' }, { event_type: {} }, 17, null]) {
      expect(topicOf(value)).toBe('select-color.rejected');
    }
  });

  it('shows the beginning of a body that is not JSON, masked', () => {
    const body = Buffer.from(`[{"user_name":"Ada",}${' '.repeat(2_000)}`);
    expect(JSON.parse(String(masked.ofMalformed(body, origin).record.value))).toEqual({
      received_at: RECEIVED_AT,
      code: 'malformed-json',
      message: 'A body of 2021 bytes is not JSON',
      path: '',
      is_masked: true,
      is_cut: true,
      text: `[{"xxxx_xxxx":"xxx",}${' '.repeat(1_003)}`,
    });
  });
});
