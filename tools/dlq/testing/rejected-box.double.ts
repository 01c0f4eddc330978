import { type RejectedEvent } from '@pipeline/event-schema/contract';
import { type Collector, type SentResult } from '../src/rejected/collector.ts';
import { type RejectedBox, type RejectedLetter, rejectedOf } from '../src/rejected/rejected-box.ts';

/** Refused events in memory. */
export class MemoryRejectedBox implements RejectedBox {
  private readonly letters: RejectedLetter[] = [];

  add(event: RejectedEvent): void {
    this.addRecord(JSON.stringify(event));
  }

  /** What anybody may write. */
  addRecord(text: string): void {
    const place = { key: null, offset: this.letters.length, timestamp: 1795341600000 };
    this.letters.push(rejectedOf(0, { ...place, value: Buffer.from(text) }));
  }

  async read(onLetters: (letters: readonly RejectedLetter[]) => void | Promise<void>): Promise<void> {
    await onLetters(this.letters);
  }
}

/** A collector that takes everything once, and answers `duplicate` from then on. */
export class MemoryCollector implements Collector {
  readonly requests: (readonly object[])[] = [];
  private readonly seen = new Set<unknown>();

  send(events: readonly object[]): Promise<readonly SentResult[]> {
    this.requests.push(events);
    const results = events.map((event): SentResult => {
      const { event_id: id } = event as { event_id?: string };
      const status = this.seen.has(id) ? 'duplicate' : 'accepted';
      this.seen.add(id);
      return { status };
    });
    return Promise.resolve(results);
  }
}
