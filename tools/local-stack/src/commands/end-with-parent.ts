const LOOK_MS = 250;

/**
 * Sends this process a SIGHUP when the one that started it has ended. npm passes on SIGINT and SIGTERM; when SIGHUP or
 * SIGKILL ends it, nothing else tells its script.
 */
export function endWithParent(): void {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    process.kill(process.pid, 'SIGHUP');
  }, LOOK_MS);
  timer.unref();
}
