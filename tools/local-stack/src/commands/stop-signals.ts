const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm passes on the Ctrl-C that the terminal has already sent to us: the same one, a moment later. */
const SAME_CTRL_C_MS = 1_000;

/**
 * Calls `onFirst` at the first signal that asks us to stop (SIGHUP: the terminal went away), and `onSecond` when
 * somebody asks again because it takes too long.
 */
export function onStopSignals(onFirst: () => void, onSecond: () => void): void {
  let firstAt: number | undefined;
  const stop = (): void => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      onFirst();
    } else if (performance.now() - firstAt > SAME_CTRL_C_MS) {
      onSecond();
    }
  };
  for (const signal of SIGNALS) process.on(signal, stop);
}
