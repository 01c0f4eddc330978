import { type ClassConstructor, plainToInstance, Transform } from 'class-transformer';
import { IsIn, IsString, ValidateIf, validateSync } from 'class-validator';
import { describe, expect, it } from '@jest/globals';
import { SeededRandom } from '../../testing/seeded-random.fixture.ts';
import { compileContract } from './compile-contract.ts';
import { because } from '../contract/field-rules.ts';
import { SelectColor } from '../events/select-color.ts';

type Plain = Record<string, unknown>;

const compiled = compileContract(SelectColor);

const wrongPaths = (plain: Plain): string[] =>
  (compiled.check({ ...plain }) ?? []).map(({ path }) => path).sort();

const wrongPathsOfClassValidator = (plain: Plain): string[] =>
  validateSync(plainToInstance(SelectColor, plain), { forbidUnknownValues: true })
    .map(({ property }) => property)
    .sort();

const right: Plain = {
  event_id: '01890A5D-AC96-774B-BCCE-B302099A8057',
  event_type: 'select-color',
  schema_version: 1,
  user_name: ' Ada ',
  color_name: 'red',
  occurred_at: '2026-11-22T10:00:00.000Z',
  sent_at: '2026-11-22T10:00:01+09:00',
  page_url: 'https://example.com/',
  referrer: '',
  visitor_id: 'v',
  session_id: 's',
};

const values: readonly unknown[] = [
  undefined,
  null,
  '',
  ' ',
  'red',
  'Red',
  0,
  1,
  1.5,
  -1,
  true,
  [],
  ['red'],
  {},
  { length: 3 },
  'x'.repeat(64),
  'x'.repeat(65),
  '😀'.repeat(64),
  '😀'.repeat(65),
  'x'.repeat(2_049),
  ` ${'x'.repeat(64)}\n`,
  'plain text, 64 characters of it: ~!@#$%^&*()_+{}|:"<>?[];,./0123456',
  'a b',
  ' a b',
  'a b\u00a0',
  'a\u3000b\u3000',
  'a\n',
  'a\tb',
  'a\u0000',
  'a\u007f',
  'a\u0085b',
  '\u2028',
  '\ud800',
  '00000000-0000-0000-0000-000000000000',
  '11111111-1111-1111-1111-111111111111',
  '01890a5d-ac96-774b-bcce-b302099a805',
  '2026-11-22T10:00:00Z',
  '2026-02-30T10:00:00Z',
  '9999-12-31T23:59:59.999Z',
  'yesterday',
];

describe('compileContract', () => {
  it('agrees with class-validator on every field with every value of the corpus', () => {
    for (const field of Object.keys(right)) {
      for (const value of values) {
        const plain = { ...right, [field]: value };
        expect({ field, value, paths: wrongPaths(plain) }).toEqual({
          field,
          value,
          paths: wrongPathsOfClassValidator(plain),
        });
      }
    }
  });

  it('agrees with class-validator on 3,000 random events', () => {
    const random = new SeededRandom(42);
    for (let round = 0; round < 3_000; round += 1) {
      const plain = { ...right };
      for (const field of Object.keys(right)) if (random.below(4) === 0) plain[field] = random.pick(values);
      if (random.below(3) === 0) delete plain[random.pick(Object.keys(right))];
      expect({ plain, paths: wrongPaths(plain) }).toEqual({
        plain,
        paths: wrongPathsOfClassValidator(plain),
      });
    }
  });

  it('leaves the event as class-transformer would', () => {
    const plain = { ...right };
    compiled.check(plain);
    expect(plain).toEqual({ ...plainToInstance(SelectColor, right) });
    expect(plain['user_name']).toBe('Ada');
    for (const user_name of values.filter((value) => typeof value === 'string')) {
      const event = { ...right, user_name, event_id: right['event_id'] };
      const expected = { ...plainToInstance(SelectColor, event) };
      compiled.check(event);
      expect(event).toEqual(expected);
    }
  });

  it('gives one reason per field, the first that applies', () => {
    expect(compiled.check({ ...right, user_name: 7, color_name: 'pink', event_id: 'x' })).toEqual([
      { code: 'field-type', message: 'user_name must be a string', path: 'user_name' },
      {
        code: 'color-unknown',
        message: 'color_name must be one of red, orange, yellow, green, blue, navy, purple',
        path: 'color_name',
      },
      expect.objectContaining({ code: 'uuid-invalid', path: 'event_id' }),
    ]);
  });

  it('takes null of an optional field as absent', () => {
    const plain: Plain = { ...right, visitor_id: null };
    expect(compiled.check(plain)).toBeUndefined();
    expect(plain['visitor_id']).toBeUndefined();
  });

  it.each<[string, () => PropertyDecorator]>([
    ['a rule without a code', () => IsString()],
    ['a rule for each element', () => IsString({ ...because('field-type', 'x'), each: true })],
    ['a rule of a group', () => IsIn([1], { ...because('field-type', 'x'), groups: ['admin'] })],
    ['a condition of its own', () => ValidateIf(() => true)],
    [
      'two transforms',
      () => (target, name) => [1, 2].forEach(() => Transform(({ value }) => value as unknown)(target, name)),
    ],
  ])('refuses at start to compile %s', (_what, decorator) => {
    class Contract {
      field = '';
    }
    IsString(because('field-type', 'must be a string'))(Contract.prototype, 'field');
    decorator()(Contract.prototype, 'field');
    expect(() => compileContract(Contract as ClassConstructor<object>)).toThrow(TypeError);
  });
});
