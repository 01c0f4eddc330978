import { useEffect, useRef, useState } from 'preact/hooks';

/** Nobody reads faster, and what moves more often cannot be clicked. */
const CALM_MS = 1_000;

/**
 * The latest value, but another one at most once a second: the first change after a quiet second shows at once, those
 * right behind it together when the second is over. A change of `urgent` shows at once, whenever it comes.
 */
export class Calm<T> {
  private changedAtMs = Number.NEGATIVE_INFINITY;

  constructor(
    private current: T,
    private urgent?: unknown,
  ) {}

  /** What is to be seen. */
  get value(): T {
    return this.current;
  }

  /** @returns milliseconds until `value` may be shown; 0 when it is. */
  take(value: T, nowMs: number, urgent?: unknown): number {
    if (value === this.current && urgent === this.urgent) return 0;
    const waitMs = urgent === this.urgent ? this.changedAtMs + CALM_MS - nowMs : 0;
    if (waitMs > 0) return waitMs;
    this.current = value;
    this.urgent = urgent;
    this.changedAtMs = nowMs;
    return 0;
  }
}

/** The value as {@link Calm} shows it; the component renders again when a second is over. */
export function useCalm<T>(value: T, urgent?: unknown): T {
  const calm = (useRef<Calm<T>>(null).current ??= new Calm(value, urgent));
  const [, renderAgain] = useState(0);
  const waitMs = calm.take(value, Date.now(), urgent);
  const isBehind = waitMs > 0;
  useEffect(() => {
    if (!isBehind) return undefined;
    const timer = setTimeout(() => renderAgain((times) => times + 1), waitMs);
    return () => clearTimeout(timer);
    // One timer for all changes of the second, however often the component renders meanwhile.
  }, [isBehind]);
  return calm.value;
}
