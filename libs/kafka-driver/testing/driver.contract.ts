import { afterEach, describe, expect, it } from '@jest/globals';
import {
  type CreateGroupConsumer,
  type FetchedPack,
  type GroupConsumer,
  type GroupEvents,
} from '../src/group-consumer.ts';
import { type OffsetReader } from '../src/offset-reader.ts';
import { createLogger } from '@pipeline/observability';

/** A driver, and a new topic of one partition with a new group. */
export interface DriverRig {
  readonly createConsumer: CreateGroupConsumer;
  readonly offsets: Pick<OffsetReader, 'commits' | 'extents'>;
  readonly topic: string;
  readonly groupId: string;
  append(values: readonly string[]): Promise<void>;
  /** Lets something happen: a double delivers when it is told, a broker by itself. */
  turn(): Promise<void>;
}

const VALUES = Array.from({ length: 10 }, (_, n) => `record ${n}`);

/** What KafkaBatchServer relies on, whatever is below: run on the double and on a real broker. */
export function describeDriver(name: string, createRig: () => Promise<DriverRig>): void {
  const members: GroupConsumer[] = [];
  afterEach(async () => void (await Promise.all(members.splice(0).map((member) => member.stop()))));

  /** A member that reads; `events` says what differs from one that takes everything. */
  async function start(
    rig: DriverRig,
    events: (member: () => GroupConsumer) => Partial<GroupEvents> = () => ({}),
  ) {
    const values: string[] = [];
    const ranges: [bigint, bigint][] = [];
    const onFetched = (fetched: FetchedPack): boolean => {
      values.push(...fetched.pack.views().map(({ value }) => String(value)));
      ranges.push([fetched.fetchOffset, fetched.nextOffset]);
      fetched.pack.free();
      return true;
    };
    const options = { groupId: rig.groupId, fromBeginning: true, sessionTimeoutMs: 10_000 };
    const ignore = () => undefined;
    const crash = {
      logger: createLogger('contract', 'silent'),
      onCrash: ignore,
      onRefused: ignore,
      onFatal: ignore,
    };
    const member: GroupConsumer = rig.createConsumer(options, {
      ...{ onAssigned: ignore, onFetched, onPassedOver: ignore, onRefused: ignore, onTopic: ignore, crash },
      roomBytes: () => 1 << 20,
      ...events(() => member),
    });
    members.push(member);
    await member.start([rig.topic]);
    return { member, values, ranges, onFetched };
  }

  async function until(rig: DriverRig, isDone: () => boolean | Promise<boolean>): Promise<void> {
    const deadlineMs = performance.now() + 50_000;
    while (!(await isDone()) && performance.now() < deadlineMs) await rig.turn();
    expect(await isDone()).toBe(true);
  }

  describe(`a member of a group, ${name}`, () => {
    it('gets each record once and in order; every fetch begins where the last one ended', async () => {
      const rig = await createRig();
      await rig.append(VALUES);
      const { values, ranges } = await start(rig);
      await until(rig, () => values.length >= VALUES.length);
      await rig.append(['late']);
      await until(rig, () => values.length > VALUES.length);
      expect(values).toEqual([...VALUES, 'late']);
      expect(ranges.map(([from]) => from)).toEqual([0n, ...ranges.slice(0, -1).map(([, next]) => next)]);
    });

    it('gets again what it did not take', async () => {
      const rig = await createRig();
      await rig.append(VALUES);
      const refused: bigint[] = [];
      const later: { take?: (fetched: FetchedPack) => boolean } = {};
      const { values, onFetched } = await start(rig, () => ({
        onFetched: (fetched) => {
          if (refused.length > 0) return later.take!(fetched);
          refused.push(fetched.fetchOffset);
          return false;
        },
      }));
      later.take = onFetched;
      await until(rig, () => values.length >= VALUES.length);
      expect([refused, values]).toEqual([[0n], VALUES]);
    });

    it('reads a paused partition from where it was sought, once it is resumed', async () => {
      const rig = await createRig();
      await rig.append(VALUES);
      const id = { topic: rig.topic, partition: 0 };
      let assigned = 0;
      const { member, values } = await start(rig, (self) => ({
        onAssigned: () => {
          assigned += 1;
          self().pause([id]);
        },
      }));
      await until(rig, () => assigned > 0);
      expect(values).toEqual([]);
      member.seek(id, 7n);
      member.resume(id);
      await until(rig, () => values.length >= 3);
      expect(values).toEqual(VALUES.slice(7));
    });

    it('leaves its commit, with what was written beside it, to the next member', async () => {
      const rig = await createRig();
      await rig.append(VALUES);
      const first = await start(rig);
      await until(rig, () => first.values.length >= VALUES.length);
      const commit = { topic: rig.topic, partition: 0, offset: 6n, metadata: 'a memo' };
      await first.member.commit([commit]);
      const commits = await rig.offsets.commits(rig.groupId, [rig.topic]);
      expect(commits.get(rig.topic)?.get(0)).toEqual({ offset: 6n, metadata: 'a memo' });
      await first.member.stop();
      const { values } = await start(rig);
      await until(rig, () => values.length >= 4);
      expect(values).toEqual(VALUES.slice(6));
    });

    it('can ask how far the partition reaches, and that nothing is committed yet', async () => {
      const rig = await createRig();
      await rig.append(VALUES);
      expect(await rig.offsets.extents(rig.topic)).toEqual([
        { partition: 0, startOffset: 0n, endOffset: 10n },
      ]);
      const commits = await rig.offsets.commits(rig.groupId, [rig.topic]);
      expect(commits.get(rig.topic)?.size ?? 0).toBe(0);
    });
  });
}
