import { readFileSync } from 'node:fs';
import { createHash } from 'node:crypto';
import { beforeEach, describe, expect, it } from '@jest/globals';
import { type Tree } from '@nx/devkit';
import { createTreeWithEmptyWorkspace } from '@nx/devkit/testing';
import { newEventType } from './new-event-type.generator.ts';

const SCHEMA = new URL('../../../libs/event-schema/', import.meta.url);
const LIST = 'libs/event-schema/src/events/index.ts';
const SUMS = 'libs/event-schema/fixtures/v1/SHA256SUMS';

let tree: Tree;
const text = (path: string) => tree.read(path, 'utf8')!;

beforeEach(() => {
  tree = createTreeWithEmptyWorkspace({ formatter: 'none' });
  for (const path of [LIST, SUMS]) {
    tree.write(path, readFileSync(new URL(path.replace('libs/event-schema/', ''), SCHEMA), 'utf8'));
  }
});

describe('the generator of event types', () => {
  it('writes the class, its line and its frozen fixture', async () => {
    await newEventType(tree, {
      name: 'add-to-cart',
      doc: "A visitor's cart grew.",
      _: ['price:decimal', 'gift?:boolean'],
    });
    const written = text('libs/event-schema/src/events/add-to-cart.ts');
    expect(written).toContain('export class AddToCart extends WebEvent {');
    expect(written).toMatch(/@Required\(\)\s+@Decimal\(\)\s+price!: number;/);
    expect(written).toMatch(/@Optional\(\)\s+@Flag\(\)\s+gift\?: boolean \| null;/);
    expect(text(LIST)).toMatch(/EVENTS = \[[^\]]*, AddToCart\]/);
    const fixture = text('libs/event-schema/fixtures/v1/add-to-cart.jsonl');
    expect(JSON.parse(fixture)).toMatchObject({ event_type: 'add-to-cart', price: 9.5, gift: true });
    expect(text(SUMS)).toContain(`${createHash('sha256').update(fixture).digest('hex')}  add-to-cart.jsonl`);
  });

  it.each([
    ['a name that is no topic', { name: 'AddToCart' }, 'AddToCart is no name of a topic'],
    ['a type that is not known', { name: 'cart', _: ['price:money'] }, 'price:money is no field'],
    ['a field without a type', { name: 'cart', _: ['price'] }, 'price is no field'],
  ])('refuses %s', async (_what, options, message) => {
    await expect(newEventType(tree, options)).rejects.toThrow(message);
    expect(tree.exists('libs/event-schema/src/events/cart.ts')).toBe(false);
  });

  it('writes the class of a table and its line, and no fixture, since no event of ours is one', async () => {
    await newEventType(tree, {
      name: 'shop.order',
      kind: 'table',
      key: 'id',
      _: ['id:long', 'total?:decimal'],
    });
    const written = text('libs/event-schema/src/events/shop.order.ts');
    expect(written).toContain("@TableType('shop.order', 'A row.', { key: 'id', origin: 'another program' })");
    expect(written).toMatch(/@Required\(\)\s+@LongNumber\(\)\s+id!: number;/);
    expect(text(LIST)).toMatch(/TABLE_CLASSES = \[[^\]]*, ShopOrder\]/);
    expect(text(LIST)).not.toMatch(/EVENTS = \[[^\]]*ShopOrder/);
    expect(tree.exists('libs/event-schema/fixtures/v1/shop.order.jsonl')).toBe(false);
  });

  it('refuses a table whose key is none of its required fields', async () => {
    const table = { name: 'stock', kind: 'table', _: ['sku?:text'] } as const;
    await expect(newEventType(tree, { ...table, key: 'sku' })).rejects.toThrow('--key sku is none of');
    await expect(newEventType(tree, table)).rejects.toThrow('is none of');
  });

  it('refuses a type that is there', async () => {
    tree.write('libs/event-schema/src/events/cart.ts', '');
    await expect(newEventType(tree, { name: 'cart' })).rejects.toThrow('is there already');
  });
});
