/** Stands in for the stack in a script of npm: says that it is there, and in a file that it was asked to stop. */
import { writeFileSync } from 'node:fs';
import { endWithParent } from '../src/commands/end-with-parent.ts';
import { onStopSignals } from '../src/commands/stop-signals.ts';

const [, , stopped = ''] = process.argv;
endWithParent();
const work = setInterval(() => undefined, 1_000);
onStopSignals(
  () => {
    writeFileSync(stopped, 'once');
    clearInterval(work);
  },
  () => writeFileSync(stopped, 'twice'),
);
process.stdout.write(`started ${process.pid}\n`);
