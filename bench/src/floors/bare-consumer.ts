import kafkajs from 'kafkajs';

/** The floor of every sink: kafkajs hands over batch after batch, which are dropped. Told by arguments: brokers, topic, group. */
const [brokers = '', topic = '', groupId = ''] = process.argv.slice(2);

const kafka = new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.ERROR });
const consumer = kafka.consumer({ groupId, maxBytesPerPartition: 4 << 20 });
await consumer.connect();
await consumer.subscribe({ topics: [topic], fromBeginning: true });
process.on('SIGTERM', () => void consumer.disconnect().then(() => process.exit(0)));
// kafkajs commits after each of them.
await consumer.run({ eachBatch: () => Promise.resolve() });
