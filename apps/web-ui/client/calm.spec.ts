import { describe, expect, it } from '@jest/globals';
import { Calm } from './calm.ts';

describe('a value that is shown calmly', () => {
  it('shows a change after a quiet second at once', () => {
    const calm = new Calm('a');
    expect(calm.take('b', 5_000)).toBe(0);
    expect(calm.value).toBe('b');
  });

  it('keeps the changes of the next second and then shows the last of them', () => {
    const calm = new Calm('a');
    calm.take('b', 5_000);
    expect(calm.take('c', 5_100)).toBe(900);
    expect(calm.take('d', 5_999)).toBe(1);
    expect(calm.value).toBe('b');
    expect(calm.take('d', 6_000)).toBe(0);
    expect(calm.value).toBe('d');
  });

  it('waits for nothing when it is asked again with what it shows', () => {
    const calm = new Calm('a');
    calm.take('b', 5_000);
    expect(calm.take('b', 5_001)).toBe(0);
  });

  it('shows what is urgent at once', () => {
    const calm = new Calm('a', 'hour');
    calm.take('b', 5_000, 'hour');
    expect(calm.take('c', 5_001, 'day')).toBe(0);
    expect(calm.value).toBe('c');
  });
});
