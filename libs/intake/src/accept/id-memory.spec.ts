import { randomUUID } from 'node:crypto';
import { describe, expect, it } from '@jest/globals';
import { idOf } from '../../testing/origin.fixture.ts';
import { EventDelivery, IdMemory } from './id-memory.ts';

const CAPACITY = 100_000;
const TOPIC = 'select-color';
const FINGERPRINT = 1;

/** Takes a request of this client. */
function take(memory: IdMemory, client: string, ...ids: string[]): EventDelivery {
  const delivery = new EventDelivery(TOPIC, client);
  for (const id of ids) memory.remember(id, FINGERPRINT, delivery);
  memory.durable(delivery, 'kafka');
  return delivery;
}

function flood(memory: IdMemory, client: string, requests: number): void {
  for (let request = 0; request < requests; request += 1)
    take(memory, client, ...Array.from({ length: 500 }, () => randomUUID()));
}

describe('the memory of ids', () => {
  it('keeps what a client sent, however much another one sends', () => {
    const memory = new IdMemory(CAPACITY);
    take(memory, '192.0.2.1', idOf(1));
    flood(memory, '198.51.100.8', 400);
    expect(memory.find(idOf(1), TOPIC)?.state).toBe('durable');
  });

  it('keeps the latest ids of a client that sends more than its share', () => {
    const memory = new IdMemory(CAPACITY);
    flood(memory, '198.51.100.8', 50);
    take(memory, '198.51.100.8', idOf(1));
    flood(memory, '198.51.100.8', 90);
    expect(memory.find(idOf(1), TOPIC)?.state).toBe('durable');
    flood(memory, '198.51.100.8', 150);
    expect(memory.find(idOf(1), TOPIC)).toBeUndefined();
  });

  it('gives each client its share again when what all sent has been replaced', () => {
    const memory = new IdMemory(CAPACITY);
    flood(memory, 'first', 10);
    for (let client = 0; client < 40; client += 1) flood(memory, `client ${client}`, 6);
    expect(take(memory, 'first', idOf(1)).isCrowded).toBe(false);
  });

  it('forgets what failed, within a share and beyond it', () => {
    const memory = new IdMemory(CAPACITY);
    for (const id of [idOf(1), idOf(2)]) {
      const delivery = new EventDelivery(TOPIC, 'client');
      memory.remember(id, FINGERPRINT, delivery);
      expect(memory.find(id, TOPIC)).toBe(delivery);
      memory.failed(delivery);
      expect(memory.find(id, TOPIC)).toBeUndefined();
      flood(memory, 'client', 10);
    }
  });

  it('tells an event from another of the same id', () => {
    const memory = new IdMemory(CAPACITY);
    memory.remember(idOf(1), 7, new EventDelivery(TOPIC, 'client'));
    flood(memory, 'client', 10);
    memory.remember(idOf(2), 8, new EventDelivery(TOPIC, 'client'));
    expect([memory.isSame(idOf(1), TOPIC, 7), memory.isSame(idOf(2), TOPIC, 8)]).toEqual([true, true]);
    expect([memory.isSame(idOf(1), TOPIC, 8), memory.isSame(idOf(2), TOPIC, 7)]).toEqual([false, false]);
  });

  it('remembers nothing where the capacity is 0', () => {
    const memory = new IdMemory(0);
    take(memory, 'client', idOf(1));
    expect(memory.find(idOf(1), TOPIC)).toBeUndefined();
  });
});
