/** Names that are hard on JSON readers, consoles or stores; the collector may refuse some of them. */
export const ODD_NAMES: readonly string[] = [
  ...['', ' ', '.', 'a.', '.a', 'a..b', 'a.b', 'user_name.x', '\t', 'a\nb', 'a\u0000b'],
  ...['*', 'a*', '?', '"', "'", '\\', '/', '#', 'a,b', '<b>', '=', '$x', '@timestamp', '%00'],
  ...['dt', 'hour', 'DT', 'Hour', 'KAFKA_TOPIC', 'kafka_offset', 'EVENT_ID', 'Color_Name', '_x', '__proto__'],
  ...['constructor', 'toString', 'hasOwnProperty', 'length', 'null', 'true', '0', '-1'],
  ...['\u200b', '\u202e', '\u2028', '\ufeff', '\uffff', '\ud800', '😀', 'é', '이름', 'ß', 'İ'],
  '한'.repeat(128),
  'x'.repeat(128),
];

/** Values of a field that no contract knows. */
export const ODD_VALUES: readonly unknown[] = [
  ...['', ' ', '\u0000', 'a\u0000b', '\ud83d', '\u2028', '{"a":1}', '2026-02-30', '300.1.1.1', 'NaN', 'true'],
  ...[0, -1, 1.5, 1e308, -1e308, 5e-324, 2 ** 53, 2 ** 64, true, false, null],
  ...[[], {}, [null], [[[]]], [1, 'a', { b: 1 }], [{ a: 1 }, { a: 'x' }, { a: { b: 1 } }], { a: {} }],
  ...[{ Price: 1, price: 2 }, { _id: 1, dt: 2, kafka_topic: 3 }, { lat: 999, lon: 'x' }, { type: 'Point' }],
  'x'.repeat(40_000),
  '한'.repeat(40_000),
  Array.from({ length: 900 }, (_, n) => n),
  Array.from({ length: 400 }, (_, n) => ({ [`n${n}`]: n })),
  nested(14),
];

/** What another producer may add to an event, and the code with which both sinks set it aside. */
export const ODD_RECORDS: readonly (readonly [code: string, json: string])[] = [
  ['field-reserved', '"_id":"x"'],
  ['field-reserved', '"_doc_count":2000000000'],
  ['field-reserved', '"_source":{}'],
  ['field-reserved', '"dt":"2026-11-22"'],
  ['field-reserved', '"kafka_offset":1'],
  ['field-reserved', '"EVENT_ID":"x"'],
  ['field-reserved', '"user_agent.x":1'],
  ['field-repeated', '"a":1,"a":2'],
  ['field-repeated', '"Price":1,"price":2'],
  ['field-repeated', '"color_name":"red"'],
  ['field-name-invalid', '"":1'],
  ['field-name-invalid', '"a":{" ":1}'],
  ['field-name-invalid', '"\\ud800":1'],
  ['field-name-invalid', `"${'x'.repeat(60_000)}":1`],
  ['number-too-long', `"n":${'1'.repeat(1_500)}`],
  ['number-too-long', `"n":[0.${'1'.repeat(1_500)}]`],
  ['invalid-field', '"is_bot":"maybe"'],
  ['invalid-field', '"bot_reason":{"a":1}'],
  ['invalid-field', '"page_url":["x","y"]'],
  ['nested-too-deep', `"deep":${'['.repeat(100)}${']'.repeat(100)}`],
];

/** What another producer may say of an event's id and times, and the code with which both sinks set it aside. */
export const ODD_IDENTITIES: readonly (readonly [code: string, fields: object])[] = [
  ['missing-field', { event_id: undefined }],
  ['missing-field', { event_id: null }],
  ['missing-field', { occurred_at: undefined }],
  ['invalid-field', { event_id: '' }],
  ['invalid-field', { event_id: 'no blanks' }],
  ['invalid-field', { event_id: 'x'.repeat(513) }],
  ['invalid-field', { occurred_at: 'never' }],
  ['invalid-field', { occurred_at: '2026-12-31T23:59:60Z' }],
  ['invalid-field', { received_at: 'soon' }],
  ['invalid-field', { received_at: '' }],
  ['invalid-field', { received_at: '2026-02-30T00:00:00Z' }],
  ['invalid-field', { received_at: 1_795_341_600_000 }],
];

/** Spellings of instants that no collector writes and both stores take. */
export const ODD_TIMES: readonly string[] = [
  '2026-11-22T10:00:00Z',
  '2026-11-22T10:00:00.123456789Z',
  '2026-11-22T19:00:00+09:00',
  '2026-11-22T10:00:00.1-18:00',
  '2024-02-29T23:59:59.999+18:00',
  '0000-01-01T00:00:00Z',
  '9999-12-31T23:59:59.999999999-18:00',
];

function nested(levels: number): unknown {
  return levels === 0 ? 1 : { ['n'.repeat(100)]: nested(levels - 1) };
}
