import { Controller, Inject } from '@nestjs/common';
import { EventPattern } from '@nestjs/microservices';
import {
  hasOtherSpelling,
  Intake,
  IntakeRefusal,
  type IntakeRefusalCode,
  type Origin,
  parseAsSpelt,
} from '@pipeline/intake';
import { type Tracer, TRACER } from '@pipeline/observability';
import { type MqttMessage } from './mqtt/mqtt-adapter.ts';
import { MQTT } from './mqtt/mqtt-server.ts';
import { readStatus } from './presence/read-status.ts';
import { readReadings } from './readings/read-readings.ts';

/** A device that sends the same again is refused again: its message is acknowledged, and kept in `<topic>.rejected`. */
const FAULTS_OF_DEVICE: ReadonlySet<IntakeRefusalCode> = new Set([
  'malformed-json',
  'not-utf8',
  'no-events',
  'too-many-events',
  'all-events-rejected',
]);

/**
 * What devices say, on its way to Kafka. A handler resolves when every event of a message is durable or rejected for good, and
 * rejects with an IntakeRefusal if they cannot be made durable now.
 */
@Controller()
export class DevicesController {
  constructor(
    @Inject(Intake) private readonly intake: Intake,
    @Inject(TRACER) private readonly tracer: Tracer,
  ) {}

  @EventPattern('devices/+/readings', MQTT)
  takeReadings(message: MqttMessage): Promise<void> {
    const { payload } = message;
    const origin = this.originOf(message);
    const sent = parse(payload);
    // The intake says what is wrong with it, and keeps it.
    if (sent === undefined) return acknowledged(this.intake.acceptJson(payload, 1, origin));
    const spelt = hasOtherSpelling(payload)
      ? readReadings(parseAsSpelt(payload.toString()), message)
      : undefined;
    const events = readReadings(sent, message);
    return acknowledged(this.intake.acceptValues(events, payload.length, origin, spelt));
  }

  @EventPattern('devices/+/status', MQTT)
  takeStatus(message: MqttMessage): Promise<void> {
    const { payload, deviceId } = message;
    const sent = parse(payload);
    const event = readStatus(sent ?? payload.toString(), deviceId);
    const spelt =
      sent !== undefined && hasOtherSpelling(payload)
        ? [readStatus(parseAsSpelt(payload.toString()), deviceId)]
        : undefined;
    return acknowledged(this.intake.acceptValues([event], payload.length, this.originOf(message), spelt));
  }

  private originOf({ deviceId, receivedMs }: MqttMessage): Origin {
    const span = this.tracer.start('accept', { kind: 'server' });
    return { ingress: 'mqtt', receivedMs, span, client: deviceId, fields: {}, withheld: [] };
  }
}

async function acknowledged(acceptance: Promise<unknown>): Promise<void> {
  try {
    await acceptance;
  } catch (error) {
    if (!(error instanceof IntakeRefusal && FAULTS_OF_DEVICE.has(error.code))) throw error;
  }
}

/** @returns undefined for what is no JSON. */
function parse(payload: Buffer): unknown {
  try {
    return JSON.parse(payload.toString());
  } catch {
    return undefined;
  }
}
