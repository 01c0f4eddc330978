import { EventType } from '../contract/event-type.decorator.ts';
import { Decimal, Optional, Required, Text } from '../contract/field-rules.ts';
import { DeviceEvent } from './device-event.ts';

@EventType('device-reading', 'A device measured one metric.', { key: ['device_id'], ingress: 'mqtt' })
export class DeviceReading extends DeviceEvent {
  declare event_type: 'device-reading';

  @Required('what was measured: temperature')
  @Text({ min: 1, max: 128 })
  metric!: string;

  // The gateway sets exactly one of the two.
  @Optional('the measured number; 1 and 0 where the device said true and false')
  @Decimal()
  value?: number | null;

  @Optional('the measured text, where it is no number')
  @Text({ min: 0, max: 1_024 })
  text_value?: string | null;

  @Optional('unit of the number, of SenML or of the device: Cel')
  @Text({ min: 1, max: 32 })
  unit?: string | null;

  // Counters of devices have 32 bits and more.
  @Optional('sequence number of the device')
  @Decimal()
  seq?: number | null;
}
