import { useEffect, useState } from 'preact/hooks';

const TICK_MS = 1_000;
/** As in dashboard.css. */
const NARROW = '(max-width: 40rem)';

/** Renders the component again every second; what it shows depends on the time. */
export function useTick(): void {
  const [, setTick] = useState(0);
  useEffect(() => {
    const timer = setInterval(() => setTick((tick) => tick + 1), TICK_MS);
    return () => clearInterval(timer);
  }, []);
}

/** Whether the screen is that of a phone. */
export function useNarrow(): boolean {
  const [isNarrow, setNarrow] = useState(false);
  useEffect(() => {
    const screen = matchMedia(NARROW);
    const follow = (): void => setNarrow(screen.matches);
    follow();
    screen.addEventListener('change', follow);
    return () => screen.removeEventListener('change', follow);
  }, []);
  return isNarrow;
}
