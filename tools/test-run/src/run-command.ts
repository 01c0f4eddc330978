import { type ChildProcess, spawn } from 'node:child_process';
import { WORKSPACE } from './workspace.ts';

let running: ChildProcess | undefined;
let interrupted = false;

/** Whether the run was told to stop; nothing is started after that. */
export function wasInterrupted(): boolean {
  return interrupted;
}

/** A program that takes longer hangs; the longest stage, the end-to-end specs, takes a third of it on two cores. */
const TIMEOUT_MS = 60 * 60_000;

/** Runs a program of the workspace with this terminal's output; resolves to whether it exited with 0. */
export function runCommand(program: string, ...args: string[]): Promise<boolean> {
  if (interrupted) return Promise.resolve(false);
  return new Promise((done) => {
    const child = spawn(program, args, { cwd: WORKSPACE, stdio: ['ignore', 'inherit', 'inherit'] });
    running = child;
    const timer = setTimeout(() => {
      console.error(`${program} ${args.join(' ')} was ended after ${TIMEOUT_MS / 60_000} minutes.`);
      child.kill();
    }, TIMEOUT_MS);
    child.once('error', (error) => {
      console.error(`${program} could not be started: ${error.message}`);
      done(false);
    });
    child.once('close', (code) => {
      clearTimeout(timer);
      running = undefined;
      done(code === 0);
    });
  });
}

/** On Ctrl-C and SIGTERM the running program ends, and the totals of what was done are still printed. */
export function stopOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM'] as const) {
    process.on(signal, () => {
      interrupted = true;
      running?.kill(signal);
    });
  }
}
