const FIELD = Buffer.from('"event_id":"');
const NAME = FIELD.subarray(0, -2);
const QUOTE = 0x22;
const OPEN_OBJECT = 0x7b;
const BACKSLASH = 0x5c;

/**
 * The id of an event: what deduplication goes by. Absent where a JSON object has none that is a text. Where the object
 * is flat and without escapes, as events are, the bytes show it without parsing.
 */
export function eventIdOf(line: Buffer): string | undefined {
  const start = line.indexOf(FIELD);
  const isPlain = start > 0 && !line.includes(BACKSLASH) && !line.includes(OPEN_OBJECT, 1);
  if (isPlain && line.indexOf(NAME) === start && !line.includes(NAME, start + 1)) {
    const from = start + FIELD.length;
    return line.toString('utf8', from, line.indexOf(QUOTE, from));
  }
  const { event_id: id } = JSON.parse(line.toString()) as { event_id?: unknown };
  return typeof id === 'string' ? id : undefined;
}
