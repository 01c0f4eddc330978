import { type Leg } from '../leg.ts';
import { PEERS } from '../peers/peers.ts';
import { bareConsumer } from './sinks/bare-consumer.ts';
import { ourHdfsSink } from './sinks/our-sink.ts';
import { type SinkContestant } from './sinks/sink-contestant.ts';
import { runSinkLeg } from './sinks/sink-leg.ts';
import { HDFS } from './sinks/sink-store.ts';
import { hdfsHoldsOnce } from './sinks/stored-once.ts';

const upload: SinkContestant = {
  name: 'one upload of the same bytes',
  kind: 'floor',
  guarantee: 'reads nothing',
  loader: 'bare-upload.js',
  verify: hdfsHoldsOnce,
};

/** Kafka → HDFS: the sink beside a consumer that stores nothing, and beside an upload that reads nothing. */
export const hdfsLeg: Leg = {
  name: 'hdfs',
  title: 'Kafka → HDFS, 260-byte events, 3 partitions, until nine tenths are stored',
  budgetSeconds: { full: 420, quick: 75, check: 45 },
  run: (context) =>
    runSinkLeg(
      {
        leg: 'hdfs',
        servers: ['kafka', 'hdfs'],
        store: HDFS,
        contestants: [ourHdfsSink(), bareConsumer, upload, ...PEERS.hdfs],
        bars: { floor: { name: bareConsumer.name, share: 0.6 }, bestPeer: 2 },
      },
      context,
    ),
};
