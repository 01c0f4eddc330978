import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../../testing/seeded-random.fixture.ts';
import { validateEvent } from '../compiled/validate-event.ts';
import { isReadableName, isReservedName, STORE_LIMITS } from '../store-rules.ts';
import { DecodeError } from './decode-error.ts';
import { namesOfEvents } from './event-line.ts';
import { jsonLine } from './json-line.ts';

const EVENT = '"event_id":"a-1","event_type":"select-color","schema_version":1,"user_name":"Ada"';

/** What becomes of an event with these fields more. */
const fate = (
  fields: string,
  topic = fields.includes('attributes') ? 'log-record' : 'select-color',
): string => {
  const line = jsonLine(Buffer.from(`{${EVENT},${fields}}`), undefined, namesOfEvents(topic));
  return line instanceof DecodeError ? line.code : 'stored';
};
const named = (name: string): string => `${JSON.stringify(name)}:1`;

describe('a record of any producer', () => {
  it.each<[string, string, string]>([
    ['a metadata field of Elasticsearch', '"_id":1', 'field-reserved'],
    ['one that falsifies counts', '"_doc_count":2000000000', 'field-reserved'],
    ['one in escapes', '"\\u005fid":1', 'field-reserved'],
    ['one with a part behind it', '"_id.x":1', 'field-reserved'],
    ['the lineage', '"kafka_topic":"x"', 'field-reserved'],
    ['the lineage in capitals', '"KAFKA_OFFSET":1', 'field-reserved'],
    ['a partition column', '"dt":"2026-11-22"', 'field-reserved'],
    ['a partition column in capitals', '"Hour":1', 'field-reserved'],
    ['a column in other letters', '"Visitor_Id":"x"', 'field-reserved'],
    ['a part of a column', '"user_name.x":1', 'field-reserved'],
    ['the same name twice', '"a":1,"a":2', 'field-repeated'],
    ['the same name twice, once in escapes', '"az":1,"\\u0061z":2', 'field-repeated'],
    ['names that differ in case', '"Odd":1,"odd":2', 'field-repeated'],
    ['names that differ in case beyond ASCII', '"größe":1,"GRÖßE":2', 'field-repeated'],
    ['the same name twice deeper down', '"a":{"b":1,"c":{},"b":2}', 'field-repeated'],
    ['the same name twice in a list', '"a":[{"b":1},{"b":1,"B":2}]', 'field-repeated'],
    ['an empty name', named(''), 'field-name-invalid'],
    ['a blank name', named(' '), 'field-name-invalid'],
    ['a blank name deeper down', '"a":{"\\t":1}', 'field-name-invalid'],
    ['a dot alone', named('.'), 'field-name-invalid'],
    ['a blank part', named('a..b'), 'field-name-invalid'],
    ['a blank part at the end', named('a.'), 'field-name-invalid'],
    ['half a surrogate pair as a name', '"\\ud800":1', 'field-name-invalid'],
    ['a name as long as a path may be', named('x'.repeat(STORE_LIMITS.namePathBytes)), 'field-name-invalid'],
    ['a path of long names', `"${'x'.repeat(20_000)}":{"${'y'.repeat(12_000)}":1}`, 'field-name-invalid'],
    ['a number of 1,001 digits', `"n":${'1'.repeat(1_001)}`, 'number-too-long'],
    ['a fraction of 1,001 characters', `"n":[0.${'1'.repeat(999)}]`, 'number-too-long'],
    ['a number for a text', '"color_name":7', 'invalid-field'],
    ['a list for a text', '"color_name":["red"]', 'invalid-field'],
    ['an object for a text', '"visitor_id":{"a":1}', 'invalid-field'],
    ['a text for a flag', '"is_bot":"maybe"', 'invalid-field'],
    ['a text for properties', '"attributes":"x"', 'invalid-field'],
    ['a number for properties', '"attributes":7', 'invalid-field'],
    ['a list for properties', '"attributes":[]', 'invalid-field'],
    ['an object within properties', '"attributes":{"a":1,"b":{}}', 'invalid-field'],
    ['a list within properties', '"attributes":{"a":[1]}', 'invalid-field'],
    ['101 levels', `"a":${'['.repeat(100)}${']'.repeat(100)}`, 'nested-too-deep'],
  ])('is refused before a store sees it for %s', (_what, fields, reason) => {
    expect(fate(fields)).toBe(reason);
    // And again, when its names have been seen before.
    expect(fate(fields)).toBe(reason);
  });

  it.each<[string, string]>([
    ['names of a store below the first level', '"a":{"_id":1,"dt":1,"kafka_topic":1,"EVENT_ID":1}'],
    ['the same name in two objects', '"a":{"b":1},"b":[{"b":1},{"b":2},{"B":3}]'],
    ['a path', '"a.b":1,"a.c":2,"a":{"d":1}'],
    ['an underscore elsewhere', '"a_":1,"a_b":1,"x":{"_":1}'],
    [
      'properties',
      '"attributes":{"a.b":"x","c":1,"d":true,"e":null},"resource_attributes":null,"a":{"b":{}}',
    ],
    ['a long name', named('x'.repeat(STORE_LIMITS.namePathBytes - 1))],
    ['a number of 1,000 digits', `"n":${'1'.repeat(1_000)},"m":-${'1'.repeat(999)}`],
    ['an absent field of a column', '"color_name":null,"is_bot":null,"visitor_id":null'],
    ['100 levels', `"a":${'['.repeat(99)}${']'.repeat(99)}`],
    ['names of any kind', ['*', '"', '\\', '😀', '\u200b', '\uffff', '#', 'a,b'].map(named).join(',')],
  ])('is stored with %s', (_what, fields) => {
    expect([fate(fields), fate(fields)]).toEqual(['stored', 'stored']);
  });

  it('is held to the fields of its own topic only', () => {
    const ofDevices = '"value":"high","status":200,"Metric":{"a":1}';
    expect([fate(ofDevices), fate(ofDevices, 'page-view')]).toEqual(['stored', 'stored']);
    expect(fate('"value":"high"', 'device-reading')).toBe('invalid-field');
    expect(fate('"Metric":"x"', 'device-reading')).toBe('field-reserved');
  });

  it.each(['1.0', '1e2', '99999999999', '-1', 'true', '"1"', '{}', '[1]'])(
    'is refused for the version %s',
    (version) => {
      const value = Buffer.from(`{"schema_version":${version}}`);
      expect(jsonLine(value)).toMatchObject({ code: 'invalid-field', position: { offset: 18 } });
    },
  );

  it('is judged alike whatever was judged before it', () => {
    const random = new SeededRandom(20_261_130);
    const NAMES = ['a', 'b', 'c', 'A', 'event_id', 'is_bot', 'd.e', '_x', 'dt', '\\u0061', 'b\\u0020'];
    const objectOf = (levels: number): string => {
      const fields = Array.from(
        { length: random.below(5) },
        () => `"${random.pick(NAMES)}":${valueOf(levels)}`,
      );
      return `{${fields.join(',')}}`;
    };
    const valueOf = (levels: number): string => {
      const kind = levels === 0 ? 0 : random.below(6);
      if (kind > 2) return random.pick(['1', '"x"', 'null', 'true']);
      return kind === 1
        ? `[${objectOf(levels - 1)},${objectOf(levels - 1)}]`
        : kind === 2
          ? objectOf(levels - 1)
          : '2';
    };
    const wrong: string[] = [];
    let stored = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const text = objectOf(3);
      const line = jsonLine(Buffer.from(text), undefined, namesOfEvents('select-color'));
      const reason = line instanceof DecodeError ? line.code : undefined;
      if (reason === undefined) stored += 1;
      if ((reason === undefined) !== isStorable(text)) wrong.push(`${reason} ${text}`);
    }
    expect(wrong).toEqual([]);
    expect(stored).toBeGreaterThan(2_000);
  });
});

/** The rules once more, over the parsed text. */
function isStorable(text: string): boolean {
  return isRight(parseFields(text), true);
}

function isRight(value: unknown, isTop: boolean): boolean {
  if (Array.isArray(value)) return value.every((element) => isRight(element, false));
  if (!(value instanceof Fields)) return true;
  const names = value.list.map(([name]) => name);
  if (new Set(names.map((name) => name.toLowerCase())).size < names.length) return false;
  return value.list.every(([name, field]) => {
    if (!isReadableName(name) || (isTop && isReservedName(name))) return false;
    const type = isTop ? TYPES[name] : undefined;
    return (type === undefined || field === null || typeof field === type) && isRight(field, false);
  });
}

const TYPES: Readonly<Record<string, string>> = { event_id: 'string', is_bot: 'boolean' };

/** An object whose names may repeat. */
class Fields {
  constructor(readonly list: readonly (readonly [string, unknown])[]) {}
}

/** As JSON.parse, with each object as the list of its fields; for text without white space. */
function parseFields(text: string): unknown {
  let at = 0;
  const value = (): unknown => {
    const first = text[at];
    if (first === '{') return object();
    if (first === '[') return list();
    const scalar = /^(?:"(?:[^"\\]|\\.)*"|[^,\]}]+)/.exec(text.slice(at))![0];
    at += scalar.length;
    return JSON.parse(scalar) as unknown;
  };
  const object = (): Fields => {
    const fields: (readonly [string, unknown])[] = [];
    for (at += 1; text[at] !== '}'; at += text[at] === ',' ? 1 : 0) {
      const name = value() as string;
      at += 1;
      fields.push([name, value()]);
    }
    at += 1;
    return new Fields(fields);
  };
  const list = (): unknown[] => {
    const elements: unknown[] = [];
    for (at += 1; text[at] !== ']'; at += text[at] === ',' ? 1 : 0) elements.push(value());
    at += 1;
    return elements;
  };
  return value();
}

describe('the edge', () => {
  it('takes nothing that the sinks refuse, on 20,000 events of odd fields', () => {
    const random = new SeededRandom(1_130);
    const NAMES = [
      'a',
      'A',
      'b.c',
      '_id',
      'dt',
      'HOUR',
      'color_name',
      'user_name',
      'USER_NAME',
      ' ',
      '',
      '.',
      '\ud800',
    ];
    const VALUES = [
      1,
      '1',
      null,
      true,
      {},
      [],
      { a: 1, A: 2 },
      [{ _id: 1 }],
      { ' ': 1 },
      '\ud800',
      1e308,
      -0,
    ];
    const wrong: string[] = [];
    let taken = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const event: Record<string, unknown> = { event_type: 'page-view' };
      for (let fields = random.below(4); fields >= 0; fields -= 1)
        event[random.pick(NAMES)] = random.pick(VALUES);
      const text = JSON.stringify(event);
      if (!validateEvent(event).ok) continue;
      taken += 1;
      if (jsonLine(Buffer.from(text)) instanceof DecodeError) wrong.push(text);
    }
    expect(wrong).toEqual([]);
    expect(taken).toBeGreaterThan(500);
  });
});
