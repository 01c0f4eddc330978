import { describe, expect, it } from '@jest/globals';
import { createLogger, Readiness } from '@pipeline/observability';
import { MemoryTracer } from '@pipeline/observability/testing';
import { Registry } from 'prom-client';
import { MemoryEventPublisher } from '../../testing/event-publisher.double.ts';
import { EVENT, idOf, originOf } from '../../testing/origin.fixture.ts';
import { MemoryRejectedLog } from '../../testing/rejected-log.double.ts';
import { intakeMetrics } from '../intake-metrics.ts';
import { type IntakeOptions, intakeSettings } from '../intake-settings.ts';
import { IntakeRefusal } from '../refusal.ts';
import { defineSettings } from '@pipeline/config';
import { Intake, MAX_CLOCK_ERROR_MS } from './intake.ts';

const HOUR_MS = 3_600_000;

function intakeOf(topics: IntakeOptions['topics'] = ['select-color', 'page-view']) {
  const publisher = new MemoryEventPublisher();
  const rejected = new MemoryRejectedLog();
  const clock = { aheadMs: 0 };
  const readiness = new Readiness();
  const config = defineSettings(intakeSettings('collector-api')).load({});
  const logger = createLogger('spec', 'silent');
  const options: IntakeOptions = { app: 'collector-api', config, logger, topics };
  const metrics = intakeMetrics(new Registry());
  const intake = new Intake(publisher, rejected, metrics, clock, readiness, options);
  return { intake, publisher, rejected, clock, readiness };
}

const refusalOf = async (accepted: Promise<unknown>): Promise<IntakeRefusal> => {
  const error: unknown = await accepted.catch((reason: unknown) => reason);
  if (error instanceof IntakeRefusal) return error;
  throw new Error('it was not refused', { cause: error });
};

describe('an intake', () => {
  it('takes values that are parsed already as it takes JSON', async () => {
    const { intake, publisher } = intakeOf();
    const event = { ...EVENT, event_id: idOf(1) };
    const wrong = { ...EVENT, color_name: 'pink' };
    const acceptance = await intake.acceptValues([{ ...event }, wrong], 100, originOf());
    expect(acceptance).toMatchObject({
      durability: 'kafka',
      duplicates: 0,
      rejections: [{ code: 'color-unknown', path: 'color_name' }],
    });
    expect(JSON.parse(acceptance.results)).toMatchObject([
      { event_id: idOf(1), status: 'accepted' },
      { event_id: null, status: 'rejected' },
    ]);
    const again = await intake.acceptJson(Buffer.from(JSON.stringify(event)), 1, originOf());
    expect(again).toMatchObject({ durability: 'kafka', duplicates: 1, rejections: [] });
    expect(publisher.events()).toMatchObject([{ event_id: idOf(1), user_agent: 'Test "1"', is_bot: false }]);
  });

  it('does not resolve before its events are durable', async () => {
    const { intake, publisher } = intakeOf();
    publisher.hold();
    let isResolved = false;
    const accepted = intake.acceptValues([{ ...EVENT }], 100, originOf()).then(() => (isResolved = true));
    await new Promise(setImmediate);
    expect(isResolved).toBe(false);
    publisher.release();
    await accepted;
  });

  it('claims nothing of events that could not be made durable, and takes them when they come again', async () => {
    const { intake, publisher } = intakeOf();
    const event = { ...EVENT, event_id: idOf(1) };
    publisher.failure = 'spool-full';
    expect(await refusalOf(intake.acceptValues([{ ...event }], 100, originOf()))).toMatchObject({
      code: 'spool-full',
    });
    publisher.failure = undefined;
    const acceptance = await intake.acceptValues([{ ...event }], 100, originOf());
    expect(JSON.parse(acceptance.results)).toMatchObject([{ status: 'accepted' }]);
  });

  it('takes no event of a type that its ingress does not name, and keeps it with those of the first that it does', async () => {
    const { intake, publisher, rejected } = intakeOf(['page-view']);
    const acceptance = await intake.acceptValues(
      [{ event_type: 'page-view' }, { ...EVENT }],
      100,
      originOf(),
    );
    expect(acceptance.rejections).toMatchObject([{ code: 'event-type-not-taken', path: 'event_type' }]);
    expect(publisher.calls.map(({ topic }) => topic)).toEqual(['page-view']);
    expect(rejected.events).toMatchObject([{ code: 'event-type-not-taken', event: { color_name: 'navy' } }]);
  });

  it('refuses all when every event is rejected, with the reason of each', async () => {
    const { intake, publisher } = intakeOf();
    const refusal = await refusalOf(
      intake.acceptValues([17, { ...EVENT, color_name: 'pink' }], 9, originOf()),
    );
    expect(refusal).toMatchObject({
      code: 'all-events-rejected',
      rejections: [{ code: 'not-an-object' }, { code: 'color-unknown' }],
    });
    expect(JSON.parse(refusal.results!)).toHaveLength(2);
    expect(publisher.calls).toEqual([]);
  });

  it.each(['ahead of', 'behind'])(
    'refuses and is not ready while its clock is far %s the broker’s',
    async (side) => {
      const { intake, publisher, clock, readiness } = intakeOf();
      clock.aheadMs = (side === 'behind' ? -1 : 1) * (MAX_CLOCK_ERROR_MS + HOUR_MS);
      const refusal = await refusalOf(intake.acceptValues([{ ...EVENT }], 100, originOf()));
      expect(refusal.code).toBe('clock-wrong');
      expect(readiness.notReady()).toEqual({
        clock: `The clock of this machine is 13 h ${side} the broker's`,
      });
      expect(publisher.calls).toEqual([]);
      clock.aheadMs = 0;
      await intake.acceptValues([{ ...EVENT }], 100, originOf());
      expect(readiness.notReady()).toEqual({});
    },
  );

  it('ends the span of an origin with the code of its refusal', async () => {
    const { intake } = intakeOf();
    const tracer = new MemoryTracer();
    const origin = () => originOf({ span: tracer.start('accept', { kind: 'server' }) });
    await intake.acceptValues([{ ...EVENT }], 100, origin());
    await refusalOf(intake.acceptJson(Buffer.from('{'), 1, origin()));
    await refusalOf(intake.acceptJson(Buffer.from('[1,2]'), 1, origin()));
    expect(tracer.spans.map(({ outcome }) => outcome)).toEqual(['ok', 'malformed-json', 'too-many-events']);
  });
});
