import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../../spec-support/seeded-random.ts';
import { DecodeError } from './decode-error.ts';
import { FieldNotes } from './field-notes.ts';
import { jsonLine } from './json-line.ts';

const notes = new FieldNotes(['id', 'at']);

const noted = (text: string): (string | undefined)[] => {
  jsonLine(Buffer.from(text), notes);
  return [notes.latin1(0), notes.latin1(1)];
};

describe('notes of an event', () => {
  it('have the strings of the fields that were asked for', () => {
    expect(noted('{"n":1,"id":"a-1","at":"now"}')).toEqual(['a-1', 'now']);
    expect(noted(' { "at" : "now" , "id" : "a-1" } ')).toEqual(['a-1', 'now']);
  });

  it.each([
    ['absent', '{"at":"now"}'],
    ['no string', '{"id":7,"at":"now"}'],
    ['an object with a string', '{"id":{"id":"x"},"at":"now"}'],
    ['a list with a string', '{"id":["x"],"at":"now"}'],
    ['deeper down', '{"inner":{"id":"x"},"at":"now"}'],
    ['the beginning of another name', '{"idx":"x","i":"x","at":"now"}'],
  ])('know nothing of a field that is %s', (_what, text) => {
    expect(noted(text)).toEqual([undefined, 'now']);
  });

  it('forget the value before', () => {
    noted('{"id":"a-1","at":"now"}');
    expect(noted('{}')).toEqual([undefined, undefined]);
  });

  it('are unsure as soon as anything is escaped', () => {
    noted('{"\\u0069d":"a-1"}');
    expect(notes.unsure).toBe(true);
    noted('{"id":"a-1"}');
    expect(notes.unsure).toBe(false);
  });

  it('say what JSON.parse says, on 20,000 mutated events', () => {
    const random = new SeededRandom(20_261_128);
    const seeds = [
      '{"id":"a","at":"b","n":[{"id":"c"}]}',
      '{"at":{"at":"d"},"id":"e","ie":1}',
      '{"id":"id","at":"at"}',
    ];
    const alphabet = [...Buffer.from('{}[]",: 1idat')];
    const wrong: string[] = [];
    let read = 0;
    for (let round = 0; round < 20_000; round += 1) {
      const bytes = Buffer.from(random.pick(seeds));
      for (let edits = random.below(3); edits >= 0; edits -= 1)
        bytes[random.below(bytes.length)] = random.pick(alphabet);
      if (jsonLine(bytes, notes) instanceof DecodeError) continue;
      read += 1;
      const event = JSON.parse(bytes.toString()) as Record<string, unknown>;
      const expected = [event.id, event.at].map((value) => (typeof value === 'string' ? value : undefined));
      if (notes.latin1(0) !== expected[0] || notes.latin1(1) !== expected[1]) wrong.push(bytes.toString());
    }
    expect(wrong).toEqual([]);
    expect(read).toBeGreaterThan(2_000);
  });
});
