import fastify from 'fastify';
import kafkajs, { type Message } from 'kafkajs';

/**
 * The floor: Fastify parses, checks nothing, and awaits a shared kafkajs micro-batch. Told by arguments: port, brokers,
 * topic, and how long a batch waits for more, in milliseconds.
 */
const [port = '0', brokers = '', topic = '', lingerMs = '5'] = process.argv.slice(2);

const kafka = new kafkajs.Kafka({ brokers: brokers.split(','), logLevel: kafkajs.logLevel.ERROR });
const createPartitioner = kafkajs.Partitioners.DefaultPartitioner;
const producer = kafka.producer({ idempotent: true, maxInFlightRequests: 5, createPartitioner });
await producer.connect();

interface Batch {
  readonly messages: Message[];
  readonly sent: Promise<unknown>;
}

let open: Batch | undefined;

function openBatch(): Batch {
  const messages: Message[] = [];
  const sent = new Promise((resolve, reject) => {
    setTimeout(() => {
      open = undefined;
      producer.send({ topic, acks: -1, messages }).then(resolve, reject);
    }, Number(lingerMs));
  });
  return { messages, sent };
}

const app = fastify();
app.post('/v1/events', async (request, reply) => {
  open ??= openBatch();
  const events = (Array.isArray(request.body) ? request.body : [request.body]) as { visitor_id: string }[];
  for (const event of events) open.messages.push({ key: event.visitor_id, value: JSON.stringify(event) });
  await open.sent;
  return reply.code(202).send('{"ok":true}');
});
await app.listen({ port: Number(port), host: '127.0.0.1' });
process.on(
  'SIGTERM',
  () =>
    void app
      .close()
      .then(() => producer.disconnect())
      .then(() => process.exit(0)),
);
process.stdout.write('ready\n');
