import { jarSetVersion } from '@pipeline/local-stack';
import { ConsumerProcess } from '../../legs/sinks/consumer-process.ts';
import { type ConsumingContestant } from '../../legs/sinks/sink-contestant.ts';
import { eventsInFolder } from '../../legs/sinks/stored-so-far.ts';
import { hdfsHoldsOnce } from '../../legs/sinks/stored-once.ts';
import { prepareFlume, runFlume } from './flume.ts';

export const flumeHdfs: ConsumingContestant = {
  name: 'Flume Kafka channel, two HDFS sinks',
  kind: 'peer',
  version: jarSetVersion('flume'),
  guarantee: 'at least once: commits after its flush, writes again what it had not committed',
  prepare: prepareFlume,
  start(place) {
    const { stack, topic, folder } = place;
    const consumer = new ConsumerProcess({
      ...runFlume('hdfs.properties', {
        BROKERS: stack.kafkaBrokers.join(),
        TOPIC: topic,
        HDFS: stack.hdfsUrl,
        FOLDER: folder,
      }),
      stored: () => eventsInFolder(place),
    });
    return Promise.resolve(consumer);
  },
  verify: hdfsHoldsOnce,
};
