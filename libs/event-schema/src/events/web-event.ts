import { Address, Optional, Text } from '../contract/field-rules.ts';
import { PipelineEvent } from './pipeline-event.ts';

/** What an event of a page may carry. */
export class WebEvent extends PipelineEvent {
  @Optional()
  @Address({ max: 2_048 })
  page_url?: string | null;

  @Optional('empty where the browser has none')
  @Address({ max: 2_048 })
  referrer?: string | null;

  @Optional()
  @Text({ min: 1, max: 128 })
  visitor_id?: string | null;

  @Optional()
  @Text({ min: 1, max: 128 })
  session_id?: string | null;
}
