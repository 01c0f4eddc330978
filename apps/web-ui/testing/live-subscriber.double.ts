import { type LiveSubscriber } from '../src/live/subscribers.ts';

/** A reader that remembers what it got, and is slow on demand. */
export class MemoryLiveSubscriber implements LiveSubscriber {
  readonly received: string[] = [];
  state: 'open' | 'ended' | 'dropped' = 'open';
  slow = false;

  constructor(readonly client = 'somebody') {}

  offer(chunk: Buffer): boolean {
    if (this.slow) return false;
    this.received.push(chunk.toString());
    return true;
  }

  end(): void {
    this.state = 'ended';
  }

  drop(): void {
    this.state = 'dropped';
  }
}
