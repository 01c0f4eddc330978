import { COLORS } from '@pipeline/event-schema';
import { jarSetVersion } from '@pipeline/local-stack';
import { type CollectorContestant } from '../../legs/collector/collector-contestant.ts';
import { prepareFlume, runFlume } from './flume.ts';

export const flumeCollector: CollectorContestant = {
  name: 'Flume HTTP source, Kafka channel',
  kind: 'peer',
  version: jarSetVersion('flume'),
  guarantee: 'answers after acks=all; a repetition is written again',
  endpoint: { path: '/v1/events', accepted: 200 },
  prepare: prepareFlume,
  command: ({ port, brokers, topic }) =>
    runFlume('collector.properties', {
      PORT: String(port),
      BROKERS: brokers.join(),
      TOPIC: topic,
      COLORS: COLORS.join(),
    }),
};
