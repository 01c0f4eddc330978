import { createTopics, type LocalStack, startStack } from '@pipeline/local-stack';
import { type Leg } from '../leg.ts';
import { startOurSink } from './sinks/our-sink.ts';
import { type SinkContestant } from './sinks/sink-contestant.ts';
import { runSinks } from './sinks/sink-rounds.ts';
import { ELASTICSEARCH } from './sinks/sink-store.ts';
import { measuredSinks, shareBars } from './sinks/sink-summary.ts';
import { elasticsearchHoldsOnce } from './sinks/stored-once.ts';

const FULL = { events: 1_000_000, warmUpEvents: 200_000 };
const QUICK = { events: 300_000, warmUpEvents: 150_000 };

const ours: SinkContestant = {
  name: 'ours',
  kind: 'ours',
  guarantee: 'exactly once',
  start: (place) => startOurSink('es-sink', place),
  verify: elasticsearchHoldsOnce,
};

const bulks: SinkContestant = {
  name: 'prebuilt bulks of 2,500, two connections',
  kind: 'floor',
  guarantee: 'none',
  loader: 'bare-bulk-loader.js',
  verify: elasticsearchHoldsOnce,
};

/** Every contestant of this leg; a peer plugs in here. */
const CONTESTANTS: readonly SinkContestant[] = [ours, bulks];

const BARS = { floor: { name: bulks.name, share: 0.85 }, bestPeer: 2 };

/** Kafka → Elasticsearch: the sink beside a loader that reads nothing; same documents, same mapping, one shard. */
export const esLeg: Leg = {
  name: 'es',
  title: 'Kafka → Elasticsearch, 260-byte events, 3 partitions, one shard, until nine tenths are stored',
  async run({ isQuick, repetitions, say }) {
    const stack = await startStack({ servers: ['kafka', 'elasticsearch'] });
    try {
      await putTemplates(stack);
      const size = isQuick ? QUICK : FULL;
      const results = await runSinks(stack, {
        ...size,
        contestants: CONTESTANTS,
        rounds: repetitions,
        store: ELASTICSEARCH,
        say,
      });
      const { faults, peerFaults } = results;
      const measured = measuredSinks(`${size.events.toLocaleString('en-US')} events`, results);
      return { leg: 'es', measured, bars: shareBars(results, BARS), faults, peerFaults };
    } finally {
      await stack.stop();
    }
  },
};

/** The product brings its mapping, which every contestant's index then has. */
async function putTemplates(stack: LocalStack): Promise<void> {
  await createTopics(stack.kafkaBrokers);
  const { name } = await stack.startApp('es-sink', { LOG_LEVEL: 'warn' });
  await stack.dismiss(name);
}
