import { EventType } from '../contract/event-type.decorator.ts';
import { OneOf, Optional, Required, Text, Uuid } from '../contract/field-rules.ts';
import { DeviceEvent } from './device-event.ts';

export const COMMAND_OUTCOMES = ['succeeded', 'failed', 'expired', 'refused'] as const;

@EventType('device-command-result', 'A command to a device ended.', { key: ['device_id'], ingress: 'mqtt' })
export class DeviceCommandResult extends DeviceEvent {
  declare event_type: 'device-command-result';

  @Required('the `event_id` of the command')
  @Uuid()
  command_id!: string;

  @Required()
  @OneOf(COMMAND_OUTCOMES, 'value-unknown')
  status!: (typeof COMMAND_OUTCOMES)[number];

  @Optional('what the device said, or why there is no answer of it')
  @Text({ min: 1, max: 1_024 })
  message?: string | null;
}
