import { spawn, type ChildProcess } from 'node:child_process';
import { projectFile } from '../project-paths.ts';

/**
 * A shell of its own session that kills, seconds after this process ended, whatever this process started and did not
 * end by itself: the second line of defence behind the pipe that every child watches. One per process.
 */
class Guard {
  private shell: ChildProcess | undefined;

  add(pid: number): void {
    this.tell(`+ ${pid}`);
  }

  remove(pid: number): void {
    this.tell(`- ${pid}`);
  }

  private tell(line: string): void {
    this.shell ??= startShell();
    this.shell.stdin?.write(`${line}\n`);
  }
}

function startShell(): ChildProcess {
  const shell = spawn('/bin/sh', [projectFile('guard', 'guard.sh')], {
    stdio: ['pipe', 'ignore', 'ignore'],
    detached: true,
  });
  // Its end is no event for us: the children watch their own pipes all the same.
  shell.on('error', () => undefined);
  shell.stdin?.on('error', () => undefined);
  shell.unref();
  (shell.stdin as unknown as { unref?: () => void } | null)?.unref?.();
  return shell;
}

export const guard = new Guard();
