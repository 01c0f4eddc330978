import { Checklist } from './report/checklist.ts';
import { Closers } from './report/closers.ts';
import { verifyImages } from './verify-images.ts';

/** Exit code of a process that a signal has interrupted. */
const INTERRUPTED = 130;

const checklist = new Checklist((line) => console.log(line));
const closers = new Closers();
for (const signal of ['SIGINT', 'SIGTERM'] as const) {
  process.once(signal, () => void closers.close().finally(() => process.exit(INTERRUPTED)));
}

try {
  await verifyImages(checklist, closers);
  process.exitCode = checklist.exitCode;
} catch (error) {
  console.error(error instanceof Error ? error.message : String(error));
  process.exitCode = 1;
} finally {
  await closers.close();
  console.log(`\n${checklist.summary().join('\n')}`);
}
