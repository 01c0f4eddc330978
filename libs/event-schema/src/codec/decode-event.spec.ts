import { describe, expect, it } from '@jest/globals';
import { type EventRecord } from '../events/stored-event.ts';
import { DECODE_CODES, DecodeError } from './decode-error.ts';
import { decodeEvent } from './decode-event.ts';

const event: EventRecord = {
  event_id: '01890a5d-ac96-774b-bcce-b302099a8057',
  event_type: 'select-color',
  schema_version: 1,
  user_name: '별이',
  color_name: 'navy',
  user_agent: '',
  occurred_at: '2026-11-22T10:00:00.000Z',
  received_at: '2026-11-22T10:00:00.123Z',
};

const decoded = (fields: Record<string, unknown>) =>
  decodeEvent(Buffer.from(JSON.stringify({ ...event, ...fields })));

describe('codec', () => {
  it('gives back the event that was encoded, unknown fields included', () => {
    const withUnknown = { ...event, campaign: { id: 7, tags: ['a'] } };
    expect(decodeEvent(Buffer.from(JSON.stringify(withUnknown)))).toEqual(withUnknown);
  });

  it.each([
    [null, 'tombstone', {}],
    [Buffer.from([0x7b, 0xff, 0x7d]), 'invalid-utf8', { offset: 1 }],
    [Buffer.from('{"a":}'), 'not-json', { offset: 5 }],
    [Buffer.from('[1]'), 'not-an-object', { offset: 0 }],
    [Buffer.from('{}'), 'missing-field', { field: 'event_id' }],
  ])('says why and where %s is not an event', (value, code, position) => {
    expect(decodeEvent(value)).toMatchObject({ code, position });
  });

  it.each([
    'event_id',
    'event_type',
    'schema_version',
    'user_name',
    'color_name',
    'user_agent',
    'occurred_at',
    'received_at',
  ])('asks for %s and looks at its type', (field) => {
    expect(decoded({ [field]: undefined })).toMatchObject({ code: 'missing-field', position: { field } });
    expect(decoded({ [field]: null })).toMatchObject({ code: 'missing-field', position: { field } });
    expect(decoded({ [field]: [] })).toMatchObject({ code: 'invalid-field', position: { field } });
  });

  it('asks of a page view neither name nor colour, and knows no other type', () => {
    const { user_name: _name, color_name: _color, ...common } = event;
    const view = { ...common, event_type: 'page-view' };
    expect(decodeEvent(Buffer.from(JSON.stringify(view)))).toEqual(view);
    expect(decoded({ event_type: 'toString' })).toMatchObject({ code: 'invalid-field' });
  });

  it('names only codes of the closed list', () => {
    const error = decodeEvent(Buffer.from('nope'));
    expect(error).toBeInstanceOf(DecodeError);
    expect(DECODE_CODES).toContain((error as DecodeError).code);
  });
});
