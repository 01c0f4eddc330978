import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { environment } from '@pipeline/config';

const MOST_OUTPUT_BYTES = 16 * 1_024 * 1_024;
const SHOWN_CHARACTERS = 1_000;

/**
 * Runs a compiler or the like to its end.
 * @throws with the end of what it said, or with `missing` where there is no such program.
 */
export async function runTool(
  command: string,
  args: readonly string[],
  { cwd, missing }: { readonly cwd: string; readonly missing: string },
): Promise<void> {
  try {
    await promisify(execFile)(command, [...args], { cwd, env: environment(), maxBuffer: MOST_OUTPUT_BYTES });
  } catch (error) {
    const { code, stderr = '' } = error as NodeJS.ErrnoException & { stderr?: string };
    if (code === 'ENOENT') throw new Error(missing, { cause: error });
    throw new Error(`${command} failed: ${stderr.slice(-SHOWN_CHARACTERS)}`, { cause: error });
  }
}
