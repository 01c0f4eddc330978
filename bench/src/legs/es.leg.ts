import { type Leg } from '../leg.ts';
import { PEERS } from '../peers/peers.ts';
import { ourEsSink } from './sinks/our-sink.ts';
import { putTemplates } from './sinks/put-templates.ts';
import { type SinkContestant } from './sinks/sink-contestant.ts';
import { runSinkLeg } from './sinks/sink-leg.ts';
import { ELASTICSEARCH } from './sinks/sink-store.ts';
import { elasticsearchHoldsOnce } from './sinks/stored-once.ts';

const bulks: SinkContestant = {
  name: 'prebuilt bulks of 2,500, two connections',
  kind: 'floor',
  guarantee: 'reads nothing',
  loader: 'bare-bulk-loader.js',
  verify: elasticsearchHoldsOnce,
};

/** Kafka → Elasticsearch: the sink beside a loader that reads nothing; same documents, same mapping, one shard. */
export const esLeg: Leg = {
  name: 'es',
  title: 'Kafka → Elasticsearch, 260-byte events, 3 partitions, one shard, until nine tenths are stored',
  budgetSeconds: { full: 420, quick: 95, check: 50 },
  run: (context) =>
    runSinkLeg(
      {
        leg: 'es',
        servers: ['kafka', 'elasticsearch'],
        store: ELASTICSEARCH,
        contestants: [ourEsSink(), bulks, ...PEERS.es],
        bars: { floor: { name: bulks.name, share: 0.85 }, bestPeer: 2 },
        prepare: putTemplates,
      },
      context,
    ),
};
