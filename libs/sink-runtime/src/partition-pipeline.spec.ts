import { describe, expect, it } from '@jest/globals';
import { batch, outcomeOf, POLICY, setUp, turn } from '../testing/partition-pipeline.fixture.ts';
import { type Fault } from '../testing/sink-writer.double.ts';
import { PartitionHaltedError, StagingLostError } from './partition-errors.ts';

describe('PartitionPipeline', () => {
  it('holds records until a limit is reached, then makes all of them durable in one flush', async () => {
    const { pipeline, writer } = setUp();
    const first = outcomeOf(pipeline.accept(batch('a', 'b')));
    await turn();
    expect([first.state, writer.ranges.length]).toEqual(['pending', 0]);
    const second = pipeline.accept(batch('c'));
    await second;
    await turn();
    expect(first.state).toBe('durable');
    expect(writer.stored).toEqual(['a', 'b', 'c']);
    expect(writer.ranges).toHaveLength(1);
  });

  it('settles the batches of a flush last first, so that a commit falls only at the end of its range', async () => {
    const { pipeline } = setUp();
    const settled: string[] = [];
    await Promise.all([
      pipeline.accept(batch('a', 'b')).then(() => settled.push('first')),
      pipeline.accept(batch('c')).then(() => settled.push('second')),
    ]);
    expect(settled).toEqual(['second', 'first']);
  });

  it('flushes an idle partition by age', async () => {
    const { pipeline, writer } = setUp({ policy: { ...POLICY, maxAgeMs: 20 } });
    await pipeline.accept(batch('lonely'));
    expect(writer.stored).toEqual(['lonely']);
  });

  it('flushes early when half of its share of memory is filled', async () => {
    const { pipeline, writer } = setUp({ shareBytes: 1_000 });
    await pipeline.accept(batch('x'.repeat(200)));
    expect(writer.ranges).toHaveLength(1);
  });

  it('flushes at once what is buffered when it drains', async () => {
    const { pipeline, writer, draining } = setUp();
    const accepted = pipeline.accept(batch('a'));
    draining.abort();
    await accepted;
    expect(writer.stored).toEqual(['a']);
  });

  it('hands ranges to the store without hole or overlap, one at a time', async () => {
    const { pipeline, writer } = setUp();
    let release: () => void = () => undefined;
    writer.faults.push(
      (range) => new Promise((resolve) => (release = () => resolve(writer.store(range.records)))),
    );
    const accepted = [pipeline.accept(batch('a', 'b', 'c')), pipeline.accept(batch('d', 'e', 'f'))];
    await turn();
    expect(writer.ranges).toHaveLength(1);
    release();
    await Promise.all(accepted);
    expect(writer.ranges[1]!.startOffset).toBe(writer.ranges[0]!.nextOffset);
  });

  it('tries a waiting flush at once when the store answers its probe again', async () => {
    const HOURS = 10 ** 8;
    const { pipeline, writer, storeReturn } = setUp({ backoff: { initialMs: HOURS, maxMs: HOURS } });
    writer.faults.push(() => Promise.reject(new Error('store down')));
    const accepted = pipeline.accept(batch('a', 'b', 'c'));
    await turn();
    expect(writer.stored).toEqual([]);
    storeReturn.abort();
    await accepted;
    expect(writer.stored).toEqual(['a', 'b', 'c']);
  });

  it('tries a failed flush again until the store takes it', async () => {
    const { pipeline, writer } = setUp();
    const down = () => Promise.reject(new Error('store down'));
    writer.faults.push(down, down, down);
    await pipeline.accept(batch('a', 'b', 'c'));
    expect(writer.stored).toEqual(['a', 'b', 'c']);
    expect(writer.ranges).toHaveLength(4);
  });

  it('sends only the records again that the store asked to have again', async () => {
    const { pipeline, writer } = setUp();
    writer.faults.push(({ records }) => ({
      ...writer.store(records.slice(0, 1)),
      retry: { records: records.slice(1), error: new Error('429') },
    }));
    await pipeline.accept(batch('a', 'b', 'c'));
    expect(writer.ranges[1]!.records.map(({ value }) => String(value))).toEqual(['b', 'c']);
    expect(writer.stored).toEqual(['a', 'b', 'c']);
  });

  it('asks a store again soon that takes a little at a time', async () => {
    const records = 18;
    const policy = { ...POLICY, maxRecords: records };
    // Eighteen failures in a row would mean minutes.
    const { pipeline, writer } = setUp({ policy, backoff: { initialMs: 1, maxMs: 600_000 } });
    const takeOne: Fault = (range) => ({
      ...writer.store(range.records.slice(0, 1)),
      retry: { records: range.records.slice(1), error: new Error('429') },
    });
    writer.faults.push(...Array.from({ length: records - 1 }, () => takeOne));
    await pipeline.accept(batch(...Array.from({ length: records }, (_, index) => `${index}`)));
    expect(writer.ranges).toHaveLength(records);
  });

  it('is durable only when refused records are in the dead-letter topic, however long that takes', async () => {
    const { pipeline, writer, deadLetters, failing } = setUp();
    failing.deadLetters = 2;
    writer.faults.push(({ records }) => ({
      ...writer.store(records.slice(1)),
      rejected: [{ record: records[0]!, code: 'not-json', message: 'no' }],
    }));
    await pipeline.accept(batch('poison', 'b', 'c'));
    expect(deadLetters).toEqual([{ topic: 'clicks.spec-sink.dlq', value: 'poison', code: 'not-json' }]);
    expect(writer.stored).toEqual(['b', 'c']);
  });

  it('writes more letters than may wait for Kafka at once, in portions', async () => {
    const { pipeline, writer, deadLetters, publications } = setUp({ shareBytes: 64 << 20 });
    writer.faults.push(({ records }) => ({
      ...{ written: 0, duplicates: 0 },
      rejected: records.map((record) => ({ record, code: 'not-json', message: 'no' })),
    }));
    await pipeline.accept(batch(...['a', 'b', 'c'].map((letter) => letter.repeat(2 << 20))));
    expect([deadLetters.length, publications.count]).toEqual([3, 2]);
  });

  it('halts, and does not repeat, when our own code cannot write a letter', async () => {
    const { pipeline, writer, failing, halted, publications, revoked } = setUp();
    Object.assign(failing, { deadLetters: 100, with: new TypeError('from.copy is not a function') });
    writer.faults.push(({ records }) => ({
      ...writer.store(records.slice(1)),
      rejected: [{ record: records[0]!, code: 'not-json', message: 'no' }],
    }));
    const outcome = outcomeOf(pipeline.accept(batch('poison', 'b', 'c')));
    while (halted.length === 0) await turn();
    expect(halted[0]).toContain('clicks.spec-sink.dlq cannot be written: TypeError: from.copy');
    expect([outcome.state, publications.count]).toEqual(['pending', 1]);
    revoked.abort();
  });

  it('halts when attempt after attempt ends with an error of our own code', async () => {
    const { pipeline, writer, halted, revoked } = setUp();
    const broken = () => Promise.reject(new TypeError('undefined is not a list'));
    writer.faults.push(...Array.from({ length: 100 }, () => broken));
    const outcome = outcomeOf(pipeline.accept(batch('a', 'b', 'c')));
    while (halted.length === 0) await new Promise((resolve) => setTimeout(resolve, 1));
    expect(halted[0]).toContain('undefined is not a list');
    expect([outcome.state, writer.ranges.length]).toEqual(['pending', 8]);
    revoked.abort();
  });

  it('waits for a store that is down without halting, however often it fails', async () => {
    const { pipeline, writer, halted } = setUp();
    const down = Object.assign(new Error('store down'), { code: 'unexpected' });
    writer.faults.push(...Array.from({ length: 30 }, () => () => Promise.reject(down)));
    await pipeline.accept(batch('a', 'b', 'c'));
    expect([writer.stored, halted]).toEqual([['a', 'b', 'c'], []]);
  });

  it('says what a flush waits for until it makes progress', async () => {
    const { pipeline, writer, failing } = setUp({ backoff: { initialMs: 5, maxMs: 10 } });
    failing.deadLetters = 2;
    writer.faults.push(({ records }) => ({
      ...writer.store(records.slice(1)),
      rejected: [{ record: records[0]!, code: 'not-json', message: 'no' }],
    }));
    const accepted = pipeline.accept(batch('poison', 'b', 'c'));
    await turn();
    expect(pipeline.held?.reason).toBe(
      'dlq-broker-unavailable: clicks.spec-sink.dlq does not take dead letters: no topic',
    );
    await accepted;
    expect(pipeline.held).toBeUndefined();
  });

  it('drops what is buffered and stops retrying when the partition is lost', async () => {
    const { pipeline, writer, revoked } = setUp();
    writer.faults.push(() => Promise.reject(new Error('store down')));
    const flushing = outcomeOf(pipeline.accept(batch('a', 'b', 'c')));
    const buffered = outcomeOf(pipeline.accept(batch('d')));
    revoked.abort();
    const deadline = performance.now() + 2_000;
    while (flushing.state === 'pending' && performance.now() < deadline) await turn();
    expect([flushing.state, buffered.state]).toEqual(['lost', 'lost']);
    await expect(pipeline.accept(batch('e'))).rejects.toThrow();
    expect(writer.stored).toEqual([]);
    expect(writer.ranges).toHaveLength(1);
  });

  it('halts the partition with an alarm, without retrying, when going on would do damage', async () => {
    const { pipeline, writer, halted, revoked } = setUp();
    writer.faults.push(() => Promise.reject(new PartitionHaltedError('foreign-file', 'foreign file at 0')));
    const outcome = outcomeOf(pipeline.accept(batch('a', 'b', 'c')));
    await turn();
    expect([outcome.state, halted, writer.ranges.length]).toEqual(['pending', ['foreign file at 0'], 1]);
    revoked.abort();
    await turn();
    expect(outcome.state).toBe('lost');
  });

  describe('with a store that stages', () => {
    const GROWING = { policy: { ...POLICY, maxRecords: 6 }, shareBytes: 1_000, stages: true };
    const released = (values: string[], releases: string[]) => ({
      ...batch(...values),
      release: () => void releases.push(values.join('')),
    });

    it('moves a growing range out of memory, and makes it durable in one go when the policy says so', async () => {
      const { pipeline, writer, registry } = setUp(GROWING);
      const releases: string[] = [];
      const first = outcomeOf(pipeline.accept(released(['a', 'b'], releases)));
      await turn();
      expect([first.state, writer.staged, releases]).toEqual(['pending', ['a', 'b'], ['ab']]);
      expect((await registry.getSingleMetric('sink_buffer_bytes')!.get()).values[0]?.value).toBe(0);
      const second = pipeline.accept(released(['c', 'd', 'e', 'f'], releases));
      await second;
      await turn();
      expect([first.state, writer.stored.join('')]).toEqual(['durable', 'abcdef']);
      expect(writer.ranges).toHaveLength(1);
    });

    it('publishes by age what is staged, though nothing more has come', async () => {
      const { pipeline, writer } = setUp({ ...GROWING, policy: { ...POLICY, maxAgeMs: 30 } });
      const accepted = batch('a', 'b');
      await pipeline.accept(accepted);
      expect(writer.stored).toEqual(['a', 'b']);
      expect(writer.ranges).toMatchObject([{ startOffset: accepted.nextOffset, records: [] }]);
    });

    it('stages again what the store did not take, and dead-letters what it never takes', async () => {
      const { pipeline, writer, deadLetters, revoked } = setUp(GROWING);
      writer.stageFaults.push(() => Promise.reject(new Error('store down')));
      const accepted = outcomeOf(pipeline.accept(batch('a', 'poison')));
      while (deadLetters.length === 0) await turn();
      await turn();
      expect([writer.staged, accepted.state]).toEqual([['a'], 'pending']);
      revoked.abort();
    });

    it('gives all of it back to be read again when what was staged is lost', async () => {
      const { pipeline, writer } = setUp(GROWING);
      const staged = outcomeOf(pipeline.accept(batch('a', 'b')));
      await turn();
      writer.stageFaults.push(() => Promise.reject(new StagingLostError('timeout', 'an append failed')));
      const piece = outcomeOf(pipeline.accept(batch('c', 'd')));
      const waiting = outcomeOf(pipeline.accept(batch('e')));
      await turn();
      expect([staged.state, piece.state, waiting.state]).toEqual(['lost', 'lost', 'lost']);
      await expect(pipeline.accept(batch('f'))).rejects.toThrow(StagingLostError);
      expect([writer.stored, writer.ranges]).toEqual([[], []]);
    });
  });

  it('lets other partitions go on while one is held', async () => {
    const held = setUp();
    const other = setUp({ partition: 1 });
    held.writer.faults.push(() => new Promise(() => undefined));
    const stuck = outcomeOf(held.pipeline.accept(batch('a', 'b', 'c')));
    await other.pipeline.accept(batch('d', 'e', 'f'));
    expect([stuck.state, other.writer.stored]).toEqual(['pending', ['d', 'e', 'f']]);
  });

  it('accounts for every record: consumed = written + duplicate + dead-lettered, and no bytes stay counted', async () => {
    const { pipeline, writer, registry } = setUp();
    writer.faults.push(({ records }) => ({
      written: 1,
      duplicates: 1,
      rejected: [{ record: records[2]!, code: 'not-json', message: 'no' }],
    }));
    await pipeline.accept(batch('a', 'b', 'c'));
    await turn();
    const value = async (name: string) => (await registry.getSingleMetric(name)!.get()).values[0]?.value;
    expect(
      await Promise.all(
        [
          'sink_records_written_total',
          'sink_records_duplicate_total',
          'sink_records_dead_lettered_total',
          'sink_buffer_bytes',
        ].map(value),
      ),
    ).toEqual([1, 1, 1, 0]);
  });
});
