import { MemoryBatchSender } from '@pipeline/kafka-transport/testing';
import { afterEach, describe, expect, it } from '@jest/globals';
import { Registry } from 'prom-client';
import { drainOf, openSpool, recordsOf, until } from '../../testing/open-spool.fixture.ts';
import { type IntakeMetrics, intakeMetrics } from '../intake-metrics.ts';
import { CHECKPOINT_FILE, CHECKPOINT_FILE_BYTES } from './checkpoint-file.ts';
import { MemorySpoolFolder } from '../../testing/spool-folder.double.ts';
import { type SpoolDrain } from './spool-drain.ts';
import { type SpoolLog } from './spool-log.ts';

const drains: SpoolDrain[] = [];
afterEach(async () => {
  await Promise.all(drains.splice(0).map((drain) => drain.stop()));
});

function start(spool: SpoolLog, sender: MemoryBatchSender, metrics?: IntakeMetrics): SpoolDrain {
  const drain = drainOf(spool, sender, metrics);
  drains.push(drain);
  drain.start();
  return drain;
}

const names = (count: number) => Array.from({ length: count }, (_, n) => String(n));

describe('SpoolDrain', () => {
  it('brings everything to Kafka in order when Kafka returns', async () => {
    const sender = new MemoryBatchSender();
    sender.isDown = true;
    const spool = await openSpool();
    start(spool, sender);
    for (const name of names(100)) await spool.append(recordsOf([name]));
    expect(sender.written()).toEqual([]);
    sender.isDown = false;
    await until(() => !spool.isOccupied);
    expect(sender.written()).toEqual(names(100));
  });

  it('brings what an earlier process left behind', async () => {
    const folder = new MemorySpoolFolder();
    await (await openSpool(folder)).append(recordsOf(['a']));
    const sender = new MemoryBatchSender();
    const spool = await openSpool(folder.afterCrash());
    start(spool, sender);
    await until(() => !spool.isOccupied);
    expect(sender.written()).toEqual(['a']);
  });

  it('takes more while it drains, and is occupied until the last of it is in Kafka', async () => {
    const sender = new MemoryBatchSender();
    sender.isHolding = true;
    const spool = await openSpool();
    start(spool, sender);
    await spool.append(recordsOf(['a']));
    await until(() => sender.requests.length === 1);
    await spool.append(recordsOf(['b']));
    sender.requests[0]!.ack();
    await until(() => sender.requests.length === 2);
    expect(spool.isOccupied).toBe(true);
    sender.requests[1]!.ack();
    await until(() => !spool.isOccupied);
    expect(sender.written()).toEqual(['a', 'b']);
  });

  it('writes once what Kafka wrote without an answer, also when the process is killed before it hears so', async () => {
    const folder = new MemorySpoolFolder();
    const sender = new MemoryBatchSender();
    sender.isHolding = true;
    const spool = await openSpool(folder);
    start(spool, sender);
    await spool.append(recordsOf(['a']));
    await until(() => sender.requests.length === 1);
    sender.requests[0]!.writeSilently();
    const next = await openSpool(folder.afterCrash());
    sender.isHolding = false;
    start(next, sender);
    await until(() => !next.isOccupied);
    expect(sender.written()).toEqual(['a']);
    sender.requests[0]!.refuse('broker-unavailable');
  });

  it('sends under a new identity what the broker has no place for any more', async () => {
    const sender = new MemoryBatchSender();
    sender.isHolding = true;
    const spool = await openSpool();
    start(spool, sender);
    await spool.append(recordsOf(['a']));
    await until(() => sender.requests.length === 1);
    sender.requests[0]!.refuse('sequence-lost');
    await until(() => sender.requests.length === 2);
    sender.requests[1]!.ack();
    await until(() => !spool.isOccupied);
    expect([sender.written(), sender.identities]).toEqual([['a'], 2]);
  });

  it('goes on after its disk failed', async () => {
    const folder = new MemorySpoolFolder();
    const sender = new MemoryBatchSender();
    const spool = await openSpool(folder);
    await spool.append(recordsOf(['a']));
    folder.failAt = folder.steps.length;
    start(spool, sender);
    await new Promise(setImmediate);
    folder.failAt = Number.POSITIVE_INFINITY;
    await until(() => !spool.isOccupied);
    expect(sender.written()).toEqual(['a']);
  });

  it('empties a disk that is full as soon as Kafka is back, and then takes records again', async () => {
    const folder = new MemorySpoolFolder();
    const sender = new MemoryBatchSender();
    sender.isDown = true;
    const spool = await openSpool(folder);
    start(spool, sender);
    folder.capacity = CHECKPOINT_FILE_BYTES + 3_000;
    const taken: string[] = [];
    const fill = async () => {
      for (;;) {
        await spool.append(recordsOf([String(taken.length)]));
        taken.push(String(taken.length));
      }
    };
    await expect(fill()).rejects.toMatchObject({ code: 'spool-unwritable' });
    expect(taken.length).toBeGreaterThan(20);
    const files = folder.files.size;
    for (let attempt = 0; attempt < 50; attempt++)
      await expect(spool.append(recordsOf(['no']))).rejects.toMatchObject({ code: 'spool-unwritable' });
    expect(folder.files.size).toBe(files);
    sender.isDown = false;
    await until(() => !spool.isOccupied);
    expect(sender.written()).toEqual(taken);
    expect([...folder.files.keys()]).toEqual([CHECKPOINT_FILE]);
    sender.isDown = true;
    await spool.append(recordsOf(['again']));
  });

  it('empties a full disk that another process has filled, though it could not write there itself', async () => {
    const folder = new MemorySpoolFolder();
    await (await openSpool(folder)).append(recordsOf(['a', 'b']));
    const next = folder.afterCrash();
    next.capacity = 0;
    const sender = new MemoryBatchSender();
    const spool = await openSpool(next);
    start(spool, sender);
    await until(() => !spool.isOccupied);
    expect(sender.written()).toEqual(['a', 'b']);
  });

  it('says for how long it is blocked where Kafka answers but does not take what it holds, and not while Kafka is away', async () => {
    const metrics = intakeMetrics(new Registry());
    const blocked = async () => (await metrics.spoolBlockedSeconds.get()).values[0]!.value;
    const sender = new MemoryBatchSender();
    sender.isHolding = true;
    const spool = await openSpool();
    start(spool, sender, metrics);
    await spool.append(recordsOf(['a']));
    for (let round = 0; round < 2; round++) {
      await until(() => sender.requests.length > round);
      sender.requests[round]!.refuse('record-refused');
    }
    await until(() => sender.requests.length > 2);
    expect(await blocked()).toBeGreaterThan(0);
    sender.isDown = true;
    sender.requests[2]!.refuse('broker-unavailable');
    await turns();
    expect(await blocked()).toBe(0);
    sender.isDown = false;
    sender.isHolding = false;
    await until(() => !spool.isOccupied);
    expect(sender.written()).toEqual(['a']);
  });
});

async function turns(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise(setImmediate);
}
