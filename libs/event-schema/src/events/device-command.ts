import { EventType } from '../contract/event-type.decorator.ts';
import { Instant, Optional, Required, Text } from '../contract/field-rules.ts';
import { DeviceEvent } from './device-event.ts';

/** Its `event_id` is the id of the command. */
@EventType('device-command', 'Somebody asked a device to do something.', { key: ['device_id'] })
export class DeviceCommand extends DeviceEvent {
  declare event_type: 'device-command';

  @Required('what the device is to do: reboot')
  @Text({ min: 1, max: 128 })
  command!: string;

  /** Any JSON. No store has a column for a value of any form, so the contract leaves it to the rules of unknown fields. */
  declare arguments?: unknown;

  @Optional('when it is too late to do it')
  @Instant()
  expires_at?: string | null;
}
