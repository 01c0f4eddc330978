/**
 * `npm start`: builds what changed, then runs the local stack in this same process, so that a signal finds it. Node runs
 * this file as it is; what it imports by name is there after `npm ci`. The script of package.json is an `exec`: else npm
 * would signal a shell, which ends and leaves us running.
 */
import { execa } from 'execa';
import { dirname } from 'node:path';
import { fileURLToPath } from 'node:url';
import { endWithParent } from '../src/commands/end-with-parent.ts';

/** As Nx knows them: this file runs before anything is built, so it can read no list. */
const APPS = ['tag:type:app', 'audit'];

endWithParent();
const projects = ['local-stack', ...(process.argv.includes('--stack-only') ? [] : APPS)];
process.stdout.write('  building what changed …\n');
const build = await execa(
  'nx',
  ['run-many', '-t', 'build', '-p', projects.join(','), '--outputStyle=static'],
  {
    cwd: dirname(dirname(dirname(dirname(fileURLToPath(import.meta.url))))),
    preferLocal: true,
    // The start is to leave nothing behind, the Nx daemon included.
    env: { NX_DAEMON: 'false' },
    all: true,
    reject: false,
  },
);
if (build.failed) {
  process.stderr.write(`${build.all}\n\nThe build failed, so nothing was started: its output is above.\n`);
  process.exit(1);
}
await import(new URL('../dist/main.js', import.meta.url).href);
