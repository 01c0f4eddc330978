import { Required, Text } from '../contract/field-rules.ts';
import { PipelineEvent } from './pipeline-event.ts';

/** What an event of a device, or for one, carries. */
export class DeviceEvent extends PipelineEvent {
  @Required('the device, as its MQTT topics name it')
  @Text({ min: 1, max: 128 })
  device_id!: string;
}
