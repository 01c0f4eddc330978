import { type ServerResponse } from 'node:http';
import { type LiveSubscriber } from './subscribers.ts';

/** A browser behind an open HTTP response; `maxUnsentBytes` bounds what waits for it in this process. */
export class SseLiveSubscriber implements LiveSubscriber {
  constructor(
    readonly client: string,
    private readonly response: ServerResponse,
    private readonly maxUnsentBytes: number,
  ) {}

  offer(chunk: Buffer): boolean {
    if (this.response.writableLength + chunk.length > this.maxUnsentBytes) return false;
    this.response.write(chunk);
    return true;
  }

  end(): void {
    this.response.end();
  }

  drop(): void {
    this.response.destroy();
  }
}
