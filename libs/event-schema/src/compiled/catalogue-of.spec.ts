import { describe, expect, it } from '@jest/globals';
import { CATALOGUE } from '../catalogue.ts';
import { EVENTS, TABLE_CLASSES } from '../events/index.ts';
import { PipelineEvent } from '../events/pipeline-event.ts';
import { WebEvent } from '../events/web-event.ts';
import { catalogueOf } from './catalogue-of.ts';
import { compileContract } from './compile-contract.ts';
import { EventType, TableType } from '../contract/event-type.decorator.ts';
import { Decimal, Flag, LongNumber, Optional, Required, Text, WholeNumber } from '../contract/field-rules.ts';

@EventType('order', 'A visitor ordered.', { versions: [1, 2], key: ['user_name'] })
class Order extends WebEvent {
  @Required('what it costs')
  @Decimal()
  price!: number;

  @Optional()
  @WholeNumber()
  count?: number | null;

  @Optional()
  @Flag()
  is_gift?: boolean | null;
}

@EventType('dated', 'A field has the name of a partition column.')
class Dated extends WebEvent {
  @Optional()
  @Text({ min: 0, max: 9 })
  dt?: string | null;
}

@EventType('agent', 'A field has the name of one of the collector.')
class Agent extends WebEvent {
  @Optional()
  @Text({ min: 0, max: 9, type: 'words' })
  user_agent?: string | null;
}

@EventType('priced', 'A field has another type than in another event type.')
class Priced extends WebEvent {
  @Optional()
  @Text({ min: 0, max: 9 })
  price?: string | null;
}

class Undeclared extends WebEvent {}

@TableType('stock', 'How many are left.', { key: 'sku', origin: 'a database' })
class Stock {
  @Required()
  @Text({ min: 1, max: 64 })
  sku!: string;

  @Optional()
  @LongNumber()
  price?: number | null;
}

@TableType('keyless', 'Its key is none of its fields.', { key: 'id', origin: 'a database' })
class Keyless {
  @Optional()
  @LongNumber()
  id?: number | null;
}

@TableType('order', 'It has the name of an event type.', { key: 'sku', origin: 'a database' })
class Namesake extends Stock {
  @Required()
  @Text({ min: 1, max: 64 })
  declare sku: string;
}

class TankEvent extends PipelineEvent {
  @Required()
  @Text({ min: 1, max: 9 })
  tank!: string;
}

@EventType('level', 'A tank was looked at.', { key: ['tank'], ingress: 'mqtt' })
class Level extends TankEvent {
  @Required()
  @Decimal()
  litres!: number;
}

describe('the catalogue', () => {
  it('is what the classes say (npm run catalogue)', () => {
    expect(CATALOGUE).toEqual(catalogueOf(EVENTS, TABLE_CLASSES));
  });

  it('has of a type its name, versions, key, and its fields between those of every event', () => {
    const [order] = catalogueOf([Order]);
    if (order?.kind !== 'event') throw new TypeError('no event type');
    expect(order).toMatchObject({
      identity: 'event_id',
      name: 'order',
      doc: 'A visitor ordered.',
      versions: [1, 2],
      key: ['user_name'],
    });
    expect(order.fields.slice(2, 7)).toEqual([
      { name: 'schema_version', type: 'integer' },
      { name: 'price', type: 'number', isRequired: true, doc: 'what it costs' },
      { name: 'count', type: 'integer' },
      { name: 'is_gift', type: 'boolean' },
      expect.objectContaining({ name: 'occurred_at', type: 'instant' }),
    ]);
    expect(order.fields.map(({ name }) => name)).not.toContain('sent_at');
  });

  it('has the fields of all base classes, and of the ingress what it sets', () => {
    const [level] = catalogueOf([Level]);
    expect(level!.fields.map(({ name }) => name)).toEqual([
      'event_id',
      'event_type',
      'schema_version',
      'litres',
      'occurred_at',
      'tank',
      'received_at',
      'occurred_at_original',
    ]);
  });

  it.each([
    ['a name that a store gives a meaning', [Dated], 'dt is taken'],
    ['a name of the collector', [Agent], 'user_agent is taken'],
    ['one name with two types', [Order, Priced], 'price is number in one event type and text in another'],
    ['a class that is no event type', [Undeclared], 'Undeclared has no @EventType'],
  ])('refuses %s', (_what, classes, message) => {
    expect(() => catalogueOf(classes)).toThrow(message);
  });
});

describe('the catalogue of tables', () => {
  it('has of a table its key, its writer and its own fields, whose types are its own', () => {
    const [, stock] = catalogueOf([Order], [Stock]);
    expect(stock).toEqual({
      kind: 'table',
      identity: 'key',
      name: 'stock',
      doc: 'How many are left.',
      key: 'sku',
      origin: 'a database',
      fields: [
        { name: 'sku', type: 'text', limit: 64, isRequired: true },
        { name: 'price', type: 'long' },
      ],
    });
  });

  it.each([
    ['a key that a row may lack', [], [Keyless], 'keyless: the key id is no required'],
    ['two types of one name', [Order], [Namesake], 'two types are called order'],
    ['a class that is no table', [], [Undeclared], 'Undeclared has no @TableType'],
  ])('refuses %s', (_what, events, tables, message) => {
    expect(() => catalogueOf(events, tables)).toThrow(message);
  });
});

describe('a contract with numbers', () => {
  const { check } = compileContract(Order);
  const codes = (fields: object) =>
    check({ event_type: 'order', price: 1, ...fields })?.map(({ code }) => code) ?? [];

  it.each([
    [{ price: 9.5 }, []],
    [{ price: -0 }, []],
    [{ price: '9.5' }, ['field-type']],
    [{ price: Number.POSITIVE_INFINITY }, ['number-out-of-range']],
    [{ price: null }, ['field-missing']],
    [{ count: 0 }, []],
    [{ count: 999_999_999 }, []],
    [{ count: 1_000_000_000 }, ['number-out-of-range']],
    [{ count: -1 }, ['number-out-of-range']],
    [{ count: 1.5 }, ['field-type']],
    [{ is_gift: false }, []],
    [{ is_gift: 'no' }, ['field-type']],
  ])('judges %j as %j', (fields, expected) => {
    expect(codes(fields)).toEqual(expected);
  });
});
