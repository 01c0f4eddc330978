import { EventType } from '../contract/event-type.decorator.ts';
import {
  Nanoseconds,
  Optional,
  Properties,
  Prose,
  Required,
  Text,
  WholeNumber,
} from '../contract/field-rules.ts';
import { PipelineEvent } from './pipeline-event.ts';

/**
 * One record of a log, as OpenTelemetry has them. Its `event_id` follows from its content, and `occurred_at` is `time_unix_nano`
 * cut to milliseconds: the same record sent again is the same event on the same day.
 */
@EventType('log-record', 'A program or a device logged something.', {
  key: ['service_instance', 'host_name'],
  ingress: 'otlp',
})
export class LogRecord extends PipelineEvent {
  declare event_type: 'log-record';

  @Optional('when it happened, in nanoseconds since the epoch, else when the agent saw it')
  @Nanoseconds()
  time_unix_nano?: string | null;

  @Optional('1 to 24: trace, debug, info, warn, error, fatal, four steps each')
  @WholeNumber({ min: 1, max: 24 })
  severity_number?: number | null;

  @Optional('as its source calls it, else the name of the number')
  @Text({ min: 1, max: 64 })
  severity_text?: string | null;

  @Required('the message, or JSON where it is no text')
  @Prose()
  body!: string;

  @Optional('what kind of thing happened, where its source says so')
  @Text({ min: 1, max: 256 })
  event_name?: string | null;

  @Optional()
  @Text({ min: 1, max: 256 })
  service_name?: string | null;

  @Optional()
  @Text({ min: 1, max: 256 })
  service_instance?: string | null;

  @Optional()
  @Text({ min: 1, max: 256 })
  host_name?: string | null;

  @Optional('the logger, or the library that logs')
  @Text({ min: 1, max: 256 })
  scope_name?: string | null;

  @Optional('32 hexadecimal digits')
  @Text({ min: 32, max: 32 })
  trace_id?: string | null;

  @Optional('16 hexadecimal digits')
  @Text({ min: 16, max: 16 })
  span_id?: string | null;

  @Optional('of the record')
  @Properties()
  attributes?: Record<string, string | number | boolean> | null;

  @Optional('of what logged it: service, host, container')
  @Properties()
  resource_attributes?: Record<string, string | number | boolean> | null;
}
