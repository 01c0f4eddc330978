import { type CollectorContestant } from '../legs/collector/collector-contestant.ts';
import { type SinkContestant } from '../legs/sinks/sink-contestant.ts';
import { flumeCollector } from './flume/flume-collector.ts';
import { flumeHdfs } from './flume/flume-hdfs.ts';
import { telegrafCollector } from './telegraf/telegraf-collector.ts';
import { telegrafElasticsearch } from './telegraf/telegraf-elasticsearch.ts';
import { telegrafHdfs } from './telegraf/telegraf-hdfs.ts';

/** Products of others that do the same as a part of ours; each leg measures its own beside ours. */
export const PEERS: {
  readonly collector: readonly CollectorContestant[];
  readonly hdfs: readonly SinkContestant[];
  readonly es: readonly SinkContestant[];
} = {
  collector: [telegrafCollector, flumeCollector],
  hdfs: [telegrafHdfs, flumeHdfs],
  es: [telegrafElasticsearch],
};
