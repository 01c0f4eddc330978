import { EventType } from '../contract/event-type.decorator.ts';
import { OneOf, Optional, Required, Text } from '../contract/field-rules.ts';
import { DeviceEvent } from './device-event.ts';

export const DEVICE_STATUSES = ['online', 'offline', 'silent'] as const;

@EventType('device-status', 'A device came, left, or fell silent.', { key: ['device_id'], ingress: 'mqtt' })
export class DeviceStatus extends DeviceEvent {
  declare event_type: 'device-status';

  @Required()
  @OneOf(DEVICE_STATUSES, 'value-unknown')
  status!: (typeof DEVICE_STATUSES)[number];

  @Optional('why: connected, disconnected, connection-lost, no-reading')
  @Text({ min: 1, max: 256 })
  reason?: string | null;
}
