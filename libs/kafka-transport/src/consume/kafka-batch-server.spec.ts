import { afterEach, describe, expect, it } from '@jest/globals';
import { throwError } from 'rxjs';
import { closeAll, expectEventually, start, values } from '../../testing/kafka-batch-server.fixture.ts';
import { MemoryKafka, settle } from '@pipeline/kafka-driver/testing';

afterEach(closeAll);

describe('KafkaBatchServer', () => {
  it('commits the offset behind a batch only after its handler has resolved', async () => {
    const kafka = new MemoryKafka();
    kafka.append('clicks', 0, ['a', 'b', 'c']);
    const { calls } = await start(kafka);
    await kafka.join('clicks', [0]);
    await kafka.deliver('clicks', 0);
    expect(values(calls[0]!)).toEqual(['a', 'b', 'c']);
    expect(kafka.commits).toEqual([]);
    calls[0]!.resolve();
    await settle();
    expect(kafka.commits).toEqual(['clicks/0@3']);
  });

  it('hands records over as the bytes that were produced, with their contiguous range', async () => {
    const kafka = new MemoryKafka();
    kafka.append('clicks', 0, ['{"not": json', 'b', 'c']);
    const { calls } = await start(kafka);
    await kafka.join('clicks', [0]);
    await kafka.deliver('clicks', 0, 2);
    await kafka.deliver('clicks', 0);
    expect(calls[0]!.batch.records[0]!.value).toEqual(Buffer.from('{"not": json'));
    expect(calls.map(({ batch: { startOffset, nextOffset } }) => [startOffset, nextOffset])).toEqual([
      [0n, 2n],
      [2n, 3n],
    ]);
  });

  it('commits no further than the first batch that is not durable', async () => {
    const kafka = new MemoryKafka();
    kafka.append('clicks', 0, ['a', 'b', 'c']);
    const { calls } = await start(kafka);
    await kafka.join('clicks', [0]);
    for (let batch = 0; batch < 3; batch++) await kafka.deliver('clicks', 0, 1);
    calls[2]!.resolve();
    calls[1]!.resolve();
    await settle();
    expect(kafka.commits).toEqual([]);
    calls[0]!.resolve();
    await settle();
    expect(kafka.commits).toEqual(['clicks/0@3']);
  });

  it('pauses a partition before its share of memory is passed and resumes it when a quarter is free', async () => {
    const kafka = new MemoryKafka();
    const values = Array.from({ length: 10 }, (_, n) => String(n).repeat(1_000));
    kafka.append('clicks', 0, values);
    kafka.append('clicks', 1, ['z']);
    const shareBytes = 8_800;
    const { calls } = await start(kafka, { maxInFlightBytes: 2 * shareBytes });
    await kafka.join('clicks', [0, 1]);
    for (let fetch = 0; fetch < values.length; fetch++) await kafka.deliver('clicks', 0, 1);
    expect(kafka.isPaused('clicks', 0)).toBe(true);
    expect(kafka.isPaused('clicks', 1)).toBe(false);
    let heldBytes = calls.reduce((sum, { batch }) => sum + batch.heldBytes, 0);
    expect(heldBytes).toBeLessThanOrEqual(shareBytes);
    const paused: boolean[] = [];
    for (const { batch, resolve } of calls) {
      resolve();
      await settle();
      heldBytes -= batch.heldBytes;
      paused.push(kafka.isPaused('clicks', 0));
      expect(paused.at(-1)).toBe(heldBytes >= (shareBytes * 3) / 4);
    }
    expect(paused).toContain(true);
  });

  it('frees the memory of a batch when its handler has ended, or when the handler says so', async () => {
    const kafka = new MemoryKafka();
    kafka.append('clicks', 0, ['x'.repeat(1_000), 'y'.repeat(1_000)]);
    const { calls } = await start(kafka, { maxInFlightBytes: 1_500 });
    await kafka.join('clicks', [0]);
    await kafka.deliver('clicks', 0, 1);
    const [record] = calls[0]!.batch.records;
    expect(kafka.isPaused('clicks', 0)).toBe(true);
    calls[0]!.batch.release();
    expect(kafka.isPaused('clicks', 0)).toBe(false);
    expect(() => record!.value).toThrow('detached');
    await kafka.deliver('clicks', 0, 1);
    calls[1]!.resolve();
    await settle();
    expect(() => calls[1]!.batch.records).toThrow('given back');
  });

  it('fences a rebalance: the old assignment is revoked and commits nothing, its records come again', async () => {
    const kafka = new MemoryKafka();
    kafka.append('clicks', 0, ['a', 'b']);
    const { calls } = await start(kafka);
    await kafka.join('clicks', [0]);
    await kafka.deliver('clicks', 0);
    const { revoked } = calls[0]!.context.assignment;
    await kafka.join('clicks', [0]);
    expect(revoked.aborted).toBe(true);
    calls[0]!.resolve();
    await settle();
    expect(kafka.commits).toEqual([]);
    await kafka.deliver('clicks', 0);
    expect(values(calls[1]!)).toEqual(['a', 'b']);
  });

  it('never takes a fetch that was under way across a rebalance for the start of the new assignment', async () => {
    const kafka = new MemoryKafka();
    kafka.append('clicks', 0, ['a', 'b', 'c', 'd']);
    const { calls } = await start(kafka);
    await kafka.join('clicks', [0]);
    await kafka.deliverFrom('clicks', 0, 2);
    expect(calls).toHaveLength(0);
    await kafka.deliver('clicks', 0);
    expect(values(calls[0]!)).toEqual(['a', 'b', 'c', 'd']);
  });

  it('goes on behind records of an aborted transaction: they are a gap at the beginning of the next batch', async () => {
    const kafka = new MemoryKafka();
    kafka.append('clicks', 0, ['a', 'aborted', 'aborted', 'b']);
    const { calls } = await start(kafka);
    await kafka.join('clicks', [0]);
    await kafka.deliver('clicks', 0, 1);
    await kafka.filterOut('clicks', 0, 2);
    await kafka.deliver('clicks', 0);
    expect(calls.map(({ batch: { startOffset, nextOffset } }) => [startOffset, nextOffset])).toEqual([
      [0n, 1n],
      [1n, 4n],
    ]);
    expect(values(calls[1]!)).toEqual(['b']);
    expect(calls[0]!.context.assignment.revoked.aborted).toBe(false);
  });

  it('reads a partition again from its commit when a handler rejects, also as a Nest error stream', async () => {
    const kafka = new MemoryKafka();
    kafka.append('clicks', 0, ['a', 'b']);
    const { calls } = await start(kafka);
    await kafka.join('clicks', [0]);
    await kafka.deliver('clicks', 0, 1);
    await kafka.deliver('clicks', 0, 1);
    calls[0]!.resolve();
    await settle();
    calls[1]!.reject(new Error('store said no'));
    await expectEventually(async () => {
      await kafka.deliver('clicks', 0);
      expect(values(calls[2]!)).toEqual(['b']);
    });
    expect(kafka.commits).toEqual(['clicks/0@1']);
  });

  it('does not commit when a handler answers with a stream that errors', async () => {
    const kafka = new MemoryKafka();
    kafka.append('clicks', 0, ['a']);
    const { server } = await start(kafka);
    server.getHandlers().set(
      'clicks',
      Object.assign(() => Promise.resolve(throwError(() => new Error('no'))), {
        isEventHandler: true,
      }) as never,
    );
    await kafka.join('clicks', [0]);
    await kafka.deliver('clicks', 0);
    expect(kafka.commits).toEqual([]);
  });

  it('repeats a commit that failed', async () => {
    const kafka = new MemoryKafka();
    kafka.append('clicks', 0, ['a']);
    kafka.commitFailures = 1;
    const { calls } = await start(kafka);
    await kafka.join('clicks', [0]);
    await kafka.deliver('clicks', 0);
    calls[0]!.resolve();
    await expectEventually(() => expect(kafka.commits).toEqual(['clicks/0@1']));
  });

  it('tells a commit of its own from one of an operator', async () => {
    const kafka = new MemoryKafka();
    kafka.append('clicks', 0, ['a', 'b']);
    kafka.setCommitted('clicks', 0, 1);
    const { calls } = await start(kafka);
    await kafka.join('clicks', [0]);
    await kafka.deliver('clicks', 0);
    expect(calls[0]!.context.assignment).toMatchObject({ committedOffset: 1n, committedByPipeline: false });
    calls[0]!.resolve();
    await settle();
    await kafka.join('clicks', [0]);
    kafka.append('clicks', 0, ['c']);
    await kafka.deliver('clicks', 0);
    expect(calls[1]!.context.assignment).toMatchObject({ committedOffset: 2n, committedByPipeline: true });
  });

  it('raises an alarm instead of reading when the commit lies beyond the end of the log', async () => {
    const kafka = new MemoryKafka();
    kafka.append('clicks', 0, ['a']);
    kafka.setCommitted('clicks', 0, 5_000, 'web-event-pipeline/1');
    const { calls, readiness } = await start(kafka);
    await kafka.join('clicks', [0]);
    await kafka.deliver('clicks', 0);
    expect(calls).toHaveLength(0);
    expect(readiness.notReady()['consumer spec']).toMatch(/recreated/);
  });

  it('makes buffered batches durable and commits them before it leaves the group', async () => {
    const kafka = new MemoryKafka();
    kafka.append('clicks', 0, ['a']);
    const { server, calls } = await start(kafka, { drainTimeoutMs: 5_000 });
    await kafka.join('clicks', [0]);
    await kafka.deliver('clicks', 0);
    calls[0]!.context.assignment.draining.addEventListener('abort', () => calls[0]!.resolve());
    await server.close();
    expect(kafka.commits).toEqual(['clicks/0@1']);
    expect(kafka.disconnected).toBe(true);
  });

  it('leaves the group after the drain time-out even when a handler hangs, and tells it', async () => {
    const kafka = new MemoryKafka();
    kafka.append('clicks', 0, ['a']);
    const { server, calls } = await start(kafka, { drainTimeoutMs: 20 });
    await kafka.join('clicks', [0]);
    await kafka.deliver('clicks', 0);
    await server.close();
    expect(calls[0]!.context.assignment.revoked.aborted).toBe(true);
    expect(kafka.commits).toEqual([]);
  });

  it('stops cleanly when it never reached Kafka', async () => {
    const kafka = new MemoryKafka();
    kafka.connectFailures = Infinity;
    const { server } = await start(kafka);
    await server.close();
    expect(kafka.disconnected).toBe(true);
  });

  it('starts while Kafka is away, says so, and connects when it is there', async () => {
    const kafka = new MemoryKafka();
    kafka.append('clicks', 0, ['a']);
    kafka.connectFailures = 1;
    const { readiness, calls } = await start(kafka);
    expect(readiness.notReady()).toEqual({ 'consumer spec': 'not connected to Kafka' });
    await expectEventually(async () => {
      await kafka.join('clicks', [0]);
      await kafka.deliver('clicks', 0);
      expect(calls.length).toBeGreaterThan(0);
    });
    expect(readiness.notReady()).toEqual({});
  });

  it('ends the process when the consumer can never recover, not when the library restarts it', async () => {
    const fatal: Error[] = [];
    const kafka = new MemoryKafka();
    const { readiness } = await start(kafka, { onFatal: (error) => fatal.push(error) });
    kafka.crash(true);
    expect(fatal).toHaveLength(0);
    expect(readiness.notReady()['consumer spec']).toBe('consumer crashed: crashed');
    kafka.crash(false);
    expect(fatal).toHaveLength(1);
  });

  it('starts a consumer again that has lost a permission or its login', async () => {
    const fatal: Error[] = [];
    const kafka = new MemoryKafka();
    const { readiness } = await start(kafka, { onFatal: (error) => fatal.push(error), refusedPauseMs: 1 });
    kafka.crash(false, { isRefusal: true, error: new Error('not authorized') });
    expect(readiness.notReady()['consumer spec']).toBe('consumer crashed: not authorized');
    await expectEventually(() => expect(kafka.starts).toBe(2));
    expect(fatal).toEqual([]);
    await kafka.join('clicks', [0]);
    expect(readiness.notReady()).toEqual({});
  });

  it('refuses to start without a handler, and with two for one topic', async () => {
    const { server } = await start(new MemoryKafka());
    const errors: unknown[] = [];
    server.addHandler('clicks', () => Promise.resolve() as never, true);
    server.listen((error) => errors.push(error));
    server.getHandlers().clear();
    server.listen((error) => errors.push(error));
    expect(errors).toMatchObject([{ code: 'several-handlers' }, { code: 'no-handler' }]);
  });
});
