import { startPipeline, type LocalStack } from '@pipeline/testing';
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { colorClicks, idsOf } from './support/color-click.ts';
import { PATIENT_COLLECTOR } from './support/patient-collector.ts';
import { acknowledgedIds, sendEvents } from './support/send-events.ts';
import { bothStoresHoldExactly } from './support/stored-once.ts';

const EVENTS = 10_000;
const PER_REQUEST = 250;

describe('ten thousand events through the REST endpoint', () => {
  let stack: LocalStack;
  beforeAll(async () => {
    stack = await startPipeline({
      apps: ['collector-api', 'hdfs-sink', 'es-sink'],
      environment: PATIENT_COLLECTOR,
    });
  });
  afterAll(() => stack?.stop());

  it('are ten thousand distinct rows in HDFS and ten thousand documents in Elasticsearch', async () => {
    const clicks = colorClicks(EVENTS);
    const requests = Array.from({ length: EVENTS / PER_REQUEST }, (_, index) =>
      sendEvents(stack.app('collector-api'), clicks.slice(index * PER_REQUEST, (index + 1) * PER_REQUEST)),
    );
    const acknowledged = (await Promise.all(requests)).flatMap(acknowledgedIds);
    expect(acknowledged).toHaveLength(EVENTS);
    await bothStoresHoldExactly(stack, idsOf(clicks));
  });

  it('stay ten thousand when the page sends some of them again', async () => {
    const clicks = colorClicks(10);
    const first = await sendEvents(stack.app('collector-api'), clicks);
    const again = await sendEvents(stack.app('collector-api'), clicks);
    expect(first.body.results?.map(({ status }) => status)).toEqual(clicks.map(() => 'accepted'));
    expect(again.body.results?.map(({ status }) => status)).toEqual(clicks.map(() => 'duplicate'));
  });
});
