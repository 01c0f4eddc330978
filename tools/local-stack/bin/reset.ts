/** `npm run stack:reset`: removes all state of the local stack. Needs no build. */
import { join } from 'node:path';
import { WORKSPACE } from '../src/project-paths.ts';
import { resetState } from '../src/stack/state-folder.ts';

const root = join(WORKSPACE, '.local');
try {
  process.stdout.write(`${await resetState(root)}\n`);
} catch (error) {
  process.stderr.write(`${(error as Error).message}\n`);
  process.exitCode = 1;
}
