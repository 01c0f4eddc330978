import { ConsumerProcess } from '../../legs/sinks/consumer-process.ts';
import { type ConsumingContestant } from '../../legs/sinks/sink-contestant.ts';
import { eventsInIndex } from '../../legs/sinks/stored-so-far.ts';
import { elasticsearchHoldsOnce } from '../../legs/sinks/stored-once.ts';
import { Program } from '../../measure/program.ts';
import { freePort } from '../../measure/free-port.ts';
import { prepareTelegraf, runTelegraf, telegraf, TELEGRAF_VERSION, tomlList } from './telegraf.ts';
import { createTelegrafIndex, TELEGRAF_ID_FIELD } from './telegraf-index.ts';

export const telegrafElasticsearch: ConsumingContestant = {
  name: 'Telegraf elasticsearch, 3 × bulks of 5,000',
  kind: 'peer',
  version: TELEGRAF_VERSION,
  guarantee:
    'at least once, under an id made of the event; a bulk with one refused document is sent again without end',
  prepare: prepareTelegraf,
  async start(place) {
    const { stack, topic, index } = place;
    await createTelegrafIndex(place);
    const address = `127.0.0.1:${await freePort()}`;
    const elasticsearch = new Program(
      telegraf(['answer-root', address, new URL(stack.elasticsearchUrl).host]),
    );
    return new ConsumerProcess({
      ...runTelegraf('elasticsearch.toml', {
        BROKERS: tomlList(stack.kafkaBrokers),
        TOPIC: topic,
        ELASTICSEARCH: address,
        INDEX: index,
      }),
      stored: () => eventsInIndex(place),
      close: () => elasticsearch.stop(),
    });
  },
  verify: (place, count) => elasticsearchHoldsOnce(place, count, TELEGRAF_ID_FIELD),
};
