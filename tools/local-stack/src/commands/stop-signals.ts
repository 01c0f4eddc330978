const SIGNALS = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const;
/** npm passes on the Ctrl-C that the terminal has already sent to us: the same one, a moment later. */
const SAME_CTRL_C_MS = 1_000;

/**
 * Calls `onFirst` at the first signal that asks us to stop, and `onSecond` when somebody asks again because it takes too
 * long. SIGHUP says that the terminal or npm went away, which often follows the first signal and asks for nothing more.
 */
export function onStopSignals(onFirst: () => void, onSecond: () => void): void {
  let firstAt: number | undefined;
  const stop = (signal: NodeJS.Signals): void => {
    if (firstAt === undefined) {
      firstAt = performance.now();
      onFirst();
    } else if (signal !== 'SIGHUP' && performance.now() - firstAt > SAME_CTRL_C_MS) {
      onSecond();
    }
  };
  for (const signal of SIGNALS) process.on(signal, stop);
}
