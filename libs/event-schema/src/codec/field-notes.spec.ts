import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../../testing/seeded-random.fixture.ts';
import { DecodeError } from './decode-error.ts';
import { FieldNotes } from './field-notes.ts';
import { jsonLine } from './json-line.ts';

const notes = new FieldNotes(['event_id', 'occurred_at']);

const noted = (text: string): (string | undefined)[] => {
  jsonLine(Buffer.from(text), notes);
  return [notes.latin1(0), notes.latin1(1)];
};

describe('notes of an event', () => {
  it('have the strings of the fields that were asked for', () => {
    expect(noted('{"n":1,"event_id":"a-1","occurred_at":"now"}')).toEqual(['a-1', 'now']);
    expect(noted(' { "occurred_at" : "now" , "event_id" : "a-1" } ')).toEqual(['a-1', 'now']);
  });

  it.each([
    ['absent', '{"occurred_at":"now"}'],
    ['null', '{"event_id":null,"occurred_at":"now"}'],
    ['deeper down', '{"inner":{"event_id":"x"},"occurred_at":"now"}'],
    ['the beginning of another name', '{"event_idx":"x","event_i":"x","occurred_at":"now"}'],
  ])('know nothing of a field that is %s', (_what, text) => {
    expect(noted(text)).toEqual([undefined, 'now']);
  });

  it('say where the string stands in the value', () => {
    const value = Buffer.from(' { "event_id" : "ü-1" }');
    jsonLine(value, notes);
    expect(value.toString('utf8', notes.startOf(0), notes.endOf(0))).toBe('ü-1');
    expect(notes.startOf(1)).toBe(-1);
  });

  it('forget the value before', () => {
    noted('{"event_id":"a-1","occurred_at":"now"}');
    expect(noted('{}')).toEqual([undefined, undefined]);
  });

  it('are not taken of a field that no store has a column of', () => {
    expect(() => new FieldNotes(['event_id', 'campaign'])).toThrow('campaign is not a stored field');
  });

  it('are unsure as soon as anything is escaped', () => {
    noted('{"\\u0065vent_id":"a-1"}');
    expect(notes.unsure).toBe(true);
    noted('{"event_id":"a-1"}');
    expect(notes.unsure).toBe(false);
  });

  it('say what JSON.parse says, on 20,000 mutated events', () => {
    const random = new SeededRandom(20_261_128);
    const seeds = [
      '{"event_id":"a","occurred_at":"b","n":[{"event_id":"c"}]}',
      '{"o":{"occurred_at":"d"},"event_id":"e","n":null}',
      '{"event_id":"event_id","occurred_at":"occurred_at"}',
    ];
    const alphabet = [...Buffer.from('{}[]",: 1ev_nt')];
    const wrong: string[] = [];
    let read = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = Buffer.from(random.pick(seeds));
      for (let edits = random.below(3); edits >= 0; edits -= 1)
        bytes[random.below(bytes.length)] = random.pick(alphabet);
      if (jsonLine(bytes, notes) instanceof DecodeError) continue;
      read += 1;
      const event = JSON.parse(bytes.toString()) as Record<string, unknown>;
      const expected = [event['event_id'], event['occurred_at']].map((value) =>
        typeof value === 'string' ? value : undefined,
      );
      if (notes.latin1(0) !== expected[0] || notes.latin1(1) !== expected[1]) wrong.push(bytes.toString());
    }
    expect(wrong).toEqual([]);
    expect(read).toBeGreaterThan(2_000);
  });
});
