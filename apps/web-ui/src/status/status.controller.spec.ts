import { afterAll, beforeAll, describe, expect, it } from '@jest/globals';
import { type AppStatus, STATUS_TOPIC } from '@pipeline/event-schema';
import { batchOf, storedEvent } from '../../testing/clicks.fixture.ts';
import { type StartedWebUi, startWebUi } from '../../testing/start-web-ui.fixture.ts';
import { type HealthReport } from '../protocol/health-report.ts';

let web: StartedWebUi;
beforeAll(async () => {
  web = await startWebUi();
});
afterAll(() => web.stop());

const health = async (): Promise<HealthReport> => (await web.app.inject({ url: '/v1/health' })).json();
const status: AppStatus = {
  app: 'collector-api',
  instance: 'a',
  at: new Date().toISOString(),
  notReady: ['publisher'],
  totals: { accepted: 5, rejected: 0, written: 0, duplicates: 0, deadLettered: 0 },
};
const reported = (value: string) => ({ ...batchOf([value]), topic: STATUS_TOPIC.name });

describe('the health of the pipeline', () => {
  it('says of apps that never reported that they are silent, and makes up no number', async () => {
    const { apps, acceptedPerSecond, cohort, proof, searchable } = await health();
    expect(new Set(apps.map(({ state }) => state))).toEqual(new Set(['silent']));
    expect([acceptedPerSecond, cohort, proof]).toEqual([null, null, null]);
    expect(searchable).toBeNull();
  });

  it('is what the apps report over Kafka, whatever else lies on the topic', async () => {
    await web.kafka.deliver(reported('not a status'));
    await web.kafka.deliver(reported(JSON.stringify(status)));
    const { apps } = await health();
    expect(apps[0]).toEqual({
      app: 'collector-api',
      state: 'not-ready',
      instances: 1,
      notReady: ['publisher'],
    });
  });

  it('measures with live events how long it takes until a search finds them', async () => {
    web.history.documentReply = () => ({ found: { index: 'x', event: storedEvent() } });
    await web.kafka.deliver(batchOf([JSON.stringify(storedEvent())]));
    await new Promise(setImmediate);
    expect((await health()).searchable).toMatchObject({ samples: 1 });
  });
});
