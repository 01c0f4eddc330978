import { describeDriver, MemoryKafka } from '../testing/index.ts';

describeDriver('on the double', () => {
  const kafka = new MemoryKafka();
  let joined = 0;
  return Promise.resolve({
    ...{ topic: 'clicks', groupId: 'contract' },
    createConsumer: kafka.createConsumer,
    offsets: kafka.offsets,
    append: (values: readonly string[]) => Promise.resolve(void kafka.append('clicks', 0, values)),
    turn: async () => {
      if (joined < kafka.starts) {
        joined = kafka.starts;
        await kafka.join('clicks', [0]);
      }
      await kafka.deliver('clicks', 0, 4);
    },
  });
});
