import { COLORS, type Color } from './color.ts';
import { EventType } from '../contract/event-type.decorator.ts';
import { OneOf, Required, Shown, Text } from '../contract/field-rules.ts';
import { WebEvent } from './web-event.ts';

@EventType('select-color', 'A visitor chose their favourite colour.', { key: ['visitor_id', 'user_name'] })
export class SelectColor extends WebEvent {
  declare event_type: 'select-color';

  @Required('what the visitor typed')
  @Shown()
  @Text({ min: 1, max: 64, type: 'words' })
  user_name!: string;

  @Required()
  @OneOf(COLORS, 'color-unknown')
  color_name!: Color;
}
