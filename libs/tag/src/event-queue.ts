import { type TagStorage } from './tag-host.ts';
import { uuidMs } from './uuid-v7.ts';

/** An event as it waits: its JSON, not yet stamped with the time of sending. */
export interface QueuedEvent {
  readonly id: string;
  readonly json: string;
}

const PREFIX = 'pipeline.event.';
export const MAX_QUEUED_EVENTS = 1_000;
/** The collector moves older times to a week ago at most: such an event is told no more. */
const MAX_AGE_MS = 6 * 24 * 60 * 60 * 1_000;

/**
 * Events that the collector has not settled, in the order in which they happened. Each has a key of its own, so that
 * tabs that write at the same time cannot overwrite each other.
 */
export class EventQueue {
  constructor(private readonly storage: TagStorage) {}

  /** The oldest event makes room when the queue is full. */
  add({ id, json }: QueuedEvent): void {
    this.storage.set(PREFIX + id, json);
    const ids = this.ids();
    this.remove(ids.slice(0, Math.max(0, ids.length - MAX_QUEUED_EVENTS)));
  }

  ids(): string[] {
    return this.storage
      .keys()
      .filter((key) => key.startsWith(PREFIX))
      .map((key) => key.slice(PREFIX.length))
      .sort();
  }

  /** The events of `ids` up to a number and a size, at least one; what is too old to be told is removed instead. */
  take(ids: readonly string[], limit: { events: number; bytes: number; now: number }): QueuedEvent[] {
    const taken: QueuedEvent[] = [];
    let bytes = 0;
    for (const id of ids) {
      const json = this.storage.get(PREFIX + id);
      if (json === null) continue;
      if (uuidMs(id) < limit.now - MAX_AGE_MS) {
        this.remove([id]);
        continue;
      }
      // Three bytes for each UTF-16 unit is the most that UTF-8 takes.
      bytes += json.length * 3;
      if (taken.length > 0 && (bytes > limit.bytes || taken.length >= limit.events)) break;
      taken.push({ id, json });
    }
    return taken;
  }

  remove(ids: readonly string[]): void {
    for (const id of ids) this.storage.remove(PREFIX + id);
  }
}
