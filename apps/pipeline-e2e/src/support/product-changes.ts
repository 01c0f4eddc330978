import { tableOf } from '@pipeline/event-schema';
import { type OutgoingRecord } from '@pipeline/kafka-transport';
import { type StoredDocument } from '@pipeline/testing';

/** The table of the specs and drills. */
export const PRODUCTS = tableOf('shop.product')!.name;

/** A change as Kafka Connect writes it; without a price the row is deleted. */
export function productChange(id: number, price?: number): OutgoingRecord {
  const value = price === undefined ? null : JSON.stringify({ id, name: `Product ${id} é`, price });
  return { key: JSON.stringify({ id }), value };
}

/** The newest price of each product; deleted ones are absent. */
export function pricesAfter(changes: readonly OutgoingRecord[]): Map<number, number> {
  const prices = new Map<number, number>();
  for (const { key, value } of changes) {
    const { id } = JSON.parse(String(key)) as { id: number };
    prices.delete(id);
    if (value !== null) prices.set(id, (JSON.parse(String(value)) as { price: number }).price);
  }
  return new Map([...prices].sort(([a], [b]) => a - b));
}

/** The same of documents. */
export function pricesIn(documents: readonly StoredDocument[]): Map<number, number> {
  const prices = documents.map(({ id, source }) => [Number(id), Number(source['price'])] as const);
  return new Map(prices.sort(([a], [b]) => a - b));
}
