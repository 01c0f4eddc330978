import { ConfigError, type Environment } from './settings.ts';

/** The process environment; nothing else in the workspace reads it. */
export function environment(): Environment {
  return process.env;
}

/**
 * Loads settings from the process environment. Mistakes end the program with exit code 1, all of them listed on
 * standard error and no stack trace.
 */
export function loadOrExit<V>(settings: { load(from: Environment): V }, from = environment()): V {
  try {
    return settings.load(from);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exit(1);
  }
}
