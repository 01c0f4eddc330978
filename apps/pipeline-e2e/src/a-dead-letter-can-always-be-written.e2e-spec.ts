import { execFile } from 'node:child_process';
import { resolve } from 'node:path';
import { promisify } from 'node:util';
import { deadLetterTopic, GROUPS, rejectedTopic, TOPICS } from '@pipeline/event-schema';
import {
  headerEntries,
  headerText,
  type KafkaRecord,
  readLetterhead,
  type RecordHeaders,
} from '@pipeline/kafka-transport';
import { createLogger } from '@pipeline/observability';
import { createTopics, eventually, KafkaOperator, type LocalStack, startPipeline } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { produce, recordsOf } from './support/kafka.ts';

const TOPIC = TOPICS.pageView.name;
const LETTERS = deadLetterTopic(TOPIC, GROUPS.esSink);
const PATIENCE = { timeoutMs: 60_000 };
const DLQ = resolve(import.meta.dirname, '../../../tools/dlq/dist/main.js');
const run = promisify(execFile);

/** As a record that was read has them. */
const ODD: RecordHeaders = {
  b3: [Buffer.from('a'), Buffer.from('b')],
  none: null,
  binary: [Buffer.from([0xff, 0x00]), null],
  '': Buffer.from('no name'),
  ['__proto__']: Buffer.from('p'),
  'dlq.topic': Buffer.from('elsewhere'),
};

describe('a dead letter', () => {
  let stack: LocalStack;
  let operator: KafkaOperator;
  beforeAll(async () => {
    stack = await startPipeline({ servers: ['kafka', 'elasticsearch'], apps: [], secureKafka: true });
    await stack.startApp('es-sink', {
      ...stack.secureKafka?.environment,
      ES_SINK_FLUSH_MAX_AGE_MS: '50',
      ES_SINK_SESSION_TIMEOUT_MS: '10000',
      ES_SINK_BULK_TIMEOUT_MS: '9500',
    });
    const connection = { brokers: [...stack.kafkaBrokers], tls: undefined, sasl: undefined };
    operator = new KafkaOperator({ ...connection, clientId: 'spec' }, createLogger('spec', 'silent'));
  });
  afterAll(async () => {
    await operator?.close();
    await stack?.stop();
  });

  const letters = () => recordsOf(stack, LETTERS);
  const poison = (mark: string, headers: RecordHeaders = {}) =>
    produce(stack, TOPIC, [{ key: Buffer.from([0xff]), value: `${mark} is not JSON`, headers }]);
  /** The letter of the record whose value begins so. */
  const letterOf = (mark: string): Promise<KafkaRecord> =>
    eventually(async () => {
      const found = (await letters()).filter(({ value }) => value?.toString().startsWith(mark));
      expect(found).toHaveLength(1);
      return found[0]!;
    }, PATIENCE);
  const readyz = async () => {
    const answer = await fetch(`${stack.app('es-sink').url}/readyz`);
    return `${answer.status} ${await answer.text()}`;
  };
  /** The sink is not ready and says why, is ready again after the repair, and the letter is there. */
  async function waitsUntil(repaired: () => Promise<unknown>, mark: string): Promise<void> {
    await eventually(
      async () => expect(await readyz()).toMatch(new RegExp(`^503 .*page-view/\\d held: dlq-.*${LETTERS}`)),
      PATIENCE,
    );
    const metrics = await (await fetch(`${stack.app('es-sink').url}/metrics`)).text();
    expect(metrics).toMatch(/^sink_partition_held_seconds\{topic="page-view".* [1-9]/m);
    expect(metrics).toMatch(/^sink_consumer_lag_records\{topic="page-view".* [1-9]/m);
    await repaired();
    await letterOf(mark);
    await eventually(async () => expect(await readyz()).toMatch(/^200 /), PATIENCE);
  }

  it('has every header of its record, and a replay gives them back', async () => {
    await poison('odd', ODD);
    const letter = await letterOf('odd');
    expect(readLetterhead(letter.headers)).toMatchObject({ code: 'not-json', topic: TOPIC, truncated: [] });
    const replay = ['replay', '--topic', TOPIC, '--sink', 'es-sink', '--code', 'not-json', '--execute'];
    const { stdout } = await run(process.execPath, [DLQ, ...replay], { env: { ...stack.environment } });
    expect(stdout).toContain('1 records put into page-view again');
    const copies = (await recordsOf(stack, TOPIC)).filter(({ value }) => value?.toString().startsWith('odd'));
    expect(copies).toHaveLength(2);
    const again = copies.find(({ headers }) => headerText(headers, 'replay_of') !== undefined);
    expect(again?.key).toEqual(Buffer.from([0xff]));
    expect(headerEntries(again!.headers!).filter(([name]) => name !== 'replay_of')).toEqual(
      headerEntries(ODD),
    );
  });

  it('is whole for the largest record of a topic, and cut for one that was inflated beyond it', async () => {
    const large = `large ${'a'.repeat(999_994)}`;
    await produce(stack, TOPIC, [{ key: null, value: large }]);
    await produce(stack, TOPIC, [{ key: null, value: `inflated ${'a'.repeat(5 << 20)}` }], 'zstd');
    expect((await letterOf('large')).value).toHaveLength(large.length);
    const { headers } = await letterOf('inflated');
    expect(readLetterhead(headers)).toMatchObject({ topic: TOPIC, truncated: ['value'] });
    expect(Number(headerText(headers, 'dlq.value_bytes'))).toBeGreaterThan(5 << 20);
  });

  it('waits visibly while it is forbidden to be written', async () => {
    const { principal } = stack.secureKafka!;
    const topic = { kind: 'topic', name: LETTERS } as const;
    await operator.deny(principal, { ...topic, operation: 'write' });
    await poison('forbidden');
    await waitsUntil(() => operator.permit(principal, topic), 'forbidden');
  });

  it('waits visibly while its topic is missing, and is cut to a smaller limit of the new one', async () => {
    await operator.deleteTopics([LETTERS]);
    await poison(`missing ${'a'.repeat(200_000)}`);
    const small = { partitions: 1, replicationFactor: 1, config: { 'max.message.bytes': '50000' } };
    await waitsUntil(() => createTopics(stack.kafkaBrokers, [{ name: LETTERS, ...small }]), 'missing');
    expect(readLetterhead((await letterOf('missing')).headers)?.truncated).toEqual(['value']);
  });

  it('is found among what strangers wrote, and nothing that they wrote moves a terminal', async () => {
    const junk = {
      key: null,
      value: '\u001b[2Jjunk',
      headers: { 'dlq.code': '\u001b[2J', 'dlq.timestamp': 'x' },
    };
    for (const topic of [LETTERS, rejectedTopic(TOPIC)]) await produce(stack, topic, [junk]);
    const told = async (...args: string[]) =>
      (await run(process.execPath, [DLQ, ...args, '--topic', TOPIC], { env: { ...stack.environment } }))
        .stdout;
    const list = await told('list', '--sink', 'es-sink');
    expect(list).toMatch(/2 dead letters, 1 of them written by no sink/);
    const rejected = await told('rejected', 'list');
    expect(rejected).toMatch(/1 rejected events, 1 of them written by no collector/);
    expect(await told('rejected', 'show', '0:0')).toContain('junk');
    expect(list + rejected).not.toMatch(/[^\P{Cc}\n]/u);
  });
});
