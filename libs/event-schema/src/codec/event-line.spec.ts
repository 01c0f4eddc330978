import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../../testing/seeded-random.fixture.ts';
import { isStoredInstant } from '../instant.ts';
import { DecodeError } from './decode-error.ts';
import { eventLine } from './event-line.ts';

const ID = '"event_id":"01890a5d-ac96-774b-bcce-b302099a8057"';
const OCCURRED = '"occurred_at":"2026-11-22T10:00:00.000Z"';

/** What becomes of a record with these fields: the field that is wrong, why, or `stored`. */
const fate = (...fields: string[]): string => {
  const line = eventLine(Buffer.from(`{${fields.join()}}`));
  return line instanceof DecodeError ? `${line.position.field ?? ''} ${line.code}` : 'stored';
};

describe('the record of an event', () => {
  it('is its own bytes where it says who it is and when it was', () => {
    const value = Buffer.from(`{${ID},${OCCURRED},"n":12345678901234567890}`);
    expect(eventLine(value)).toBe(value);
  });

  it.each([
    ['event_id missing-field', OCCURRED],
    ['event_id missing-field', `"event_id":null,${OCCURRED}`],
    ['event_id missing-field', `"inner":{${ID}},${OCCURRED}`],
    ['occurred_at missing-field', ID],
    ['occurred_at missing-field', `${ID},"occurred_at":null`],
    ['event_id invalid-field', `"event_id":"",${OCCURRED}`],
    ['event_id invalid-field', `"event_id":"a b",${OCCURRED}`],
    ['event_id invalid-field', `"event_id":"\\u0007",${OCCURRED}`],
    ['event_id invalid-field', `"event_id":"ä",${OCCURRED}`],
    ['event_id invalid-field', `"event_id":"${'x'.repeat(513)}",${OCCURRED}`],
    ['occurred_at invalid-field', `${ID},"occurred_at":"never"`],
    ['received_at invalid-field', `${ID},${OCCURRED},"received_at":"a moment ago"`],
    ['received_at invalid-field', `${ID},${OCCURRED},"received_at":""`],
    ['received_at invalid-field', `"received_at":"2026-11-22",${ID},${OCCURRED}`],
    [' invalid-field', `${ID},${OCCURRED},"received_at":1795341600000`],
    [' invalid-field', `"event_id":7,${OCCURRED}`],
    [' not-json', `${ID},${OCCURRED},"received_at":"2026`],
  ])('is refused, and by which field, of both stores alike: %s', (expected, ...fields) => {
    expect([fate(...fields), fate(...fields)]).toEqual([expected, expected]);
  });

  it.each([
    ['without a time of receipt', `${ID},${OCCURRED}`],
    ['with none', `${ID},${OCCURRED},"received_at":null`],
    ['in escapes', `"event\\u005fid":"a-\\u0031","occurred_at":"2026-11-22\\u005410:00:00Z"`],
    ['with the longest id', `"event_id":"${'x'.repeat(512)}",${OCCURRED}`],
    ['with an id of a quote', `"event_id":"\\"",${OCCURRED}`],
    ['whose inner objects have other ideas', `${ID},${OCCURRED},"inner":{"event_id":7,"received_at":"x"}`],
  ])('is stored %s', (_, fields) => {
    expect([fate(fields), fate(fields)]).toEqual(['stored', 'stored']);
  });

  it('is judged for itself, whatever was judged before it', () => {
    expect(fate(ID, OCCURRED, '"received_at":"x"')).toBe('received_at invalid-field');
    expect(fate(ID, OCCURRED)).toBe('stored');
    expect(fate('"a":1')).toBe('event_id missing-field');
  });

  it('has times as a parser of them takes them, on 40,000 spellings', () => {
    const random = new SeededRandom(30_112_026);
    const USUAL = '2026-11-22T10:00:00.000Z';
    const ODD = ['2026-11-22T23:59:60Z', '2026-11-22T23:59:60.000Z', '2024-02-29T10:00:00.000Z'];
    const wrong: string[] = [];
    let right = 0;
    for (let round = 0; round < 40_000; round += 1) {
      const characters = [...random.pick([USUAL, USUAL, USUAL, '2026-11-22T10:00:00+09:00', ...ODD])];
      for (let change = random.below(3); change > 0; change -= 1)
        characters[random.below(characters.length)] = random.pick([...'0123456789-:.TZ+ ']);
      const text = characters.join('');
      const isStored = fate(ID, `"occurred_at":"${text}"`) === 'stored';
      if (isStored) right += 1;
      if (isStored !== isStoredInstant(text)) wrong.push(text);
    }
    expect(wrong).toEqual([]);
    expect(right).toBeGreaterThan(10_000);
    expect(right).toBeLessThan(35_000);
  });
});
