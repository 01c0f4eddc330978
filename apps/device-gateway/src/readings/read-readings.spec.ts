import { describe, expect, it } from '@jest/globals';
import { timeOfId } from '@pipeline/event-schema';
import { validateEvent } from '@pipeline/event-schema/contract';
import { parseAsSpelt } from '@pipeline/intake';
import { MAX_READINGS, readReadings } from './read-readings.ts';

const RECEIVED_MS = Date.parse('2026-11-22T10:00:00.000Z');
const SOURCE = { deviceId: 'press-7', receivedMs: RECEIVED_MS };

type Read = Record<string, unknown> & { event_id?: string };

/** As it lies in the record: fields without a value are not there. */
const read = (payload: unknown, deviceId = 'press-7'): Read[] =>
  JSON.parse(JSON.stringify(readReadings(payload, { ...SOURCE, deviceId }))) as Read[];
const brief = (payload: unknown): unknown[] =>
  read(payload).map(({ event_type: _type, device_id: _device, event_id: _id, ...rest }) => rest);
const verdict = (payload: unknown): string[] =>
  readReadings(payload, SOURCE).map((event) => {
    const validation = validateEvent(event, 'mqtt');
    return validation.ok ? 'right' : `${validation.rejections[0].code} ${validation.rejections[0].path}`;
  });
const idOf = (payload: unknown, deviceId?: string) => read(payload, deviceId)[0]!.event_id;

describe('the readings of a payload', () => {
  it('are the metrics of a flat object, with what the object says of all of them', () => {
    const payload = {
      temperature: 21.5,
      mode: 'auto',
      door: true,
      off: false,
      none: null,
      seq: 7,
      ts: 1_795_341_600,
    };
    const common = { seq: 7, occurred_at: '2026-11-22T10:00:00.000Z' };
    expect(brief(payload)).toEqual([
      { metric: 'temperature', value: 21.5, ...common },
      { metric: 'mode', text_value: 'auto', ...common },
      { metric: 'door', value: 1, ...common },
      { metric: 'off', value: 0, ...common },
    ]);
    expect(verdict(payload)).toEqual(['right', 'right', 'right', 'right']);
  });

  it('are written out with their unit, and keep what else they say', () => {
    expect(
      brief({ metric: 'temperature', value: 21.5, unit: 'Cel', quality: 'good', device_id: 'other' }),
    ).toEqual([{ metric: 'temperature', value: 21.5, unit: 'Cel', quality: 'good' }]);
    expect(brief({ metric: 'mode', text_value: 'auto' })).toEqual([{ metric: 'mode', text_value: 'auto' }]);
  });

  it('are those of every object of an array', () => {
    expect(
      brief([
        { a: 1, b: 2 },
        { metric: 'c', value: 3 },
      ]),
    ).toEqual([
      { metric: 'a', value: 1 },
      { metric: 'b', value: 2 },
      { metric: 'c', value: 3 },
    ]);
  });

  it('are one of the metric `value` for a number', () => {
    expect(brief(21.5)).toEqual([{ metric: 'value', value: 21.5 }]);
  });

  it.each<[unknown, string]>([
    [1_795_341_600, '2026-11-22T10:00:00.000Z'],
    [1_795_341_600.25, '2026-11-22T10:00:00.250Z'],
    [1_795_341_600_250, '2026-11-22T10:00:00.250Z'],
    ['2026-11-22T11:00:00+01:00', '2026-11-22T11:00:00+01:00'],
  ])('happened at %j: seconds, milliseconds or text', (time, expected) => {
    for (const payload of [
      { a: 1, ts: time },
      { a: 1, occurred_at: time },
      { a: 1, sent_at: time },
    ]) {
      expect(brief(payload)[0]).toMatchObject({
        ['sent_at' in payload ? 'sent_at' : 'occurred_at']: expected,
      });
      expect(verdict(payload)).toEqual(['right']);
    }
  });

  it('keep the numbers that JavaScript spells otherwise', () => {
    const spelt = readReadings(parseAsSpelt('{"a":21.50,"b":[1.0],"seq":4294967295000000001}'), SOURCE);
    expect(JSON.stringify(spelt[0])).toContain('"metric":"a","value":21.50,"seq":4294967295000000001');
  });

  it.each<[string, unknown, string[]]>([
    ['a text', 'warm', ['field-missing metric']],
    ['null', null, ['field-missing metric']],
    ['an empty object', {}, ['field-missing metric']],
    ['an empty array', [], ['field-missing metric']],
    ['an object of names that are no metrics', { seq: 1, ts: 1 }, ['field-missing metric']],
    ['an array in which one is none', [{ a: 1 }, 2], ['right', 'field-missing metric']],
    ['an object that nests', { a: { b: 1 }, c: 1 }, ['field-type value', 'right']],
    ['a reading without a value', { metric: 'a' }, ['field-type value']],
    ['a time that is none', { a: 1, ts: 'noon' }, ['time-invalid occurred_at']],
    ['a time before all time', { a: 1, ts: -1e15 }, ['time-invalid occurred_at']],
    ['a number that no double can hold', { a: Number.POSITIVE_INFINITY }, ['number-out-of-range value']],
    ['a metric without a name', { '': 1 }, ['field-empty metric']],
  ])('are refused one by one: %s', (_what, payload, expected) => {
    expect(verdict(payload)).toEqual(expected);
  });

  it('are refused together above the most that a payload may hold', () => {
    const many = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`m${n}`, n]));
    expect(verdict(many(MAX_READINGS))).toHaveLength(MAX_READINGS);
    expect(verdict(many(MAX_READINGS + 1))).toEqual([expect.stringContaining('too-many-values')]);
  });

  it('come out of a value that nests deeper than a stack goes', () => {
    const deep = JSON.parse('['.repeat(50_000) + ']'.repeat(50_000)) as unknown;
    for (const payload of [deep, { a: deep, seq: 1 }, { a: 1, id: deep }, { a: 1, ts: deep }])
      expect(readReadings(payload, SOURCE)).toHaveLength(1);
  });
});

describe('the id of a reading', () => {
  it('follows from the id of the device, and differs by device and metric', () => {
    const id = idOf({ id: 'a', x: 1 });
    expect(id).toMatch(/^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
    expect(idOf({ x: 1, id: 'a' })).toBe(id);
    const others = [idOf({ id: 'b', x: 1 }), idOf({ id: 'a', y: 1 }), idOf({ id: 'a', x: 1 }, 'press-8')];
    expect(new Set([id, ...others]).size).toBe(4);
    expect(verdict({ id: 'a', x: 1 })).toEqual(['right']);
  });

  it('has the time of an id of version 7, by which the stores file it', () => {
    const id = '01890a5d-ac96-774b-bcce-b302099a8057';
    expect(timeOfId(idOf({ id, x: 1 })!)).toBe(timeOfId(id));
  });

  it('follows from a sequence number, with time and value: a counter may begin anew', () => {
    const id = idOf({ seq: 1, x: 1, ts: 1_795_341_600 });
    expect(idOf({ seq: 1, x: 1, ts: 1_795_341_600 })).toBe(id);
    const others = [
      idOf({ seq: 2, x: 1, ts: 1_795_341_600 }),
      idOf({ seq: 1, x: 1, ts: 1_795_341_601 }),
      idOf({ seq: 1, x: 2, ts: 1_795_341_600 }),
      idOf({ id: '1', x: 1 }),
    ];
    expect(new Set([id, ...others]).size).toBe(5);
  });

  it('is left to the intake if the device sends neither', () => {
    for (const payload of [{ x: 1 }, { x: 1, id: '' }, { x: 1, seq: null }])
      expect(idOf(payload)).toBeUndefined();
  });
});

describe('a SenML pack', () => {
  it('is read as RFC 8428 resolves it', () => {
    // Source: RFC 8428 §5.1.3, shortened.
    const pack = [
      {
        bn: 'urn:dev:ow:10e2073a0108006:',
        bt: 1.276020076001e9,
        bu: 'A',
        bver: 5,
        n: 'voltage',
        u: 'V',
        v: 120.1,
      },
      { n: 'current', t: -5, v: 1.2 },
      { n: 'current', t: -4, v: 1.3 },
    ];
    expect(brief(pack)).toEqual([
      {
        metric: 'urn:dev:ow:10e2073a0108006:voltage',
        value: 120.1,
        unit: 'V',
        occurred_at: '2010-06-08T18:01:16.001Z',
      },
      {
        metric: 'urn:dev:ow:10e2073a0108006:current',
        value: 1.2,
        unit: 'A',
        occurred_at: '2010-06-08T18:01:11.001Z',
      },
      {
        metric: 'urn:dev:ow:10e2073a0108006:current',
        value: 1.3,
        unit: 'A',
        occurred_at: '2010-06-08T18:01:12.001Z',
      },
    ]);
    expect(verdict(pack)).toEqual(['right', 'right', 'right']);
  });

  it('leaves the name of the device away', () => {
    expect(brief([{ bn: 'urn:dev:press-7/', n: 'speed', v: 3 }])).toEqual([{ metric: 'speed', value: 3 }]);
    expect(
      brief([
        { n: 'speed', v: 3 },
        { n: 'mode', vs: 'auto' },
        { n: 'on', vb: true },
      ]),
    ).toEqual([
      { metric: 'speed', value: 3 },
      { metric: 'mode', text_value: 'auto' },
      { metric: 'on', value: 1 },
    ]);
  });

  it('adds base values, has sums as metrics of their own, and times relative to now', () => {
    expect(brief([{ bn: 'a', bv: 20, bs: 100, v: 1.5, s: 5, t: -60 }])).toEqual([
      { metric: 'a', value: 21.5, occurred_at: '2026-11-22T09:59:00.000Z' },
      { metric: 'a.sum', value: 105, occurred_at: '2026-11-22T09:59:00.000Z' },
    ]);
  });

  it.each<[string, object[]]>([
    ['of a later version', [{ bver: 11, n: 'a', v: 1 }]],
    ['with a field that must be understood', [{ bn: 'a', v: 1, new_: 1 }]],
    ['with a base that is none', [{ bn: 1, v: 1 }]],
  ])('%s is refused whole', (_what, pack) => {
    expect(verdict(pack)).toEqual(['field-missing metric']);
  });

  it('gives each of its readings an id of its own from one number', () => {
    const ids = read([{ bn: 'a', bt: 1.8e9, seq: 4, v: 1 }, { v: 1 }, { v: 2 }]).map(
      ({ event_id }) => event_id,
    );
    expect(new Set(ids).size).toBe(3);
  });
});
