import { COLORS } from '@pipeline/event-schema';
import { type CollectorContestant } from '../../legs/collector/collector-contestant.ts';
import { prepareTelegraf, runTelegraf, TELEGRAF_VERSION, tomlList } from './telegraf.ts';

export const telegrafCollector: CollectorContestant = {
  name: 'Telegraf http_listener_v2',
  kind: 'peer',
  version: TELEGRAF_VERSION,
  guarantee: 'answers before Kafka has the event; drops what is invalid without saying so',
  prepare: prepareTelegraf,
  command: ({ port, brokers, topic }) =>
    runTelegraf('collector.toml', {
      PORT: String(port),
      BROKERS: tomlList(brokers),
      TOPIC: topic,
      COLORS: tomlList(COLORS),
    }),
};
