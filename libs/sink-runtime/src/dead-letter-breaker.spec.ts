import { describe, expect, it } from '@jest/globals';
import { type KafkaRecord } from '@pipeline/kafka-transport';
import { DeadLetterBreaker } from './dead-letter-breaker.ts';

const LIMITS = { minMs: 30_000, minKeys: 100 };

/** A breaker whose clock the test moves. */
function setUp(memo?: string, limits = LIMITS) {
  const clock = { ms: 1_764_000_000_000 };
  return { clock, breaker: new DeadLetterBreaker(limits, memo, () => clock.ms) };
}

/** Records of as many keys, the first being `visitor-<from>`. */
const ofKeys = (keys: number, { from = 0, each = 1 } = {}): KafkaRecord[] =>
  Array.from({ length: keys * each }, (_, n) => ({
    key: Buffer.from(`visitor-${from + (n % keys)}`),
    value: null,
    offset: n,
    timestamp: 0,
  }));
const refusing = (refused: KafkaRecord[], taken = 0) => ({ taken, refused });

describe('the dead-letter breaker', () => {
  it('opens when the store refuses every record of a hundred visitors for half a minute', () => {
    const { breaker, clock } = setUp();
    expect(breaker.allows(refusing(ofKeys(100)))).toBe(true);
    clock.ms += 29_999;
    expect(breaker.allows(refusing(ofKeys(1)))).toBe(true);
    clock.ms += 1;
    expect(breaker.allows(refusing(ofKeys(1)))).toBe(false);
  });

  it.each([
    ['one visitor', 1, 5_000],
    ['fifty visitors', 50, 100],
  ])('stays closed for 5,000 refused events of %s, however long they take', (_who, keys, each) => {
    const { breaker, clock } = setUp();
    const records = ofKeys(keys, { each });
    for (let at = 0; at < records.length; at += 50) {
      expect(breaker.allows(refusing(records.slice(at, at + 50)))).toBe(true);
      clock.ms += 60_000;
    }
  });

  it('stays closed for a sender of a thousand keys while the store takes events of others', () => {
    const { breaker, clock } = setUp();
    for (let round = 0; round < 100; round++) {
      expect(breaker.allows(refusing(ofKeys(1_000)))).toBe(true);
      clock.ms += 20_000;
      expect(breaker.allows(refusing(ofKeys(1_000), 1))).toBe(true);
      clock.ms += 20_000;
    }
  });

  it('stays closed for a burst of any size', () => {
    const { breaker, clock } = setUp();
    expect(breaker.allows(refusing(ofKeys(20_000)))).toBe(true);
    clock.ms += 10_000;
    expect(breaker.allows(refusing(ofKeys(20_000)))).toBe(true);
  });

  it('takes records without a key for those of one sender', () => {
    const { breaker, clock } = setUp();
    const keyless = ofKeys(5_000).map((record) => ({ ...record, key: null }));
    breaker.allows(refusing(keyless));
    clock.ms += 60_000;
    expect(breaker.allows(refusing(keyless))).toBe(true);
  });

  it('counts anew after a record that the store took or held already', () => {
    const { breaker } = setUp();
    breaker.allows(refusing(ofKeys(80)));
    expect(breaker.refusedInARow).toBe(80);
    breaker.allows(refusing([], 1));
    expect([breaker.refusedInARow, breaker.memo]).toEqual([0, '']);
  });

  it('lets a flush without refused records pass when it is open', () => {
    const { breaker, clock } = setUp();
    breaker.allows(refusing(ofKeys(100)));
    clock.ms += 30_000;
    expect(breaker.allows(refusing([]))).toBe(true);
    expect(breaker.allows(refusing(ofKeys(1)))).toBe(false);
  });

  it('continues where a commit left it, so that restarts do not move half a minute of records each time', () => {
    const first = setUp();
    first.breaker.allows(refusing(ofKeys(100)));
    const { memo } = first.breaker;
    expect(memo.length).toBeLessThan(1_000);
    const next = setUp(memo);
    expect(next.breaker.memo).toBe(memo);
    next.clock.ms += 30_000;
    expect(next.breaker.allows(refusing(ofKeys(1)))).toBe(false);
  });

  it('knows the keys again after a restart: fifty visitors stay fifty', () => {
    const first = setUp();
    first.breaker.allows(refusing(ofKeys(50)));
    const next = setUp(first.breaker.memo);
    next.clock.ms += 60_000;
    expect(next.breaker.allows(refusing(ofKeys(50)))).toBe(true);
    expect(next.breaker.allows(refusing(ofKeys(50, { from: 50 })))).toBe(false);
  });

  it.each(['by hand', 'dlq=80/100', ''])('starts anew after a commit of %j', (memo) => {
    expect(setUp(memo).breaker.memo).toBe('');
  });

  it('never stops when it is given no time', () => {
    const { breaker, clock } = setUp('', { ...LIMITS, minMs: 0 });
    breaker.allows(refusing(ofKeys(9_999)));
    clock.ms += 86_400_000;
    expect(breaker.allows(refusing(ofKeys(9_999)))).toBe(true);
  });
});
