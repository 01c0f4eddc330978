import { useEffect, useState } from 'preact/hooks';

const TICK_MS = 1_000;

/** Renders the component again every second; what it shows depends on the time. */
export function useTick(): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), TICK_MS);
    return () => clearInterval(timer);
  }, []);
}
