import assert from 'node:assert/strict';
import { type KafkaBatchServer } from '@pipeline/kafka-transport';
import { eventually, randomTopic, type LocalStack } from '@pipeline/testing';
import { percentiles } from '../../latency/percentiles.ts';
import { startConsumer } from '../../support/kafka.ts';

/** A mirror that is up to date brings records within this time. */
const FRESH_MS = 2_000;

/** Reads a topic on the second cluster as it comes, and notes how old each record is, by the time that it carries. */
export class ArrivalWatch {
  private readonly agesMs: number[] = [];
  private newestMs = 0;
  private readonly consumer: KafkaBatchServer;

  constructor(stack: LocalStack, topic: string) {
    this.consumer = startConsumer(stack, { topic, groupId: randomTopic('arrivals') }, ({ records }) => {
      const now = Date.now();
      for (const { timestamp } of records) this.agesMs.push(now - timestamp);
      this.newestMs = Math.max(this.newestMs, records.at(-1)?.timestamp ?? 0);
      return Promise.resolve();
    });
  }

  get count(): number {
    return this.agesMs.length;
  }

  /** Resolves when so many more have come. */
  async more(records: number, timeoutMs: number): Promise<void> {
    const wanted = this.count + records;
    const enough = () => assert.ok(this.count >= wanted, `${this.count} of ${wanted} records are mirrored`);
    await eventually(enough, { timeoutMs, intervalMs: 20 });
  }

  /** Resolves when a record has come that was younger than {@link FRESH_MS} then, and was made after this call. */
  async fresh(timeoutMs: number): Promise<void> {
    const since = Date.now();
    const isFresh = () => {
      assert.ok(this.newestMs > since, `the newest record is of ${since - this.newestMs} ms before`);
      assert.ok(this.agesMs.at(-1)! <= FRESH_MS, `the last record was ${this.agesMs.at(-1)} ms old`);
    };
    await eventually(isFresh, { timeoutMs, intervalMs: 20 });
  }

  /** Of the records from one count to another, for people. */
  text(from = 0, until = this.count): string {
    const { samples, p50, p99, max } = percentiles(this.agesMs.slice(from, until));
    return `${samples} records, p50 ${p50} ms, p99 ${p99} ms, at most ${max} ms old when they could be read`;
  }

  close(): Promise<void> {
    return this.consumer.close();
  }
}
