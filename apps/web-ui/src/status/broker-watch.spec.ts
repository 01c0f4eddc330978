import { beforeEach, describe, expect, it } from '@jest/globals';
import { createLogger } from '@pipeline/observability';
import { BrokerWatch } from './broker-watch.ts';
import { MemoryOffsetSource } from '../../testing/offset-source.double.ts';

let broker: MemoryOffsetSource;
let watch: BrokerWatch;
const extent = (startOffset: bigint, endOffset: bigint) => ({ partition: 0, startOffset, endOffset });

beforeEach(() => {
  broker = new MemoryOffsetSource();
  watch = new BrokerWatch(broker, createLogger('spec', 'silent'));
});

describe('a look at the broker', () => {
  it('tells the lag of each group and partition', async () => {
    broker.ends.set('select-color', [extent(10n, 100n)]);
    broker.ends.set('page-view', [extent(0n, 7n)]);
    broker.commits.set('hdfs-sink', new Map([['select-color', new Map([[0, 90n]])]]));
    broker.commits.set('es-sink', new Map([['select-color', new Map([[0, 5n]])]]));
    await watch.look();
    expect(watch.part(Date.now()).lag).toEqual([
      { group: 'hdfs-sink', topic: 'select-color', partition: 0, records: 10 },
      { group: 'hdfs-sink', topic: 'page-view', partition: 0, records: 7 },
      { group: 'es-sink', topic: 'select-color', partition: 0, records: 90 },
      { group: 'es-sink', topic: 'page-view', partition: 0, records: 7 },
    ]);
  });

  it('counts the dead letters that are left', async () => {
    broker.ends.set('select-color.es-sink.dlq', [extent(3n, 5n)]);
    await watch.look();
    const letters = watch.part(Date.now()).deadLetters.filter(({ records }) => records > 0);
    expect(letters).toEqual([{ topic: 'select-color.es-sink.dlq', records: 2 }]);
  });

  it('says so when the broker has not answered for a while, and keeps what it saw', async () => {
    broker.ends.set('select-color', [extent(0n, 4n)]);
    await watch.look();
    broker.down = true;
    await watch.look();
    const { brokerAnswers, lag } = watch.part(Date.now() + 15_001);
    expect([brokerAnswers, lag[0]?.records]).toEqual([false, 4]);
  });
});
