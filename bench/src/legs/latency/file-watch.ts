import { setTimeout as wait } from 'node:timers/promises';
import { type LocalStack } from '@pipeline/local-stack';
import { listHdfsFiles } from '@pipeline/testing';
import { linesOf } from '../sinks/stored-once.ts';

const LIST_EVERY_MS = 100;

/**
 * Notes when each file of a topic became visible. What is in it is read afterwards, so that looking costs no more than
 * a listing.
 */
export class FileWatch {
  private readonly seenAtMs = new Map<string, number>();
  private readonly closing = new AbortController();
  private readonly watching: Promise<void>;

  constructor(
    private readonly stack: LocalStack,
    private readonly topic: string,
  ) {
    this.watching = this.watch();
  }

  /** After a last look. */
  async close(): Promise<void> {
    this.closing.abort();
    await this.watching;
    await this.look();
  }

  /** Every row of all files, and when its file was seen first, since the epoch. */
  async read(onRow: (json: string, seenAtMs: number) => void): Promise<void> {
    for (const [path, seenAtMs] of this.seenAtMs) {
      for (const line of await linesOf(this.stack, path)) if (line !== '') onRow(line, seenAtMs);
    }
  }

  private async watch(): Promise<void> {
    while (!this.closing.signal.aborted) {
      await this.look();
      await wait(LIST_EVERY_MS);
    }
  }

  private async look(): Promise<void> {
    const paths = await listHdfsFiles(this.stack, this.topic);
    const nowMs = performance.timeOrigin + performance.now();
    for (const path of paths) if (!this.seenAtMs.has(path)) this.seenAtMs.set(path, nowMs);
  }
}
