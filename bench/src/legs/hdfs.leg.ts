import { startStack } from '@pipeline/local-stack';
import { type Leg } from '../leg.ts';
import { bareConsumer } from './sinks/bare-consumer.ts';
import { startOurSink } from './sinks/our-sink.ts';
import { type SinkContestant } from './sinks/sink-contestant.ts';
import { runSinks } from './sinks/sink-rounds.ts';
import { HDFS } from './sinks/sink-store.ts';
import { measuredSinks, shareBars } from './sinks/sink-summary.ts';
import { hdfsHoldsOnce } from './sinks/stored-once.ts';

const FULL = { events: 1_000_000, warmUpEvents: 200_000 };
const QUICK = { events: 300_000, warmUpEvents: 150_000 };

/** Several files of each partition in a run; the last ones come of age. */
const SETTINGS = { HDFS_SINK_FLUSH_MAX_RECORDS: '100000', HDFS_SINK_FLUSH_MAX_AGE_MS: '2000' };

const ours: SinkContestant = {
  name: 'ours',
  kind: 'ours',
  guarantee: 'exactly once',
  start: (place) => startOurSink('hdfs-sink', place, SETTINGS),
  verify: hdfsHoldsOnce,
};

const upload: SinkContestant = {
  name: 'one upload of the same bytes',
  kind: 'floor',
  guarantee: 'none',
  loader: 'bare-upload.js',
  verify: hdfsHoldsOnce,
};

/** Every contestant of this leg; a peer plugs in here. */
const CONTESTANTS: readonly SinkContestant[] = [ours, bareConsumer, upload];

const BARS = { floor: { name: bareConsumer.name, share: 0.6 }, bestPeer: 2 };

/** Kafka → HDFS: the sink beside a consumer that stores nothing, and beside an upload that reads nothing. */
export const hdfsLeg: Leg = {
  name: 'hdfs',
  title: 'Kafka → HDFS, 260-byte events, 3 partitions, until nine tenths are stored',
  async run({ isQuick, repetitions, say }) {
    const stack = await startStack({ servers: ['kafka', 'hdfs'] });
    try {
      const size = isQuick ? QUICK : FULL;
      const results = await runSinks(stack, {
        ...size,
        contestants: CONTESTANTS,
        rounds: repetitions,
        store: HDFS,
        say,
      });
      const { faults, peerFaults } = results;
      const measured = measuredSinks(`${size.events.toLocaleString('en-US')} events`, results);
      return { leg: 'hdfs', measured, bars: shareBars(results, BARS), faults, peerFaults };
    } finally {
      await stack.stop();
    }
  },
};
