/* global process, setTimeout */

/**
 * Loaded before an app's own code (`node --import`): ends the app when the process that started it ends, even by
 * SIGKILL. Standard input is a pipe whose only other end that process holds; it closes with it.
 *
 * JavaScript: Node's reader of TypeScript would stay in the memory of every app, 14 MiB.
 */
const GRACE_MS = 4_000;

function endWithParent() {
  setTimeout(() => process.kill(process.pid, 'SIGKILL'), GRACE_MS).unref();
  process.kill(process.pid, 'SIGTERM');
}

process.stdin.once('end', endWithParent);
process.stdin.once('error', endWithParent);
process.stdin.resume();
process.stdin.unref();
