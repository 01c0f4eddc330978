import { Registry } from 'prom-client';
import { describe, expect, it } from '@jest/globals';
import { openSpool, TOPIC, recordsOf } from '../../testing/open-spool.fixture.ts';
import { MemorySpoolFolder } from '../../testing/spool-folder.double.ts';
import { intakeMetrics } from '../intake-metrics.ts';
import { type SpoolLog } from './spool-log.ts';

/** Everything that is left, in order. */
async function valuesIn(spool: SpoolLog): Promise<string[]> {
  const values: string[] = [];
  for (let unit = await spool.readUnit(1); unit; unit = await spool.readUnit(1)) {
    for (const entry of unit.entries) {
      if (entry.kind === 'records')
        values.push(...entry.topics.get(TOPIC)!.map(({ value }) => String(value)));
    }
    await spool.advance(unit.next);
  }
  return values;
}

const segmentsOf = (folder: MemorySpoolFolder) =>
  [...folder.files.keys()].filter((name) => name.endsWith('.spool'));

describe('SpoolLog', () => {
  it('gives back what it took, in order, with keys and headers, over many segments', async () => {
    const folder = new MemorySpoolFolder();
    const spool = await openSpool(folder, { segmentBytes: 300 });
    for (let n = 0; n < 40; n++) await spool.append(recordsOf([`${n}a`, `${n}b`], `key-${n}`));
    expect(segmentsOf(folder).length).toBeGreaterThan(5);
    const unit = await spool.readUnit(1);
    expect(unit?.entries).toEqual([
      {
        kind: 'records',
        topics: new Map([
          [
            TOPIC,
            ['0a', '0b'].map((value) => ({
              key: Buffer.from('key-0'),
              value: Buffer.from(value),
              headers: { event_type: Buffer.from('x') },
            })),
          ],
        ]),
      },
    ]);
    expect(await valuesIn(spool)).toEqual(Array.from({ length: 40 }, (_, n) => [`${n}a`, `${n}b`]).flat());
  });

  it('finds all of it again after a crash, and goes on in a new segment', async () => {
    const folder = new MemorySpoolFolder();
    await (await openSpool(folder)).append(recordsOf(['a']));
    const next = await openSpool(folder.afterCrash());
    expect(next.isOccupied).toBe(true);
    await next.append(recordsOf(['b']));
    expect(await valuesIn(next)).toEqual(['a', 'b']);
  });

  it('keeps sealed batches to the byte, and apart from others', async () => {
    const spool = await openSpool();
    const batches = [{ topic: TOPIC, partition: 2, bytes: Buffer.from([1, 2, 3]) }];
    await spool.append(recordsOf(['a']));
    await spool.append({ kind: 'sealed', batches });
    await spool.append(recordsOf(['b']));
    const kinds: unknown[] = [];
    for (let unit = await spool.readUnit(1e6); unit; unit = await spool.readUnit(1e6)) {
      kinds.push(unit.entries.map((entry) => (entry.kind === 'sealed' ? entry.batches : entry.kind)));
      await spool.advance(unit.next);
    }
    expect(kinds).toEqual([['records'], [batches], ['records']]);
  });

  it('cuts a torn tail, wherever in the last frame it was torn, and keeps everything before it', async () => {
    const folder = new MemorySpoolFolder();
    const spool = await openSpool(folder);
    await spool.append(recordsOf(['a']));
    const [name] = segmentsOf(folder);
    const whole = folder.files.get(name!)!.length;
    await spool.append(recordsOf(['b']));
    const bytes = folder.files.get(name!)!;
    for (let length = whole; length < bytes.length; length++) {
      const torn = folder.afterCrash();
      torn.files.set(name!, bytes.subarray(0, length));
      const recovered = await openSpool(torn);
      expect(torn.files.get(name!)!.length).toBe(whole);
      await recovered.append(recordsOf(['c']));
      expect(await valuesIn(recovered)).toEqual(['a', 'c']);
    }
  });

  it('notices any flipped byte of the last frame', async () => {
    const folder = new MemorySpoolFolder();
    const spool = await openSpool(folder);
    await spool.append(recordsOf(['a']));
    const [name] = segmentsOf(folder);
    const whole = folder.files.get(name!)!.length;
    await spool.append(recordsOf(['b']));
    const bytes = folder.files.get(name!)!;
    for (let at = whole; at < bytes.length; at++) {
      const damaged = folder.afterCrash();
      damaged.files.get(name!)![at]! ^= 0xff;
      expect(await valuesIn(await openSpool(damaged))).toEqual(['a']);
    }
  });

  it('survives a beginning that was torn', async () => {
    const folder = new MemorySpoolFolder();
    folder.files.set('0000000001.spool', Buffer.from('PLS'));
    const spool = await openSpool(folder);
    expect(spool.isOccupied).toBe(false);
    await spool.append(recordsOf(['a']));
    expect(await valuesIn(spool)).toEqual(['a']);
  });

  it('refuses what does not fit, and takes it when there is room again', async () => {
    const spool = await openSpool(undefined, { maxBytes: 500, segmentBytes: 150 });
    let taken = 0;
    await expect(
      (async () => {
        for (;;) {
          await spool.append(recordsOf([String(taken)]));
          taken += 1;
        }
      })(),
    ).rejects.toMatchObject({ code: 'spool-full' });
    expect(spool.bytes).toBeLessThanOrEqual(500);
    const unit = await spool.readUnit(1e6);
    await spool.advance(unit!.next);
    const more = await spool.readUnit(1e6);
    await spool.advance(more!.next);
    await spool.append(recordsOf(['later']));
  });

  it.each([0, 1, 9, 20])(
    'claims nothing when the disk fails after %i bytes, cuts them, and goes on when the disk does',
    async (tornBytes) => {
      const folder = new MemorySpoolFolder();
      const spool = await openSpool(folder);
      await spool.append(recordsOf(['a']));
      folder.failAt = folder.steps.length;
      folder.tornBytes = tornBytes;
      await expect(spool.append(recordsOf(['b']))).rejects.toMatchObject({
        code: 'spool-unwritable',
        cause: folder.error,
      });
      folder.failAt = Number.POSITIVE_INFINITY;
      await spool.append(recordsOf(['c']));
      expect(await valuesIn(spool)).toEqual(['a', 'c']);
    },
  );

  it('never brings back a frame that was written and not confirmed: its sender was refused, and repeats', async () => {
    const folder = new MemorySpoolFolder();
    const spool = await openSpool(folder);
    await spool.append(recordsOf(['a']));
    folder.failAt = folder.steps.length;
    folder.failures = 1;
    folder.tornBytes = 1_000;
    await expect(spool.append(recordsOf(['b']))).rejects.toMatchObject({ code: 'spool-unwritable' });
    await spool.append(recordsOf(['b again']));
    expect(await valuesIn(await openSpool(folder.afterCrash()))).toEqual(['a', 'b again']);
  });

  it('is empty on disk once all of it is in Kafka, also for the next process', async () => {
    const folder = new MemorySpoolFolder();
    const spool = await openSpool(folder);
    await spool.append(recordsOf(['a']));
    const unit = await spool.readUnit(1e6);
    await spool.advance(unit!.next);
    expect([spool.isOccupied, spool.bytes, segmentsOf(folder)]).toEqual([false, 0, []]);
    const next = await openSpool(folder.afterCrash());
    expect(next.isOccupied).toBe(false);
    await next.append(recordsOf(['b']));
    expect(await valuesIn(next)).toEqual(['b']);
  });

  it('says how much it holds and how old the oldest of it is', async () => {
    const metrics = intakeMetrics(new Registry());
    const spool = await openSpool(undefined, {}, metrics);
    await spool.append(recordsOf(['a']));
    expect((await metrics.spoolBytes.get()).values[0]?.value).toBe(spool.bytes);
    const unit = await spool.readUnit(1e6);
    await spool.advance(unit!.next);
    expect((await metrics.spoolBytes.get()).values[0]?.value).toBe(0);
    expect((await metrics.spoolOldestSeconds.get()).values[0]?.value).toBe(0);
  });
});
