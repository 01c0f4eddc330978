/**
 * Loaded before an app's own code (`node --import`): ends the app when the process that started it ends, even by
 * SIGKILL. Standard input is a pipe whose only other end that process holds; it closes with it.
 */
const GRACE_MS = 4_000;

function endWithParent(): void {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), GRACE_MS).unref();
  process.kill(process.pid, 'SIGTERM');
}

process.stdin.once('end', endWithParent);
process.stdin.once('error', endWithParent);
process.stdin.resume();
process.stdin.unref();
