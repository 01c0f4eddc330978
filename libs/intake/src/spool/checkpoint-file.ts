import { decodeCheckpoint, encodeCheckpoint, type SpoolCheckpoint } from './spool-checkpoint.ts';
import { type ReservedFile, SpoolError, type SpoolFolder } from './spool-folder.ts';

export const CHECKPOINT_FILE = 'progress';
/** For about two thousand partitions. */
const SLOT_BYTES = 16_384;
const SLOTS = 2;
export const CHECKPOINT_FILE_BYTES = SLOTS * SLOT_BYTES;

/**
 * The checkpoint of a log, in one of two slots of a file whose place on disk is taken before anything is spooled: what
 * writes down how a full disk is emptied must not need room on it. A slot is overwritten in place, the older one first,
 * so a write that is torn leaves the checkpoint before it.
 */
export class CheckpointFile {
  private file: ReservedFile | undefined;
  private generation = 0;

  constructor(private readonly folder: SpoolFolder) {}

  /** Takes the place. Does nothing when it has it. @throws what the file system says, as rejection. */
  async reserve(): Promise<void> {
    this.file ??= await this.folder.reserve(CHECKPOINT_FILE, CHECKPOINT_FILE_BYTES);
  }

  /** The newest that is whole. */
  async read(): Promise<SpoolCheckpoint | undefined> {
    const bytes = await this.folder.read(CHECKPOINT_FILE);
    const slots = Array.from({ length: SLOTS }, (_, slot) =>
      decodeCheckpoint(bytes.subarray(slot * SLOT_BYTES)),
    );
    let newest: ReturnType<typeof decodeCheckpoint>;
    for (const slot of slots) if (slot && slot.generation > (newest?.generation ?? 0)) newest = slot;
    this.generation = newest?.generation ?? 0;
    return newest?.checkpoint;
  }

  /** On disk when it resolves. */
  async write(checkpoint: SpoolCheckpoint): Promise<void> {
    await this.reserve();
    const generation = this.generation + 1;
    const bytes = encodeCheckpoint(checkpoint, generation);
    if (bytes.length > SLOT_BYTES) {
      throw new SpoolError(
        'spool-unwritable',
        `A checkpoint of ${bytes.length} bytes has no room in its slot`,
      );
    }
    await this.file!.write((generation % SLOTS) * SLOT_BYTES, bytes);
    this.generation = generation;
  }

  async close(): Promise<void> {
    const { file } = this;
    this.file = undefined;
    await file?.close().catch(() => undefined);
  }
}
