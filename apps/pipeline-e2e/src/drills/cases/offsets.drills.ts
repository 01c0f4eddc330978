import { SINK_NAMES } from '@pipeline/event-schema';
import { TOPIC } from '../bench/bench.ts';
import { type Drill } from '../drill.ts';
import { type DrillContext } from '../run/drill-context.ts';

/** What an operator does to a stopped group under load. */
function operation(
  options: Pick<Drill, 'name' | 'title' | 'isFast'>,
  operate: (context: DrillContext, group: string) => Promise<void>,
): Drill {
  return {
    ...options,
    async run(context) {
      context.load(500);
      await context.advance(3_000);
      await Promise.all(SINK_NAMES.map((sink) => context.app(sink).stop()));
      for (const group of SINK_NAMES) await operate(context, group);
      await Promise.all(SINK_NAMES.map((sink) => context.app(sink).launch()));
      await context.advance(1_000);
    },
  };
}

const deleted = operation(
  {
    name: 'offsets-deleted',
    title: 'The consumer groups are deleted with their offsets; the sinks find their places again.',
  },
  (context, group) => context.kafka.deleteGroup(group),
);

const earliest = operation(
  {
    name: 'offsets-reset-to-earliest',
    title: 'The offsets are reset to the beginning of the topic; everything is read again and stored once.',
  },
  async (context, group) => {
    const positions = await context.positions(group);
    const offsets = new Map(positions.map(({ partition, startOffset }) => [partition, startOffset]));
    await context.kafka.moveGroup(group, TOPIC, offsets);
  },
);

const intoFile: Drill = operation(
  {
    name: 'offsets-reset-into-a-file',
    title: 'The offsets are moved back to the middle of a published file.',
    isFast: true,
  },
  async (context, group) => {
    const offsets = new Map<number, bigint>();
    for (const { partition, committedOffset = 0n } of await context.positions(group)) {
      const back = BigInt(context.random.between(1, 1_000));
      offsets.set(partition, committedOffset > back ? committedOffset - back : 0n);
    }
    await context.kafka.moveGroup(group, TOPIC, offsets);
    context.note(
      `${group} moved to ${[...offsets].map(([partition, offset]) => `${partition}:${offset}`).join(' ')}`,
    );
  },
);

export const offsets: readonly Drill[] = [deleted, earliest, intoFile];
