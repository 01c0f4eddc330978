import { statfs } from 'node:fs/promises';
import { type Logger } from '@pipeline/observability';
import { CHECKPOINT_FILE_BYTES } from './checkpoint-file.ts';
import { SpoolError } from './spool-folder.ts';

/** Of the bytes of a spool, what file systems take for the ends of files and their names. */
const OVERHEAD = 0.02;
const OVERHEAD_BYTES = 65_536;

/**
 * Looks whether the volume can hold what the spool may take, and the checkpoints of its topics.
 * @throws SpoolError (as rejection) `spool-too-large` where it never can. Where other files are in the way it warns: they
 * may go.
 */
export async function checkSpoolRoom(
  path: string,
  options: {
    /** The variable that sets `maxBytes`. */
    readonly setting: string;
    readonly maxBytes: number;
    readonly topics: number;
    readonly logger: Logger;
  },
): Promise<void> {
  const { setting, maxBytes, topics, logger } = options;
  const { bsize, blocks, bfree, bavail } = await statfs(path);
  // What the file system keeps for its administrator is not ours.
  const volumeBytes = (blocks - (bfree - bavail)) * bsize;
  const room = Math.floor((volumeBytes - topics * CHECKPOINT_FILE_BYTES - OVERHEAD_BYTES) * (1 - OVERHEAD));
  if (maxBytes > room) {
    throw new SpoolError(
      'spool-too-large',
      `${setting} is ${maxBytes}, but the volume of ${path} has ${volumeBytes} bytes: set at most ${Math.max(0, room)}, or give it a larger volume`,
    );
  }
  const freeBytes = bavail * bsize;
  if (freeBytes < maxBytes)
    logger.warn({ path, freeBytes, maxBytes }, 'spool has less room than it may take');
}
