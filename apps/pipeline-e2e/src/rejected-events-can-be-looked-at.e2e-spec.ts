import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { allTopics, rejectedTopic, TOPICS } from '@pipeline/event-schema';
import { type RejectedEvent } from '@pipeline/event-schema/contract';
import { createTopics, eventually, startPipeline, startStack, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { colorClick } from './support/color-click.ts';
import { recordsOf } from './support/kafka.ts';
import { PATIENT_COLLECTOR } from './support/patient-collector.ts';
import { sendEvents } from './support/send-events.ts';

const run = promisify(execFile);
const DLQ = join(import.meta.dirname, '../../../tools/dlq/dist/main.js');
const REJECTED = rejectedTopic(TOPICS.selectColor.name);

describe('an event that the collector rejects', () => {
  let stack: LocalStack;
  beforeAll(async () => {
    const environment = PATIENT_COLLECTOR;
    stack = await startPipeline({ servers: ['kafka'], apps: ['collector-api'], environment });
  });
  afterAll(() => stack?.stop());

  /** `npm run dlq -- rejected …` */
  const rejectedCommand = async (args: readonly string[]): Promise<string> => {
    const collector = `${stack.app('collector-api').url}/v1/events`;
    const place = args[0] === 'replay' ? ['--collector', collector] : [];
    const env = { ...stack.environment };
    const { stdout } = await run(process.execPath, [DLQ, 'rejected', ...args, ...place], { env });
    return stdout;
  };

  const rejected = async (): Promise<RejectedEvent[]> =>
    (await recordsOf(stack, REJECTED)).map(({ value }) => JSON.parse(String(value)) as RejectedEvent);

  it('lies in the rejected topic with its reason, masked, and can be sent again when it was repaired', async () => {
    const [good, bad] = [colorClick(), { ...colorClick(), color_name: 'pink' }];
    const answer = await sendEvents(stack.app('collector-api'), [good, bad]);
    expect([answer.status, answer.body.results?.map(({ status }) => status)]).toEqual([
      202,
      ['accepted', 'rejected'],
    ]);
    const [kept] = await eventually(async () => {
      const events = await rejected();
      expect(events).toHaveLength(1);
      return events;
    });
    expect(kept).toMatchObject({
      code: 'color-unknown',
      message: answer.body.results?.[1]?.message,
      path: 'color_name',
      received_at: expect.stringMatching(/Z$/),
      is_masked: true,
      event: { event_id: bad.event_id, color_name: 'pink', user_name: 'xxxxxxx x' },
    });
    const replay = ['replay', '--set', 'color_name=red', '--masked'];
    expect(await rejectedCommand(replay)).toMatch(/^1 events would be sent again/);
    expect(await rejectedCommand([...replay, '--execute'])).toMatch(/^1 events sent again: 1 accepted/);
    expect(await rejectedCommand([...replay, '--execute'])).toMatch(/^1 events sent again: 1 duplicate/);
    const stored = await recordsOf(stack, TOPICS.selectColor.name);
    expect(
      stored.map(({ value }) => (JSON.parse(String(value)) as { event_id: string }).event_id).sort(),
    ).toEqual([good.event_id, bad.event_id].sort());
  });
});

describe('a rejected event', () => {
  let stack: LocalStack;
  beforeAll(async () => {
    stack = await startStack({ servers: ['kafka'] });
    const { kafkaBrokers } = stack;
    await createTopics(
      kafkaBrokers,
      allTopics().filter(({ name }) => name !== REJECTED),
    );
    await stack.startApp('collector-api', PATIENT_COLLECTOR);
  });
  afterAll(() => stack?.stop());

  it('costs the good ones nothing where its topic does not exist, and is counted', async () => {
    const app = stack.app('collector-api');
    for (let request = 0; request < 20; request += 1) {
      const answer = await sendEvents(app, [colorClick(), { ...colorClick(), color_name: 'pink' }]);
      expect(answer.status).toBe(202);
    }
    await eventually(async () => {
      const metrics = await (await fetch(`${app.url}/metrics`)).text();
      expect(metrics).toContain('collector_events_accepted_total{topic="select-color"} 20');
      expect(metrics).toContain('collector_rejected_records_total{outcome="lost"} 20');
    });
  });
});
